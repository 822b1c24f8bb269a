#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "fasti/fact.h"
#include "fasti/pattern.h"
#include "fasti/period.h"
#include "fasti/value.h"

// What a database is meant to be, as one list of rows that every question walks from end to end:
// no index, no cache, no order.  It shares with the engine only the public values and the
// comparisons of periods, which have tests of their own.

namespace fasti::testing {

class ReferenceHistory {
 public:
  struct Row {
    uint64_t version = 0;
    uint64_t gone = 0;
    uint64_t lineage = 0;
    EntityId subject = EntityId::kNone;
    RelationId relation = RelationId::kNone;
    Value object;
    Period valid;
    Instant known_from = kInstantMin;
    Instant known_to = kInstantMax;
  };

  // The state a question is asked to.
  struct State {
    uint64_t sequence = 0;
    Instant now = 0;
  };

  std::vector<Row> rows;
  std::map<uint64_t, Instant> commit_times;  // by last sequence of the commit
  std::map<RelationId, Reading> readings;

  // Versions of the rows that a pattern matches; `object` stands for pattern.object.
  std::vector<uint64_t> Find(const Pattern& pattern, const Value* object,
                             const State& state) const {
    std::vector<uint64_t> found;
    for (const Row& row : rows) {
      if (Matches(row, pattern, object, state)) found.push_back(row.version);
    }
    return found;
  }

  Instant CommitTime(uint64_t sequence) const { return commit_times.lower_bound(sequence)->second; }

 private:
  bool Matches(const Row& row, const Pattern& pattern, const Value* object,
               const State& state) const {
    if (pattern.subject.has_value() && row.subject != *pattern.subject) return false;
    if (object != nullptr && !SameValue(row.object, *object)) return false;
    if (pattern.relations.empty()) {
      const bool is_node = row.object.is(Value::Kind::kNode);
      if (is_node ? !pattern.relationships : !pattern.attributes) return false;
    } else {
      bool named = false;
      for (const RelationId relation : pattern.relations) named |= relation == row.relation;
      if (!named) return false;
    }
    return IsRecorded(row, pattern.view, state) && IsKnown(row, pattern.view, state) &&
           IsValid(row, pattern.view);
  }

  bool IsRecorded(const Row& row, const View& view, const State& state) const {
    if (row.version > state.sequence) return false;
    const bool is_gone = row.gone != 0 && row.gone <= state.sequence;
    if (!view.as_recorded.has_value()) return !is_gone;
    return CommitTime(row.version) < view.as_recorded->to &&
           (!is_gone || CommitTime(row.gone) > view.as_recorded->from);
  }

  static bool IsKnown(const Row& row, const View& view, const State& state) {
    if (!view.as_of.has_value()) return row.known_from <= state.now && state.now < row.known_to;
    return row.known_from < view.as_of->to && view.as_of->from < row.known_to;
  }

  bool IsValid(const Row& row, const View& view) const {
    const auto reading = readings.find(row.relation);
    const Period valid =
        row.valid.As(reading == readings.end() ? Reading::kState : reading->second);
    for (const ValidTest& test : view.valid) {
      switch (test.kind) {
        case ValidTest::Kind::kAt:
          if (Overlaps(valid, test.scope) == Truth::kFalse) return false;
          break;
        case ValidTest::Kind::kDuring:
          if (During(valid, test.scope) != Truth::kTrue) return false;
          break;
        case ValidTest::Kind::kBefore:
          if (Before(valid, test.scope) != Truth::kTrue) return false;
          break;
        case ValidTest::Kind::kAfter:
          if (After(valid, test.scope) != Truth::kTrue) return false;
          break;
      }
    }
    return true;
  }
};

}  // namespace fasti::testing
