#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fasti/fact.h"
#include "fasti/value.h"
#include "tools/ingest/discourse/scope.h"
#include "tools/ingest/frames/confidence.h"
#include "tools/ingest/frames/match.h"
#include "tools/ingest/frames/time_finder.h"

namespace fasti::ingest {

// A fact that a sentence tells, in the entities of its article.
struct Finding {
  std::string relation;
  uint32_t subject = 0;
  std::optional<uint32_t> object;
  std::optional<Quantity> value;
  const QuantitySpan* figure = nullptr;  // of the Analysis: where `value` stands
  const QuantitySpan* amount = nullptr;  // of the Analysis: the sum that the event is about
  bool amount_by_rule = false;           // a slot of the rule took it, not its nearness
  size_t amount_distance = 0;            // in units; how near it is
  const TimeSpan* time = nullptr;        // of the Analysis
  Map qualifiers;
  Modality modality = Modality::kAsserted;
  Evidence evidence;
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
  // What speaks for and against `finding`, whose parties `match` found.
  static void Weigh(const Clauses& clauses, const Names& names, const Match& match,
                    Finding& finding);
  // Gives `finding` the figures of its clause that no slot took.
  void TakeFigures(const Clauses& clauses, const Match& match, Finding& finding) const;

  const FrameBook& book_;
  const CoreClasses& classes_;
  const Kinds& kinds_;
  const ScopeReader scope_;
  const TimeFinder times_;
};

// A figure says one thing.  Of the findings from `first` on (those of one sentence) drops a metric
// whose figure is the sum of an event, or is told more surely as another metric, of another
// subject, or as another measure.
void KeepOneFactPerFigure(std::vector<Finding>& findings, size_t first);

}  // namespace fasti::ingest
