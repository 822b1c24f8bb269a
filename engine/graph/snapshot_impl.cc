#include "engine/graph/snapshot_impl.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/text.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/term.h"
#include "engine/graph/attribute_choice.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/fact_scan.h"
#include "engine/graph/figures.h"
#include "engine/graph/label_term.h"
#include "engine/graph/name_index.h"
#include "engine/graph/run_cursor.h"
#include "engine/graph/scan_prefix.h"
#include "engine/graph/start_count.h"
#include "engine/graph/start_scan.h"
#include "engine/graph/state_view.h"
#include "engine/graph/statistics.h"
#include "engine/graph/story.h"
#include "engine/graph/time_index.h"
#include "engine/graph/view_filter.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;

Run EntityRun(EntityId entity, std::optional<RelationId> relation) {
  Run run{.order = Order::kOut, .anchor = Raw(entity), .relation = {}};
  if (relation.has_value()) run.relation = Raw(*relation);
  return run;
}

// Empty if it is alone.
absl::Span<const EntityId> MembersIn(const Identity* identity, EntityId entity) {
  return identity == nullptr ? absl::Span<const EntityId>() : identity->MembersOf(entity);
}

// Attributes without a condition on valid time show what began by now.
Instant BeganBy(const View& view, Instant now) {
  return view.valid.empty() ? now : kInstantMax;
}

void SortUnique(std::vector<EntityId>* entities) {
  std::sort(entities->begin(), entities->end());
  entities->erase(std::unique(entities->begin(), entities->end()), entities->end());
}

template <typename Info>
std::optional<Info> Copy(const Info* info) {
  if (info == nullptr) return std::nullopt;
  return *info;
}

}  // namespace

template <typename Visit>
absl::Status SnapshotImpl::VisitRun(const Run& run, const ViewFilter& filter, Visit visit) const {
  BlockCursor blocks(state_->blocks);
  RunCursor cursor(*state_, blocks, run, filter.valid_ranges());
  return cursor.ForEach([&](const Row& row) {
    return filter.Passes(row) ? visit(filter.ToFact(row)) : absl::OkStatus();
  });
}

template <typename Visit>
absl::Status SnapshotImpl::VisitEntity(EntityId entity, std::optional<RelationId> relation,
                                       const View& view, Visit visit) const {
  FASTI_ASSIGN_OR_RETURN(const RecordedRange recorded, ResolveRecorded(*state_, view.as_recorded));
  const ViewFilter filter = FilterOf(*state_, view, recorded);
  const absl::Span<const EntityId> members = MembersIn(filter.identity(), entity);
  if (members.empty()) return VisitRun(EntityRun(entity, relation), filter, visit);
  for (const EntityId member : members) {
    FASTI_RETURN_IF_ERROR(VisitRun(EntityRun(member, relation), filter, visit));
  }
  return absl::OkStatus();
}

template <typename Visit>
absl::Status SnapshotImpl::VisitRecorded(const Run& run, Visit visit) const {
  BlockCursor blocks(state_->blocks);
  RunCursor cursor(*state_, blocks, run, nullptr);
  return cursor.ForEach([&](const Row& row) {
    return VisibleAt(row, state_->sequence) ? visit(row) : absl::OkStatus();
  });
}

absl::StatusOr<std::unique_ptr<FactCursor>> SnapshotImpl::Scan(const Pattern& pattern) const {
  return OpenScan<Fact>(state_, pattern);
}

absl::StatusOr<std::unique_ptr<EndsCursor>> SnapshotImpl::ScanEnds(const Pattern& pattern) const {
  return OpenScan<FactEnds>(state_, pattern);
}

absl::StatusOr<std::unique_ptr<FactCursor>> SnapshotImpl::ScanByStart(const Pattern& pattern,
                                                                      StartOrder order) const {
  return StartScan::Open(state_, pattern, order);
}

absl::StatusOr<StartCounts> SnapshotImpl::CountByStart(const Pattern& pattern, Precision precision,
                                                       const InterruptCheck& check) const {
  return CountFactsByStart(*state_, pattern, precision, check);
}

absl::StatusOr<Fact> SnapshotImpl::FindVersion(VersionId version) const {
  FASTI_ASSIGN_OR_RETURN(Fact fact, FindStored(version));
  return AsSeen(std::move(fact), View());
}

