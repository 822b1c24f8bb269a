#include "engine/graph/transaction_impl.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/term.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/draft_check.h"
#include "engine/graph/label_term.h"
#include "engine/graph/merges.h"
#include "engine/graph/name_index.h"
#include "engine/graph/recorded_rows.h"
#include "engine/graph/report.h"
#include "engine/graph/source_book.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;

Run EntityRun(EntityId entity, RelationId relation) {
  return {.order = Order::kOut, .anchor = Raw(entity), .relation = Raw(relation)};
}

bool KnownAt(const Row& row, Instant now) {
  return row.known_from <= now && row.known_to > now;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TransactionImpl>> TransactionImpl::Begin(
    const storage::Store& store, const Dictionary& dictionary, CommitQueue& queue,
    SharedBlocks& blocks, std::shared_ptr<const void> use) {
  FASTI_ASSIGN_OR_RETURN(const CommitQueue::Begun begun, queue.Begin());
  auto writes = std::make_shared<WriteSet>();
  Layers layers = begun.layers;
  layers.overlays.insert(layers.overlays.begin(), writes->rows);
  std::shared_ptr<ReadState> state(
      new ReadState{.store = store,
                    .dictionary = dictionary,
                    .layers = std::move(layers),
                    .sequence = begun.head.next_sequence - 1,
                    .now = begun.now,
                    .catalog = begun.head.catalog,
                    .merges = begun.head.merges,
                    .own = writes.get(),
                    .own_first = begun.head.next_sequence,
                    .pending_records =
                        [&queue](storage::Family family, absl::string_view prefix) {
                          return queue.PendingRecords(family, prefix);
                        },
                    .settle = [&queue] { return queue.Settle(); },
                    .use = std::move(use),
                    .blocks = blocks.For(begun.layers.base, begun.now)});
  return std::unique_ptr<TransactionImpl>(
      new TransactionImpl(queue, begun, std::move(writes), std::move(state)));
}

TransactionImpl::TransactionImpl(CommitQueue& queue, const CommitQueue::Begun& begun,
                                 std::shared_ptr<WriteSet> writes, std::shared_ptr<ReadState> state)
    : queue_(queue),
      head_(begun.head),
      writes_(std::move(writes)),
      state_(std::move(state)),
      view_(state_) {}

TransactionImpl::~TransactionImpl() {
  if (!finished_) queue_.Abandon();
}

// From here on the transaction reads nothing, so that it does not keep the database from closing.
void TransactionImpl::Finish() {
  finished_ = true;
  state_->blocks.reset();
  state_->use.reset();
}

Catalog& TransactionImpl::MutableCatalog() {
  // Three of the references are ours; more are scans, which keep the names they were opened with.
  if (own_catalog_ == nullptr || own_catalog_.use_count() > 3) {
    own_catalog_ = std::make_shared<Catalog>(*head_.catalog);
    head_.catalog = own_catalog_;
    state_->catalog = own_catalog_;
  }
  return *own_catalog_;
}

absl::StatusOr<RelationId> TransactionImpl::InternName(absl::string_view name, bool is_attribute) {
  const Catalog& catalog = *head_.catalog;
  const RelationInfo* known =
      is_attribute ? catalog.FindAttribute(name) : catalog.FindRelation(name);
  if (known != nullptr) return known->id;
  FASTI_RETURN_IF_ERROR(CheckName(is_attribute ? "attribute" : "relation", name));
  const RelationId id =
      MutableCatalog().Put({.name = std::string(name), .is_attribute = is_attribute});
  writes_->relations.insert(id);
  return id;
}

absl::StatusOr<RelationId> TransactionImpl::InternRelation(absl::string_view name) {
  return InternName(name, false);
}

absl::StatusOr<RelationId> TransactionImpl::InternAttribute(absl::string_view key) {
  return InternName(key, true);
}

absl::StatusOr<LabelId> TransactionImpl::InternLabel(absl::string_view name) {
  if (const LabelInfo* known = head_.catalog->FindLabel(name)) return known->id;
  FASTI_RETURN_IF_ERROR(CheckName("label", name));
  const LabelId id = MutableCatalog().Put(LabelInfo{.name = std::string(name)});
  writes_->labels.insert(id);
  return id;
}

absl::Status TransactionImpl::CheckDeclaration(const RelationInfo& info) const {
  FASTI_RETURN_IF_ERROR(CheckRelation(info));
  const RelationInfo* known = info.is_attribute ? head_.catalog->FindAttribute(info.name)
                                                : head_.catalog->FindRelation(info.name);
  if (known == nullptr || info.kind != RelationKind::kEvent || known->kind == info.kind) {
    return absl::OkStatus();
  }
  const Run run{.order = Order::kRel, .anchor = 0, .relation = Raw(known->id)};
  FASTI_ASSIGN_OR_RETURN(const std::vector<Row> rows, RecordedRows(*state_, run));
  for (const Row& row : rows) {
    const Period valid = RowValid(row, Reading::kEvent);
    if (valid.from_precision == Precision::kOpen || valid.to_precision == Precision::kOpen) {
      return absl::FailedPreconditionError(
          absl::StrCat("'", info.name, "' cannot become an EVENT: version ", row.version,
                       " has an open end, ", FormatPeriod(valid)));
    }
  }
  return absl::OkStatus();
}

absl::Status TransactionImpl::DeclareRelation(const RelationInfo& info) {
  FASTI_RETURN_IF_ERROR(CheckDeclaration(info));
  FASTI_ASSIGN_OR_RETURN(const RelationId id, InternName(info.name, info.is_attribute));
  RelationInfo declared = info;
  declared.id = id;
  MutableCatalog().Put(std::move(declared));
  writes_->relations.insert(id);
  return absl::OkStatus();
}

absl::Status TransactionImpl::DeclareLabel(absl::string_view name, absl::string_view parent) {
  FASTI_ASSIGN_OR_RETURN(const LabelId id, InternLabel(name));
  LabelInfo declared = *head_.catalog->GetLabel(id);
  if (parent.empty()) {
    declared.parent = LabelId::kNone;
  } else {
    FASTI_ASSIGN_OR_RETURN(declared.parent, InternLabel(parent));
    if (head_.catalog->IsA(declared.parent, id)) {
      return absl::FailedPreconditionError(
          absl::StrCat("'", name, "' cannot be a '", parent, "', which is a '", name, "' itself"));
    }
  }
  MutableCatalog().Put(std::move(declared));
  writes_->labels.insert(id);
  return absl::OkStatus();
}

Row TransactionImpl::AppendVersion(Row row) {
  row.version = TakeSequence();
  if (row.lineage == 0) row.lineage = row.version;
  Append(row);
  return row;
}

void TransactionImpl::AppendRetraction(Row row) {
  if (row.relation == Raw(kExists)) {
    queue_.known_entities().Remove(static_cast<EntityId>(row.subject));
  }
  row.gone = TakeSequence();
  Append(row);
}

void TransactionImpl::Append(const Row& row) {
  writes_->rows->AppendUnlinked(row);
  if (row.relation != Raw(kSameAs)) return;
  head_.merges = Merges::With(head_.merges, {row});
  state_->merges = head_.merges;
}

absl::Status TransactionImpl::RetractAll(const std::vector<Row>& rows) {
  for (const Row& row : rows) AppendRetraction(row);
  return absl::OkStatus();
}

absl::Status TransactionImpl::CheckEntity(EntityId entity) {
  KnownEntities& known = queue_.known_entities();
  if (known.Contains(entity)) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const bool exists, view_.Exists(entity));
  if (!exists) return absl::NotFoundError(absl::StrCat("there is no entity ", Raw(entity)));
  known.Add(entity);
  return absl::OkStatus();
}

