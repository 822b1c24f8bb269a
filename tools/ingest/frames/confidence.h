#pragma once

#include <cstdint>

// How sure it is that a fact was read right, from what can be said of its reading without knowing
// whether it was.  Each kind of evidence has a weight; the weights add up to log-odds.

namespace fasti::ingest {

struct Evidence {
  double fit = 1;          // of the rule: its own confidence, gaps, guesses; above 0
  uint32_t rare = 0;       // parties that the article names only once
  uint32_t others = 0;     // further organizations that its sentence names
  bool off_topic = false;  // a party is of the sentences before, and not what the article is about
  bool contested = false;  // "the Carrow group": nothing proves that it means the party
  bool asserted = true;
  bool repeated = false;  // another sentence tells it too
};

// Between 0 and 1; from 0.5 on facts are stored, unless asked otherwise.
double ConfidenceOf(const Evidence& evidence);

}  // namespace fasti::ingest
