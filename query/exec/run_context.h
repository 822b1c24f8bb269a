#pragma once

#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fasti/session.h"
#include "fasti/transaction.h"
#include "query/base/interrupt.h"
#include "query/exec/edge_reader.h"
#include "query/exec/relations.h"
#include "query/function/context.h"
#include "query/plan/logical_plan.h"

namespace fasti::exec {

class Changes;
class SubplanRunner;

// What the operators of one run share: the state they read, parameters, limits, and the place of
// the statement's own writes.  It serves one run after the other.  Used by one thread.
class RunContext : public function::Context {
 public:
  // `changes` is null for a statement that only reads.  Both must outlive the context.
  RunContext(const plan::Plan& plan, Changes* changes);
  ~RunContext() override;

  // Starts a run.  The snapshot must outlive it.  REQUIRES for all that follows: a run is on.
  void Begin(const Snapshot& snapshot, const Parameters& parameters, const RunLimits& limits,
             const Interrupt& interrupt);
  // Lets go of all that the run brought.  REQUIRES: its operators have been rewound.
  void End();

  Instant now() const override { return now_; }
  Instant wall_clock() const override;
  double Random() const override;
  const Snapshot& snapshot() const override { return *snapshot_; }
  const View& view() const override { return *view_; }
  bool IsDeleted(EntityId node) const override;
  bool IsDeleted(const Fact& fact) const override;

  // The view that functions called from now on see; null: the default one.
  void SetView(const View* view) { view_ = view != nullptr ? view : &default_view_; }
  // Where the view number `cache` of the plan is kept once it has been evaluated.
  std::optional<View>& CachedView(int cache) { return views_[cache]; }

  // ParameterMissing if the run was not given it.
  absl::StatusOr<Value> Parameter(const plan::Expression& expression) const;
  // Variables of comprehensions, by number.
  Value& Local(plan::Slot number) { return locals_[number]; }
  SubplanRunner& RunnerOf(const plan::Subplan& subplan);
  // The relations that a pattern names, as they are now.  Holds until the next call.
  const Relations& RelationsOf(const plan::RelationFilter& filter);
  // Where expansions of the same kind keep what they read; null if they must not, since the view
  // differs from row to row or the statement writes.  For operators, as they are built.
  EdgeCache* EdgeCacheOf(const plan::RelationFilter& relations, plan::Direction direction,
                         const plan::ViewPtr& view);
  Changes* changes() const { return changes_; }

  // LimitError.Time or Cancelled.  Operators ask once per batch, and in long loops.
  absl::Status CheckInterrupt() const;
  // Accounts for memory that operators keep: LimitError.Memory if it is too much.
  absl::Status Charge(size_t bytes);
  // The same for memory that would only save time: false, and it is not accounted for, if it would
  // take what is kept over half of the limit.
  bool ChargeIfSpare(size_t bytes);
  void Release(size_t bytes) { charged_ -= bytes; }
  // The most that this run has kept at once.
  uint64_t charged_max() const { return charged_max_; }

 private:
  Changes* const changes_;
  const Snapshot* snapshot_ = nullptr;
  const std::vector<std::string>& parameter_names_;
  std::vector<std::optional<Value>> parameters_;  // by number; nullopt: not given to this run
  uint64_t memory_bytes_max_ = 0;
  std::optional<Interrupt> interrupt_;  // while a run is on
  Instant now_ = 0;
  const View default_view_;
  const View* view_ = &default_view_;
  std::vector<std::optional<View>> views_;
  std::vector<Value> locals_;
  absl::flat_hash_map<const plan::Subplan*, std::unique_ptr<SubplanRunner>> runners_;
  uint64_t charged_ = 0;
  uint64_t charged_max_ = 0;
  // Of the state `relations_of_`: without a commit no name comes or changes.
  absl::node_hash_map<const plan::RelationFilter*, Relations> relations_;
  Sequence relations_of_ = 0;
  // What was expanded, and by which part of which pattern.
  struct SharedEdges {
    const plan::RelationFilter& relations;
    plan::Direction direction;
    plan::ViewPtr view;
    std::unique_ptr<EdgeCache> cache;
  };
  std::vector<SharedEdges> edges_;
  mutable std::optional<std::mt19937_64> random_;
  mutable int interrupt_checks_ = 0;
};

// Memory that is accounted for while it is being filled.
class ScopedCharge {
 public:
  explicit ScopedCharge(RunContext& context) : context_(context) {}
  ~ScopedCharge() { Clear(); }
  ScopedCharge(const ScopedCharge&) = delete;
  ScopedCharge& operator=(const ScopedCharge&) = delete;

  absl::Status Add(size_t bytes) {
    bytes_ += bytes;
    return context_.Charge(bytes);
  }
  void Clear() { context_.Release(std::exchange(bytes_, 0)); }

 private:
  RunContext& context_;
  size_t bytes_ = 0;
};

// An error of the running statement, at a place of its text.
absl::Status RunError(absl::string_view code, const plan::Place& place, absl::string_view message);
// Gives an error of a function or of the engine a code and a place, where it lacks them.
absl::Status Located(absl::Status status, const plan::Place& place);

}  // namespace fasti::exec
