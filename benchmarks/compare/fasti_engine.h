#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "benchmarks/compare/engine.h"
#include "fasti/database.h"

namespace fasti::bench {

// Fasti through its own calls; how the numbers of the comparison and the ids of the database
// belong together is shared with the engine that asks in the query language.
class FastiEngine : public Engine {
 public:
  explicit FastiEngine(std::string directory) : directory_(std::move(directory)) {}

  absl::Status Load(const std::string& facts) override { return LoadInParallel(facts, 1); }
  absl::Status LoadInParallel(const std::string& facts, int threads) override;
  absl::Status Open(Mode mode) override;
  absl::Status Ask(const Question& question, Answer* answer) override;
  absl::StatusOr<std::unique_ptr<Writer>> NewWriter() override;
  absl::Status Close() override;

 protected:
  // Entities and relations are made in the order of their numbers.
  EntityId EntityOf(uint32_t number) const { return static_cast<EntityId>(number + 1); }
  uint32_t NumberOf(EntityId entity) const { return static_cast<uint32_t>(Raw(entity)) - 1; }
  RelationId RelationOf(uint32_t number) const { return relations_[number]; }
  FactRow RowOf(const Fact& fact) const;
  Database& database() { return *database_; }

 private:
  friend class FastiWriter;

  absl::Status AskWindow(const Question& question, Answer* answer);
  absl::Status AskTop(const Question& question, Answer* answer);
  absl::Status AskMonths(const Question& question, Answer* answer);
  absl::Status AskTwoHops(const Question& question, Answer* answer);
  absl::Status AskPaths(const Question& question, Answer* answer);
  absl::Status AskLast(const Question& question, Answer* answer);
  template <typename Visit>
  absl::Status ForEach(const Pattern& pattern, Visit visit);
  template <typename Visit>
  absl::Status ReadAll(FactCursor& cursor, Visit visit);

  // A fact of a walk, and the places of those from one entity in a list.
  struct Step {
    EntityId object;
    Instant from, to;
  };
  struct IndexRange {
    size_t begin = 0, end = 0;
  };

  const std::string directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Snapshot> snapshot_;  // of the opening; of each question once somebody writes
  bool written_ = false;
  std::vector<Fact> buffer_;
  std::vector<uint32_t> counts_;  // by entity, for the top list; all zero in between
  std::vector<Step> steps_;       // of the walks of one question
  absl::flat_hash_map<EntityId, IndexRange> steps_of_;
  std::vector<RelationId> relations_;
  std::vector<uint32_t> number_of_relation_;  // by id
};

Period DaysPeriod(Day from, Day to);

}  // namespace fasti::bench
