#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/ingest/clauses/unit.h"
#include "tools/ingest/frames/frame.h"

namespace fasti::ingest {

// What fills a slot.
struct Filler {
  std::vector<uint32_t> entities;
  const QuantitySpan* figure = nullptr;
  double certainty = 1.0;
  bool contested = false;  // its noun tells which one it means, which nothing proves
  bool off_topic = false;  // found by the focus, though the article is about another
};

// One reading of a sentence by a rule.
struct Match {
  const Rule* rule = nullptr;
  size_t begin = 0;  // units [begin, end), without a subject found elsewhere
  size_t end = 0;
  size_t anchor = 0;          // the first unit that a word or a verb of the rule took
  std::vector<size_t> verbs;  // those whose tense and negation count
  std::map<std::string, Filler> fillers;
  std::map<std::string, std::string> captures;
  double certainty = 1.0;
};

// Where the value of the match stands; absent if it has none.
std::optional<size_t> UnitOfValue(const std::vector<Unit>& units, const Match& match);

}  // namespace fasti::ingest
