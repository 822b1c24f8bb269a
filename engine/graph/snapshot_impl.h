#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/graph/read_state.h"
#include "fasti/snapshot.h"
#include "fasti/transaction.h"

namespace fasti::graph {

// Answers questions to one ReadState: that of a snapshot, or the one a transaction writes on.
class SnapshotImpl final : public Snapshot {
 public:
  explicit SnapshotImpl(std::shared_ptr<const ReadState> state) : state_(std::move(state)) {}

  Sequence sequence() const override { return state_->sequence; }
  Instant now() const override { return state_->now; }

  absl::StatusOr<std::unique_ptr<FactCursor>> Scan(const Pattern& pattern) const override;
  absl::StatusOr<std::unique_ptr<EndsCursor>> ScanEnds(const Pattern& pattern) const override;
  absl::StatusOr<std::unique_ptr<FactCursor>> ScanByStart(const Pattern& pattern,
                                                          StartOrder order) const override;
  absl::StatusOr<StartCounts> CountByStart(const Pattern& pattern, Precision precision,
                                           const InterruptCheck& check) const override;
  absl::StatusOr<Fact> FindVersion(VersionId version) const override;
  absl::StatusOr<Fact> AsSeen(Fact fact, const View& view) const override;
  absl::StatusOr<Map> Qualifiers(const Fact& fact) const override;
  absl::StatusOr<std::vector<Claim>> Claims(const Fact& fact,
                                            const std::optional<Period>& as_of) const override;
  absl::StatusOr<Map> Figures(const Fact& fact, const std::optional<Period>& as_of,
                              std::optional<Policy> policy) const override;
  absl::StatusOr<Period> Recorded(const Fact& fact) const override;
  absl::StatusOr<bool> Withdrawn(const Fact& fact) const override;
  absl::StatusOr<std::vector<Fact>> Conflicts(const Fact& fact) const override;
  absl::StatusOr<std::vector<Fact>> Denied() const override;

  absl::StatusOr<Value> ValueOf(Term term) const override;
  absl::StatusOr<std::optional<Term>> FindTerm(const Value& value) const override;

  bool AnyMerged() const override { return state_->merges != nullptr; }
  absl::StatusOr<std::vector<EntityId>> Members(EntityId entity, const View& view) const override;
  absl::StatusOr<bool> Exists(EntityId entity) const override;
  using Snapshot::AllEntities;
  using Snapshot::EntitiesNamed;
  using Snapshot::EntitiesWithLabel;
  using Snapshot::Labels;
  absl::StatusOr<std::vector<EntityId>> AllEntities(const View& view) const override;
  absl::StatusOr<std::vector<EntityId>> EntitiesWithLabel(LabelId label,
                                                          const View& view) const override;
  absl::StatusOr<std::vector<LabelId>> Labels(EntityId entity, const View& view) const override;
  absl::StatusOr<Value> Attribute(EntityId entity, RelationId key, const View& view) const override;
  absl::StatusOr<Map> Attributes(EntityId entity, const View& view) const override;
  absl::StatusOr<std::vector<EntityId>> EntitiesNamed(absl::string_view name,
                                                      const View& view) const override;

  std::optional<RelationInfo> FindRelation(absl::string_view name) const override;
  std::optional<RelationInfo> FindAttribute(absl::string_view key) const override;
  std::optional<LabelInfo> FindLabel(absl::string_view name) const override;
  RelationInfo GetRelation(RelationId id) const override;
  LabelInfo GetLabel(LabelId id) const override;
  std::vector<RelationInfo> Relations() const override;
  std::vector<LabelInfo> AllLabels() const override;

  uint64_t EstimateFacts(const Pattern& pattern) const override;

  // For the other parts of the graph.
  const ReadState& state() const { return *state_; }
  // As FindVersion, with the ends that are stored, whatever they are one with.
  absl::StatusOr<Fact> FindStored(VersionId version) const;
  // The draft with the ends that are stored of the version it supersedes, where its own are one
  // with them: what replaces a fact is told of the same entities, whatever these are one with.
  absl::StatusOr<FactDraft> WithStoredEnds(FactDraft draft) const;
  // Of each entity that bears the name the least number under which it does: what is told of a
  // name stays with who bears it, should a merge be taken back.
  absl::StatusOr<std::vector<EntityId>> BearersOf(absl::string_view name) const;
  // Of numbers in ascending order, the first of those that are one.
  absl::StatusOr<std::vector<EntityId>> FirstOfEach(std::vector<EntityId> entities) const;
  // The record of family `extra` or `text` under `key`, also if the asking transaction has only
  // just written it; nullopt if there is none.
  absl::StatusOr<std::optional<std::string>> FindRecord(storage::Family family,
                                                        absl::string_view key) const;
  // Every such record whose key begins with `prefix`, in order of key.
  absl::Status ScanRecords(storage::Family family, absl::string_view prefix,
                           const std::function<absl::Status(absl::string_view key,
                                                            absl::string_view value)>& visit) const;

 private:
  // Calls visit(fact) for each row of the run that the filter lets pass.
  template <typename Visit>
  absl::Status VisitRun(const struct Run& run, const class ViewFilter& filter, Visit visit) const;
  // The same for each fact of the entity, or of one relation of it, that the view shows.
  template <typename Visit>
  absl::Status VisitEntity(EntityId entity, std::optional<RelationId> relation, const View& view,
                           Visit visit) const;
  // Calls visit(row) for each row of the run that is recorded in this state, known or not.
  template <typename Visit>
  absl::Status VisitRecorded(const struct Run& run, Visit visit) const;
  // The entities as they are given out in the view, each once and in order.
  absl::StatusOr<std::vector<EntityId>> AsOnes(std::vector<EntityId> entities,
                                               const View& view) const;

  const std::shared_ptr<const ReadState> state_;
};

}  // namespace fasti::graph