absl::StatusOr<EntityId> TransactionImpl::CreateEntity() {
  const EntityId entity = static_cast<EntityId>(head_.next_entity++);
  AppendVersion(TimelessRow(entity, kExists, Term()));
  queue_.known_entities().Add(entity);
  return entity;
}

absl::Status TransactionImpl::DeleteEntity(EntityId entity) {
  FASTI_RETURN_IF_ERROR(CheckEntity(entity));
  std::vector<Row> rows;
  for (const std::optional<RelationId> relation :
       {std::optional<RelationId>(), std::optional(kExists), std::optional(kLabel),
        std::optional(kSameAs)}) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Row> more, RowsOfOne(Order::kOut, entity, relation));
    rows.insert(rows.end(), more.begin(), more.end());
  }
  absl::flat_hash_set<uint64_t> met;  // going out: a loop is met from both ends
  for (const Row& row : rows) met.insert(row.version);
  for (const std::optional<RelationId> relation :
       {std::optional<RelationId>(), std::optional(kSameAs)}) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Row> more, RowsOfOne(Order::kIn, entity, relation));
    for (const Row& row : more) {
      if (met.insert(row.version).second) rows.push_back(row);
    }
  }
  for (const Row& row : rows) {
    if (row.relation >= Raw(kFirstUserRelation) && Term::FromBits(row.object).is_entity() &&
        KnownAt(row, state_->now)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "entity ", Raw(entity), " still has relationships, among them version ", row.version));
    }
  }
  return RetractAll(rows);
}

