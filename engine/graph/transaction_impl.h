#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/graph/block_source.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/read_state.h"
#include "engine/graph/snapshot_impl.h"
#include "engine/graph/write_set.h"
#include "fasti/transaction.h"

namespace fasti::graph {

// Writes into an overlay of its own, above the state it began with, so that it sees what it wrote.
// Its rows have their final versions from the start, because nobody else can take numbers while it
// holds the writer's place.
class TransactionImpl final : public Transaction {
 public:
  // Waits for the writer's place.  What is passed by reference must outlive the transaction; `use`
  // is ReadState::use.
  static absl::StatusOr<std::unique_ptr<TransactionImpl>> Begin(const storage::Store& store,
                                                                const Dictionary& dictionary,
                                                                CommitQueue& queue,
                                                                SharedBlocks& blocks,
                                                                std::shared_ptr<const void> use);
  ~TransactionImpl() override;

  const SnapshotImpl& view() const override { return view_; }

  absl::StatusOr<RelationId> InternRelation(absl::string_view name) override;
  absl::StatusOr<RelationId> InternAttribute(absl::string_view key) override;
  absl::StatusOr<LabelId> InternLabel(absl::string_view name) override;
  absl::Status DeclareRelation(const RelationInfo& info) override;
  absl::Status DeclareLabel(absl::string_view name, absl::string_view parent) override;

  absl::StatusOr<EntityId> CreateEntity() override;
  // What is recorded of the entity but not known now (reports that were denied, or not published
  // yet) goes with it.
  absl::Status DeleteEntity(EntityId entity) override;
  absl::Status AddLabel(EntityId entity, LabelId label) override;
  absl::Status RemoveLabel(EntityId entity, LabelId label) override;

  absl::StatusOr<Fact> Assert(const FactDraft& draft) override;
  absl::Status Retract(VersionId version) override;
  absl::Status SetAttribute(EntityId entity, RelationId key, const Value& value) override;

  absl::StatusOr<ReportSummary> Report(const fasti::Report& report) override;
  absl::StatusOr<Fact> AddClaim(const FactDraft& draft, const Claim& claim) override;
  absl::Status RetractSource(EntityId source) override;
  absl::StatusOr<EntityId> InternSource(const Source& source) override;

  absl::StatusOr<Fact> Merge(EntityId a, EntityId b, Instant known_from, Instant known_to,
                             absl::string_view note) override;

  absl::StatusOr<Sequence> Commit() override;

  // For the part of the graph that turns claims into facts.

  // As Assert, for a fact that rests on claims if `has_claims`.
  absl::StatusOr<Fact> AssertVersion(const FactDraft& draft, bool has_claims);
  // The next number of the log, for a claim.
  Sequence TakeSequence() { return state_->sequence = head_.next_sequence++; }
  // A record of family `extra` or `text`, visible in view() at once.  REQUIRES: no record of that
  // key exists.  A value over the limit of the store is refused by Commit, and all else with it.
  void PutRecord(storage::Family family, absl::string_view key, absl::string_view value);
  // The term of a literal, interned if new.  INVALID_ARGUMENT for what no attribute can hold.
  absl::StatusOr<Term> InternTerm(const Value& value);
  // The commit that carried this batch id before, if one did; and the mark of this one.
  absl::StatusOr<std::optional<Sequence>> FindBatch(uint64_t batch_id) {
    return queue_.FindBatch(batch_id);
  }
  void SetBatch(uint64_t batch_id) { writes_->batch_id = batch_id; }

 private:
  TransactionImpl(CommitQueue& queue, const CommitQueue::Begun& begun,
                  std::shared_ptr<WriteSet> writes, std::shared_ptr<ReadState> state);

  Catalog& MutableCatalog();
  absl::StatusOr<RelationId> InternName(absl::string_view name, bool is_attribute);
  absl::Status CheckDeclaration(const RelationInfo& info) const;
  absl::Status CheckEntity(EntityId entity);
  // Appends a row with the next version; `row` has everything but that and, if new, the lineage.
  Row AppendVersion(Row row);
  void AppendRetraction(Row row);
  void Append(const Row& row);
  // The rows of everything that is one with the entity, of one relation or of all.
  absl::StatusOr<std::vector<Row>> RowsOfOne(codec::Order order, EntityId entity,
                                             std::optional<RelationId> relation) const;
  absl::Status CheckMergeable(EntityId entity);
  absl::Status RetractAll(const std::vector<Row>& rows);
  void Finish();

  CommitQueue& queue_;
  Head head_;  // behind this transaction
  const std::shared_ptr<WriteSet> writes_;
  const std::shared_ptr<ReadState> state_;
  const SnapshotImpl view_;
  std::shared_ptr<Catalog> own_catalog_;  // null: no name was added
  absl::Status refused_;                  // why Commit must fail; OK: no reason yet
  bool finished_ = false;
};

}  // namespace fasti::graph
