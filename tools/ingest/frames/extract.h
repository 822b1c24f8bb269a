#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fasti/fact.h"
#include "fasti/value.h"
#include "tools/ingest/discourse/scope.h"
#include "tools/ingest/frames/matcher.h"

namespace fasti::ingest {

// A fact that a sentence tells, in the entities of its article.
struct Finding {
  std::string relation;
  uint32_t subject = 0;
  std::optional<uint32_t> object;
  std::optional<Quantity> value;
  const TimeSpan* time = nullptr;  // of the Analysis
  Map qualifiers;
  Modality modality = Modality::kAsserted;
  double confidence = 0;
  std::string rule;
  uint32_t sentence = 0;
};

// Turns matches into facts: one for every pair of subject and object, with the figures of its
// clause that no slot took, the time told for it, and how firmly it is told.
class FindingBuilder {
 public:
  // The kind of each relation, which decides what times belong to it.
  using Kinds = std::map<std::string, RelationKind, std::less<>>;

  // All must outlive the builder.
  FindingBuilder(const FrameBook& book, const Lexicon& lexicon, const CoreClasses& classes,
                 const Kinds& kinds);

  // Appends the facts of `match`.
  void Build(const Clauses& clauses, const Names& names, const Match& match,
             std::vector<Finding>& findings) const;

 private:
  void TakeFigures(const Clauses& clauses, const Match& match, Map& qualifiers) const;
  const TimeSpan* FindTime(const Clauses& clauses, const Match& match) const;

  const FrameBook& book_;
  const CoreClasses& classes_;
  const Kinds& kinds_;
  const ScopeReader scope_;
  const ClassId compared_;  // "rispetto a": the time after it is not the fact's
};

}  // namespace fasti::ingest