absl::Status TransactionImpl::AddLabel(EntityId entity, LabelId label) {
  FASTI_RETURN_IF_ERROR(CheckEntity(entity));
  if (head_.catalog->GetLabel(label) == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("there is no label ", Raw(label)));
  }
  FASTI_ASSIGN_OR_RETURN(const std::vector<Row> rows,
                         RecordedRows(*state_, EntityRun(entity, kLabel)));
  const uint64_t object = LabelTerm(label).bits();
  for (const Row& row : rows) {
    if (row.object == object) return absl::OkStatus();
  }
  AppendVersion(TimelessRow(entity, kLabel, Term::FromBits(object)));
  return absl::OkStatus();
}

absl::Status TransactionImpl::RemoveLabel(EntityId entity, LabelId label) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<Row> rows, RowsOfOne(Order::kOut, entity, kLabel));
  for (const Row& row : rows) {
    if (row.object == LabelTerm(label).bits()) AppendRetraction(row);
  }
  return absl::OkStatus();
}

absl::StatusOr<Term> TransactionImpl::InternTerm(const Value& value) {
  if (const std::optional<Term> term = codec::InlineTerm(value)) return *term;
  FASTI_ASSIGN_OR_RETURN(std::string bytes, codec::EncodeLiteral(value));
  LiteralWrites& literals = writes_->literals;
  FASTI_ASSIGN_OR_RETURN(const std::optional<uint64_t> known,
                         state_->dictionary.Find(bytes, &literals));
  if (known.has_value()) return codec::DictionaryTerm(*known);
  const uint64_t literal = head_.next_literal++;
  literals.values.emplace(literal, value);
  literals.ids.emplace(std::move(bytes), literal);
  return codec::DictionaryTerm(literal);
}

absl::StatusOr<Fact> TransactionImpl::Assert(const FactDraft& draft) {
  if (state_->merges == nullptr) return AssertVersion(draft, false);
  FASTI_ASSIGN_OR_RETURN(const FactDraft stored, view_.WithStoredEnds(draft));
  FASTI_ASSIGN_OR_RETURN(Fact fact, AssertVersion(stored, false));
  return view_.AsSeen(std::move(fact), View());
}