absl::StatusOr<Fact> SnapshotImpl::AsSeen(Fact fact, const View& view) const {
  if (state_->merges == nullptr || fact.relation == kSameAs) return fact;
  FASTI_ASSIGN_OR_RETURN(const Fact stored, FindStored(fact.version));
  fact.subject = stored.subject;
  fact.object = stored.object;
  FASTI_ASSIGN_OR_RETURN(const std::shared_ptr<const Identity> identity, IdentityIn(*state_, view));
  if (identity == nullptr) return fact;
  fact.subject = identity->Of(fact.subject);
  if (fact.object.is_entity()) fact.object = Term::Entity(identity->Of(fact.object.entity()));
  return fact;
}

absl::StatusOr<FactDraft> SnapshotImpl::WithStoredEnds(FactDraft draft) const {
  if (draft.supersedes == VersionId::kNone || state_->merges == nullptr) return draft;
  FASTI_ASSIGN_OR_RETURN(const Fact stored, FindStored(draft.supersedes));
  FASTI_ASSIGN_OR_RETURN(const std::shared_ptr<const Identity> identity,
                         IdentityIn(*state_, View()));
  const auto are_one = [&](EntityId a, EntityId b) {
    return identity != nullptr && identity->Of(a) == identity->Of(b);
  };
  if (are_one(draft.subject, stored.subject)) draft.subject = stored.subject;
  if (draft.object.is(Value::Kind::kNode) && stored.object.is_entity() &&
      are_one(draft.object.as_node(), stored.object.entity())) {
    draft.object = Value(stored.object.entity());
  }
  return draft;
}

absl::StatusOr<Fact> SnapshotImpl::FindStored(VersionId version) const {
  std::optional<Row> row;
  if (Raw(version) <= state_->sequence) {
    FASTI_ASSIGN_OR_RETURN(row, FindRow(*state_, Raw(version)));
  }
  if (!row.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no version ", Raw(version)));
  }
  const ViewFilter all({}, state_->catalog, state_->sequence, {}, state_->now);
  return all.ToFact(*row);
}

absl::StatusOr<Map> SnapshotImpl::Qualifiers(const Fact& fact) const {
  if (!fact.has_qualifiers) return Map();
  FASTI_ASSIGN_OR_RETURN(
      const std::optional<std::string> bytes,
      FindRecord(storage::Family::kExtra, codec::VersionExtraKey(Raw(fact.version))));
  if (!bytes.has_value()) {
    return absl::DataLossError(
        absl::StrCat("the qualifiers of version ", Raw(fact.version), " are missing"));
  }
  FASTI_ASSIGN_OR_RETURN(codec::VersionExtra extra, codec::DecodeVersionExtra(*bytes));
  return std::move(extra.qualifiers);
}

absl::StatusOr<Period> SnapshotImpl::Recorded(const Fact& fact) const {
  Period recorded;
  FASTI_ASSIGN_OR_RETURN(recorded.from, CommitTime(*state_, Raw(fact.version)));
  recorded.from_precision = Precision::kMicrosecond;
  if (fact.gone != 0 && fact.gone <= state_->sequence) {
    FASTI_ASSIGN_OR_RETURN(recorded.to, CommitTime(*state_, fact.gone));
    recorded.to_precision = Precision::kMicrosecond;
  }
  return recorded;
}

absl::StatusOr<bool> SnapshotImpl::Withdrawn(const Fact& fact) const {
  bool recorded = false;
  FASTI_ASSIGN_OR_RETURN(const Fact stored, AsSeen(fact, {.apart = true}));
  FASTI_RETURN_IF_ERROR(
      VisitRecorded(EntityRun(stored.subject, fact.relation), [&](const Row& row) -> absl::Status {
        recorded = recorded || row.lineage == Raw(fact.lineage);
        return absl::OkStatus();
      }));
  return !recorded;
}

