#pragma once

#include <cstdint>
#include <vector>

#include "tools/ingest/frames/frame.h"

namespace fasti::ingest {

// The element that stands where a match of the rule begins; null if all are found elsewhere.
const Element* FirstElement(const Rule& rule);

// The rules of a book by what they begin with, each with what it cannot do without.  A sentence has
// all the words for a few of the thousand rules of a language, and only those are tried.
class RuleIndex {
 public:
  // Of a book whose rules speak of classes below `class_count`; it must outlive the index.
  RuleIndex(const FrameBook& book, size_t class_count);

  class Candidates;

 private:
  // A class of words or, numbered after all classes, a kind of unit.
  using Feature = uint16_t;
  static constexpr Feature kEndOfChoice = UINT16_MAX;

  // A rule and its part of needs_.
  struct Entry {
    const Rule* rule = nullptr;
    uint64_t bits = 0;  // of the features that it needs and has no choice of
    uint32_t needs_begin = 0;
    uint32_t needs_end = 0;
  };

  Feature FeatureOf(Unit::Kind kind) const {
    return static_cast<Feature>(class_count_ + static_cast<size_t>(kind));
  }
  // Many features share a bit: what lacks the bit lacks the feature.
  static uint64_t BitOf(Feature feature) { return uint64_t{1} << (feature % 64); }
  void AddNeed(const Element& element, Entry& entry);

  const size_t class_count_;
  std::vector<std::vector<Entry>> by_feature_;
  std::vector<Feature> needs_;  // choices of features, each closed by kEndOfChoice
};

// Those rules that may match in one sentence.
class RuleIndex::Candidates {
 public:
  // Both must outlive the candidates.
  Candidates(const RuleIndex& index, const std::vector<Unit>& units);

  // The rules for which everything that they need stands at units[at] or after it, each once.
  const std::vector<const Rule*>& At(size_t at);

 private:
  void Add(Feature first, size_t at);

  const RuleIndex& index_;
  const std::vector<Unit>& units_;
  std::vector<size_t> bounds_;  // by feature: the place after the last unit that has it
  std::vector<uint64_t> bits_;  // by unit: of all features of it and of those after it
  std::vector<const Rule*> rules_;
};

}  // namespace fasti::ingest