absl::StatusOr<Fact> TransactionImpl::AssertVersion(const FactDraft& draft, bool has_claims) {
  const RelationInfo* relation = head_.catalog->GetRelation(draft.relation);
  if (relation == nullptr || Raw(draft.relation) < Raw(kFirstUserRelation)) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no relation ", Raw(draft.relation), " for facts"));
  }
  FASTI_RETURN_IF_ERROR(CheckDraft(draft, *relation));
  FASTI_RETURN_IF_ERROR(CheckEntity(draft.subject));
  if (draft.object.is(Value::Kind::kNode)) {
    FASTI_RETURN_IF_ERROR(CheckEntity(draft.object.as_node()));
  }

  Row row{.subject = Raw(draft.subject), .relation = Raw(draft.relation)};
  row.known_from = draft.known_from;
  row.known_to = draft.known_to;
  if (draft.supersedes != VersionId::kNone) {
    FASTI_ASSIGN_OR_RETURN(const Fact old, view_.FindStored(draft.supersedes));
    if (old.subject != draft.subject || old.relation != draft.relation) {
      return absl::InvalidArgumentError(
          absl::StrCat("version ", Raw(draft.supersedes),
                       " can only be superseded by a fact of its subject and relation"));
    }
    row.lineage = Raw(old.lineage);
  }
  std::string extra;
  if (!draft.qualifiers.empty() || draft.supersedes != VersionId::kNone) {
    FASTI_ASSIGN_OR_RETURN(extra, codec::EncodeVersionExtra({.qualifiers = draft.qualifiers,
                                                             .supersedes = Raw(draft.supersedes)}));
    FASTI_RETURN_IF_ERROR(CheckRecordSize("qualifiers", extra));
  }
  FASTI_ASSIGN_OR_RETURN(const Term object, InternTerm(draft.object));
  row.object = object.bits();
  row.flags = MakeFlags(draft.valid.from_precision, draft.valid.to_precision, draft.modality,
                        !draft.qualifiers.empty(), has_claims);
  SetRowValid(draft.valid, &row);

  // Nothing can fail from here on.
  if (IsNameKey(relation->name) && draft.object.is(Value::Kind::kString)) {
    if (const std::optional<std::string> folded = FoldedName(draft.object.as_string())) {
      writes_->literals.folded.insert({*folded, codec::LiteralOf(object)});
    }
  }
  row = AppendVersion(row);
  if (!extra.empty()) {
    PutRecord(storage::Family::kExtra, codec::VersionExtraKey(row.version), extra);
  }
  return ToFact(row, ReadingOf(relation->kind));
}

absl::Status TransactionImpl::Retract(VersionId version) {
  std::optional<Row> row;
  if (Raw(version) <= state_->sequence) {
    FASTI_ASSIGN_OR_RETURN(row, FindRow(*state_, Raw(version)));
  }
  if (!row.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no version ", Raw(version)));
  }
  if (row->gone == 0) AppendRetraction(*row);
  return absl::OkStatus();
}

absl::Status TransactionImpl::SetAttribute(EntityId entity, RelationId key, const Value& value) {
  FASTI_RETURN_IF_ERROR(CheckEntity(entity));
  FASTI_ASSIGN_OR_RETURN(const std::vector<Row> rows, RowsOfOne(Order::kOut, entity, key));
  FactDraft draft{.subject = entity, .relation = key, .object = value};
  std::vector<Row> replaced;
  for (const Row& row : rows) {
    if ((row.flags & kHasQualifiers) != 0) continue;
    replaced.push_back(row);
    if (draft.supersedes == VersionId::kNone && row.subject == Raw(entity))
      draft.supersedes = static_cast<VersionId>(row.version);
  }
  // The new version first: if it is refused, the old ones stay.
  if (!value.is_null()) FASTI_RETURN_IF_ERROR(Assert(draft).status());
  return RetractAll(replaced);
}