absl::StatusOr<std::vector<Fact>> SnapshotImpl::Conflicts(const Fact& asked) const {
  std::vector<Fact> conflicts;
  // As it is seen now, like those that it may contradict.
  FASTI_ASSIGN_OR_RETURN(const Fact fact, AsSeen(asked, View()));
  const RelationInfo* relation = state_->catalog->GetRelation(fact.relation);
  if (relation == nullptr || !relation->functional) return conflicts;
  FASTI_ASSIGN_OR_RETURN(const Map qualifiers, Qualifiers(fact));
  FASTI_RETURN_IF_ERROR(
      VisitEntity(fact.subject, fact.relation, View(), [&](const Fact& other) -> absl::Status {
        if (other.object == fact.object || other.lineage == fact.lineage) return absl::OkStatus();
        if (!MayOverlap(fact.valid, other.valid) || Succeeds(fact.valid, other.valid) ||
            Succeeds(other.valid, fact.valid)) {
          return absl::OkStatus();
        }
        FASTI_ASSIGN_OR_RETURN(const Map other_qualifiers, Qualifiers(other));
        if (SameValue(Value(qualifiers), Value(other_qualifiers))) conflicts.push_back(other);
        return absl::OkStatus();
      }));
  return conflicts;
}

absl::StatusOr<Value> SnapshotImpl::ValueOf(Term term) const {
  return TermValue(*state_, term);
}

