#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "fasti/period.h"

// Files of facts and articles with planted defects, by somebody who knows the truth about each
// line.  Shares no code with what reads such files.

namespace fasti::torture {

struct PlantedFact {
  std::string subject, relation, object;
  Period valid;

  friend bool operator<(const PlantedFact& a, const PlantedFact& b);
  friend bool operator==(const PlantedFact& a, const PlantedFact& b);
};
std::string Describe(const PlantedFact& fact);

struct DefectiveLines {
  std::string text;                         // of the file
  std::vector<PlantedFact> facts;           // sorted
  std::map<uint64_t, std::string> defects;  // line, from 1 on, to what is wrong with it
};

// So many lines, of which so many are defective, at random places.  Good lines are of all sorts:
// names in many scripts and as long as they may be, dates of every precision, either newline, with
// or without one at the end and a byte order mark at the beginning.
DefectiveLines MakeDefectiveLines(uint64_t lines, uint64_t defects, std::mt19937_64* random);

// The same of JSON lines with an article each, which have no facts here.
DefectiveLines MakeDefectiveArticles(uint64_t lines, uint64_t defects, std::mt19937_64* random);

}  // namespace fasti::torture