absl::StatusOr<std::vector<Row>> TransactionImpl::RowsOfOne(
    Order order, EntityId entity, std::optional<RelationId> relation) const {
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> members, view_.Members(entity, View()));
  std::vector<Row> rows;
  Run run{.order = order, .anchor = 0, .relation = {}};
  if (relation.has_value()) run.relation = Raw(*relation);
  for (const EntityId member : members) {
    run.anchor = order == Order::kOut ? Raw(member) : Term::Entity(member).bits();
    FASTI_ASSIGN_OR_RETURN(const std::vector<Row> more, RecordedRows(*state_, run));
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

absl::Status TransactionImpl::CheckMergeable(EntityId entity) {
  FASTI_RETURN_IF_ERROR(CheckEntity(entity));
  const LabelInfo* const source = head_.catalog->FindLabel(kSourceLabel);
  if (source == nullptr) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, view_.Labels(entity, {.apart = true}));
  if (!absl::c_linear_search(labels, source->id)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("entity ", Raw(entity), " is a source, which is told from others by its key"));
}

absl::StatusOr<Fact> TransactionImpl::Merge(EntityId a, EntityId b, Instant known_from,
                                            Instant known_to, absl::string_view note) {
  if (a == b) {
    return absl::InvalidArgumentError(absl::StrCat("entity ", Raw(a), " is itself"));
  }
  if (known_from >= known_to) {
    return absl::InvalidArgumentError("merge: expected a known period that ends after it begins");
  }
  FASTI_RETURN_IF_ERROR(CheckMergeable(a));
  FASTI_RETURN_IF_ERROR(CheckMergeable(b));
  if (const absl::Status valid = CheckLiteral(Value(note)); !valid.ok()) {
    return absl::Status(valid.code(), absl::StrCat("note: ", valid.message()));
  }
  Row row = TimelessRow(std::min(a, b), kSameAs, Term::Entity(std::max(a, b)));
  row.known_from = known_from;
  row.known_to = known_to;
  std::string extra;
  if (!note.empty()) {
    FASTI_ASSIGN_OR_RETURN(extra,
                           codec::EncodeVersionExtra({.qualifiers = {{"note", Value(note)}}}));
    FASTI_RETURN_IF_ERROR(CheckRecordSize("note", extra));
    row.flags |= kHasQualifiers;
  }
  row = AppendVersion(row);
  if (!extra.empty()) {
    PutRecord(storage::Family::kExtra, codec::VersionExtraKey(row.version), extra);
  }
  return ToFact(row, Reading::kState);
}

void TransactionImpl::PutRecord(storage::Family family, absl::string_view key,
                                absl::string_view value) {
  if (absl::Status status = CheckRecordSize("record", value); !status.ok()) {
    refused_.Update(status);
    return;
  }
  const bool inserted = writes_->records.try_emplace({family, std::string(key)}, value).second;
  FASTI_CHECK(inserted);
}

absl::StatusOr<Sequence> TransactionImpl::Commit() {
  FASTI_CHECK(!finished_);
  Finish();
  if (!refused_.ok()) {
    queue_.Abandon();
    return refused_;
  }
  const WriteSet& writes = *writes_;
  if (writes.rows->empty() && writes.records.empty() && writes.relations.empty() &&
      writes.labels.empty() && writes.batch_id == 0) {
    // Nothing was written; what was read may still be on its way to the disk.
    queue_.Abandon();
    FASTI_RETURN_IF_ERROR(queue_.Settle());
    return state_->sequence;
  }
  return queue_.Commit(writes_, head_);
}

absl::StatusOr<ReportSummary> TransactionImpl::Report(const fasti::Report& report) {
  return Reporter(this).Run(report);
}

absl::StatusOr<Fact> TransactionImpl::AddClaim(const FactDraft& draft, const Claim& claim) {
  return Reporter(this).AddClaim(draft, claim);
}

absl::Status TransactionImpl::RetractSource(EntityId source) {
  return Reporter(this).RetractSource(source);
}

absl::StatusOr<EntityId> TransactionImpl::InternSource(const Source& source) {
  return graph::InternSource(source, this);
}

}  // namespace fasti::graph