absl::StatusOr<std::optional<Term>> SnapshotImpl::FindTerm(const Value& value) const {
  if (value.is_null()) return std::nullopt;
  if (const std::optional<Term> term = codec::InlineTerm(value)) return term;
  const absl::StatusOr<std::string> bytes = codec::EncodeLiteral(value);
  // What no attribute can hold is the object of no fact.
  if (absl::IsInvalidArgument(bytes.status())) return std::nullopt;
  FASTI_RETURN_IF_ERROR(bytes.status());
  FASTI_ASSIGN_OR_RETURN(const std::optional<uint64_t> literal,
                         state_->dictionary.Find(*bytes, state_->own_literals()));
  if (!literal.has_value()) return std::nullopt;
  return codec::DictionaryTerm(*literal);
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::Members(EntityId entity,
                                                            const View& view) const {
  FASTI_ASSIGN_OR_RETURN(const std::shared_ptr<const Identity> identity, IdentityIn(*state_, view));
  const absl::Span<const EntityId> members = MembersIn(identity.get(), entity);
  if (members.empty()) return std::vector<EntityId>{entity};
  return std::vector<EntityId>(members.begin(), members.end());
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::AsOnes(std::vector<EntityId> entities,
                                                           const View& view) const {
  FASTI_ASSIGN_OR_RETURN(const std::shared_ptr<const Identity> identity, IdentityIn(*state_, view));
  if (identity != nullptr) {
    for (EntityId& entity : entities) entity = identity->Of(entity);
  }
  SortUnique(&entities);
  return entities;
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::FirstOfEach(
    std::vector<EntityId> entities) const {
  FASTI_ASSIGN_OR_RETURN(const std::shared_ptr<const Identity> identity,
                         IdentityIn(*state_, View()));
  if (identity == nullptr || entities.size() <= 1) return entities;
  absl::flat_hash_set<EntityId> met;
  std::erase_if(entities,
                [&](EntityId entity) { return !met.insert(identity->Of(entity)).second; });
  return entities;
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::BearersOf(absl::string_view name) const {
  FASTI_ASSIGN_OR_RETURN(std::vector<EntityId> bearers, EntitiesNamed(name, {.apart = true}));
  return FirstOfEach(std::move(bearers));
}

absl::StatusOr<bool> SnapshotImpl::Exists(EntityId entity) const {
  bool exists = false;
  FASTI_RETURN_IF_ERROR(VisitRecorded(EntityRun(entity, kExists), [&](const Row&) -> absl::Status {
    exists = true;
    return absl::OkStatus();
  }));
  return exists;
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::AllEntities(const View& view) const {
  std::vector<EntityId> entities;
  FASTI_RETURN_IF_ERROR(VisitRecorded({.order = Order::kRel, .anchor = 0, .relation = Raw(kExists)},
                                      [&](const Row& row) -> absl::Status {
                                        entities.push_back(static_cast<EntityId>(row.subject));
                                        return absl::OkStatus();
                                      }));
  return AsOnes(std::move(entities), view);
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::EntitiesWithLabel(LabelId label,
                                                                      const View& view) const {
  std::vector<EntityId> entities;
  for (const LabelId subtype : state_->catalog->Subtypes(label)) {
    const Run run{
        .order = Order::kIn, .anchor = LabelTerm(subtype).bits(), .relation = Raw(kLabel)};
    FASTI_RETURN_IF_ERROR(VisitRecorded(run, [&](const Row& row) -> absl::Status {
      entities.push_back(static_cast<EntityId>(row.subject));
      return absl::OkStatus();
    }));
  }
  return AsOnes(std::move(entities), view);
}

absl::StatusOr<std::vector<LabelId>> SnapshotImpl::Labels(EntityId entity, const View& view) const {
  std::vector<LabelId> labels;
  const auto add = [&](EntityId member) {
    return VisitRecorded(EntityRun(member, kLabel), [&](const Row& row) -> absl::Status {
      FASTI_ASSIGN_OR_RETURN(const LabelId label, LabelOf(Term::FromBits(row.object)));
      labels.push_back(label);
      return absl::OkStatus();
    });
  };
  FASTI_ASSIGN_OR_RETURN(const std::shared_ptr<const Identity> identity, IdentityIn(*state_, view));
  const absl::Span<const EntityId> members = MembersIn(identity.get(), entity);
  if (members.empty()) FASTI_RETURN_IF_ERROR(add(entity));
  for (const EntityId member : members) FASTI_RETURN_IF_ERROR(add(member));
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

absl::StatusOr<Value> SnapshotImpl::Attribute(EntityId entity, RelationId key,
                                              const View& view) const {
  AttributeChoice choice(*state_, BeganBy(view, state_->now));
  FASTI_RETURN_IF_ERROR(
      VisitEntity(entity, key, AttributeView(view), [&](const Fact& fact) -> absl::Status {
        return fact.has_qualifiers ? absl::OkStatus() : choice.Offer(fact);
      }));
  return choice.Choose();
}

absl::StatusOr<Map> SnapshotImpl::Attributes(EntityId entity, const View& view) const {
  std::map<RelationId, AttributeChoice> choices;
  FASTI_RETURN_IF_ERROR(
      VisitEntity(entity, std::nullopt, AttributeView(view), [&](const Fact& fact) -> absl::Status {
        if (fact.object.is_entity() || fact.has_qualifiers) return absl::OkStatus();
        return choices.try_emplace(fact.relation, *state_, BeganBy(view, state_->now))
            .first->second.Offer(fact);
      }));
  Map attributes;
  for (const auto& [key, choice] : choices) {
    FASTI_ASSIGN_OR_RETURN(Value value, choice.Choose());
    if (!value.is_null()) attributes[GetRelation(key).name] = std::move(value);
  }
  return attributes;
}

absl::StatusOr<std::vector<EntityId>> SnapshotImpl::EntitiesNamed(absl::string_view name,
                                                                  const View& view) const {
  std::vector<EntityId> entities;
  const std::optional<std::string> folded = FoldedName(name);
  if (!folded.has_value()) return entities;
  FASTI_ASSIGN_OR_RETURN(const std::vector<uint64_t> literals,
                         state_->dictionary.FindFolded(*folded, state_->own_literals()));
  FASTI_ASSIGN_OR_RETURN(const RecordedRange recorded, ResolveRecorded(*state_, view.as_recorded));
  const ViewFilter filter = FilterOf(*state_, view, recorded);
  for (const absl::string_view key : kNameKeys) {
    const RelationInfo* relation = state_->catalog->FindAttribute(key);
    if (relation == nullptr) continue;
    for (const uint64_t literal : literals) {
      const Run run{.order = Order::kIn,
                    .anchor = codec::DictionaryTerm(literal).bits(),
                    .relation = Raw(relation->id)};
      FASTI_RETURN_IF_ERROR(VisitRun(run, filter, [&](const Fact& fact) -> absl::Status {
        entities.push_back(fact.subject);
        return absl::OkStatus();
      }));
    }
  }
  SortUnique(&entities);
  return entities;
}

std::optional<RelationInfo> SnapshotImpl::FindRelation(absl::string_view name) const {
  return Copy(state_->catalog->FindRelation(name));
}
std::optional<RelationInfo> SnapshotImpl::FindAttribute(absl::string_view key) const {
  return Copy(state_->catalog->FindAttribute(key));
}
std::optional<LabelInfo> SnapshotImpl::FindLabel(absl::string_view name) const {
  return Copy(state_->catalog->FindLabel(name));
}

RelationInfo SnapshotImpl::GetRelation(RelationId id) const {
  const RelationInfo* info = state_->catalog->GetRelation(id);
  FASTI_CHECK(info != nullptr);
  return *info;
}

LabelInfo SnapshotImpl::GetLabel(LabelId id) const {
  const LabelInfo* info = state_->catalog->GetLabel(id);
  FASTI_CHECK(info != nullptr);
  return *info;
}

std::vector<RelationInfo> SnapshotImpl::Relations() const {
  return state_->catalog->Relations();
}
std::vector<LabelInfo> SnapshotImpl::AllLabels() const {
  return state_->catalog->labels();
}

uint64_t SnapshotImpl::EstimateFacts(const Pattern& pattern) const {
  constexpr uint64_t kBlocksMax = 64;
  return EstimateRows(*state_, pattern, kBlocksMax);
}

absl::StatusOr<std::optional<std::string>> SnapshotImpl::FindRecord(storage::Family family,
                                                                    absl::string_view key) const {
  if (state_->own == nullptr) {
    absl::StatusOr<std::string> value = state_->store.Get(family, key);
    if (absl::IsNotFound(value.status())) return std::nullopt;
    FASTI_RETURN_IF_ERROR(value.status());
    return *std::move(value);
  }
  std::optional<std::string> found;
  FASTI_RETURN_IF_ERROR(
      ScanRecords(family, key, [&](absl::string_view other, absl::string_view value) {
        if (other == key) found = std::string(value);
        return absl::OkStatus();
      }));
  return found;
}

absl::Status SnapshotImpl::ScanRecords(
    storage::Family family, absl::string_view prefix,
    const std::function<absl::Status(absl::string_view, absl::string_view)>& visit) const {
  if (state_->own == nullptr) return ScanPrefix(state_->store, family, prefix, visit);
  // A transaction sees three layers: the store, what earlier commits have on its way there, and
  // its own.  The same record may be met in the first two.
  RecordMap found = state_->pending_records(family, prefix);
  const RecordMap& own = state_->own->records;
  for (auto it = own.lower_bound({family, std::string(prefix)});
       it != own.end() && it->first.first == family && absl::StartsWith(it->first.second, prefix);
       ++it) {
    found.insert_or_assign(it->first, it->second);
  }
  FASTI_RETURN_IF_ERROR(ScanPrefix(state_->store, family, prefix,
                                   [&](absl::string_view key, absl::string_view value) {
                                     found.try_emplace({family, std::string(key)}, value);
                                     return absl::OkStatus();
                                   }));
  for (const auto& [key, value] : found) FASTI_RETURN_IF_ERROR(visit(key.second, value));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Claim>> SnapshotImpl::Claims(const Fact& fact,
                                                        const std::optional<Period>& as_of) const {
  std::vector<Claim> claims;
  if (!fact.has_claims) return claims;
  FASTI_ASSIGN_OR_RETURN(std::vector<ToldClaim> told,
                         ClaimBook(*this).ClaimsOf(fact.lineage, Value()));
  std::sort(told.begin(), told.end(), PublishedBefore);
  for (ToldClaim& claim : told) {
    if (!claim.is_own_record() && KnownBy(claim.claim, as_of, now())) {
      claims.push_back(std::move(claim.claim));
    }
  }
  return claims;
}

absl::StatusOr<Map> SnapshotImpl::Figures(const Fact& fact, const std::optional<Period>& as_of,
                                          std::optional<Policy> policy) const {
  if (!fact.has_claims) return Map();
  FASTI_ASSIGN_OR_RETURN(const std::vector<ToldClaim> told,
                         ClaimBook(*this).ClaimsOf(fact.lineage, Value()));
  return ResolveFigures(SupportsKnown(told, as_of, now()),
                        policy.value_or(GetRelation(fact.relation).policy));
}

absl::StatusOr<std::vector<Fact>> SnapshotImpl::Denied() const {
  std::vector<Fact> denied;
  const ViewFilter filter = FilterOf(*state_, View(), {state_->sequence, state_->sequence});
  for (const RelationInfo& relation : Relations()) {
    const Run run{.order = Order::kRel, .anchor = 0, .relation = Raw(relation.id)};
    FASTI_RETURN_IF_ERROR(VisitRecorded(run, [&](const Row& row) -> absl::Status {
      const Fact fact = filter.ToFact(row);
      if (fact.modality == Modality::kDenied) denied.push_back(fact);
      return absl::OkStatus();
    }));
  }
  return denied;
}

}  // namespace fasti::graph
