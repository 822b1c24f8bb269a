#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/ingest/clauses/chunker.h"

// What an article says of its organizations beside naming them: of what kind they are and where
// they are at home.  After "la tedesca Boreal" and "il produttore di chip Alvena", "il gruppo
// tedesco" means Boreal and "il produttore" Alvena, whoever was spoken of last.

namespace fasti::ingest {

// What one noun phrase says.
struct Description {
  std::set<int32_t> origins;        // canonical values of the class `origin`: countries
  std::vector<std::string> places;  // "di Menlo Park", "Leeds-based", "Münchner"
  std::vector<std::string> words;   // "produttore", but not "azienda", which any of them is

  // Whether it says where.
  bool identifies() const { return !origins.empty() || !places.empty(); }
};

// What is known of the organizations of one article, so far as it is read.
class Descriptions {
 public:
  // Both must outlive the descriptions.
  Descriptions(const Analysis& analysis, const CoreClasses& classes)
      : analysis_(analysis), classes_(classes) {}

  // Takes what the sentence says beside names and in appositions.
  void Learn(const Clauses& clauses);
  // What the noun phrase around units[at] says.
  Description Read(const Clauses& clauses, size_t at) const;

  // How much of what is `said` the article has said of the entity; 0 if it says where, and that
  // was not told of it; negative if it is at home elsewhere.
  int Agreement(uint32_t entity, const Description& said) const;
  // The organizations with whom most agrees; none if nothing does with any.
  std::vector<uint32_t> WhoIs(const Description& said) const;

 private:
  bool IsInside(const Unit& unit) const;
  void ReadUnit(const Unit& unit, Description& description) const;

  const Analysis& analysis_;
  const CoreClasses& classes_;
  std::map<uint32_t, Description> known_;
};

}  // namespace fasti::ingest
