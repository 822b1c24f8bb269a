#include "engine/graph/report.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "engine/graph/draft_check.h"
#include "engine/graph/source_book.h"
#include "engine/graph/verdict.h"
#include "fasti/status_macros.h"

namespace fasti::graph {
namespace {

// Whether a span lies in `text` and cuts no character.
bool IsPlace(const Span& span, absl::string_view text) {
  const auto is_border = [text](size_t at) {
    return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
  };
  return span.end <= text.size() && is_border(span.begin) && is_border(span.end);
}

absl::Status CheckStatement(const Statement& statement, const Source& source) {
  FASTI_RETURN_IF_ERROR(CheckName("relation", statement.relation));
  if (statement.valid) FASTI_RETURN_IF_ERROR(CheckPeriod(*statement.valid));
  if (!(statement.confidence >= 0 && statement.confidence <= 1)) {
    return absl::InvalidArgumentError("confidence: expected a number from 0 to 1");
  }
  for (const std::string* text : {&statement.text, &statement.extractor}) {
    if (FindInvalidUtf8(*text)) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected valid UTF-8 text, found '", Excerpt(*text), "'"));
    }
  }
  if (statement.span.begin > statement.span.end ||
      (!source.text.empty() && !IsPlace(statement.span, source.text))) {
    return absl::InvalidArgumentError(absl::StrCat("span ", statement.span.begin, " to ",
                                                   statement.span.end,
                                                   ": expected a place in the source's text"));
  }
  if (const Value* literal = std::get_if<Value>(&statement.object)) {
    if (literal->is_null())
      return absl::InvalidArgumentError("object: expected a value, found null");
    FASTI_RETURN_IF_ERROR(CheckLiteral(*literal));
  }
  for (const auto& [key, value] : statement.qualifiers) {
    FASTI_RETURN_IF_ERROR(CheckName("qualifier", key));
    if (key == kValueFigure) {
      return absl::InvalidArgumentError("qualifier 'value': this name is the metric's own figure");
    }
    if (!value.is_null()) FASTI_RETURN_IF_ERROR(CheckLiteral(value));
  }
  return absl::OkStatus();
}

// What all claims of a source have in common.
ToldClaim ClaimOf(const Source& source, EntityId entity, std::string key, Instant now) {
  ToldClaim base;
  base.claim.source = entity;
  base.claim.published = source.published     ? *source.published
                         : source.report_date ? *source.report_date
                                              : Period::Unknown();
  // An undated source counts from its commit.
  base.claim.known_from = base.claim.published.has_start() ? base.claim.published.from : now;
  base.source_key = std::move(key);
  return base;
}

// The time as it is stored, where the relation gives the reading.  An event happened once, so an
// end of it that is said to be open is one that nobody told.
Period ValidOf(const std::optional<Period>& told, RelationKind kind) {
  Period valid = told.value_or(Period::Unknown()).As(Reading::kExact);
  if (kind != RelationKind::kEvent) return valid;
  if (valid.from_precision == Precision::kOpen) valid.from_precision = Precision::kUnknown;
  if (valid.to_precision == Precision::kOpen) valid.to_precision = Precision::kUnknown;
  return valid;
}

std::string SentenceOf(const Statement& statement, const Source& source) {
  if (!statement.text.empty() || source.text.empty()) return statement.text;
  return source.text.substr(statement.span.begin, statement.span.end - statement.span.begin);
}

// The ends of a SYMMETRIC relation in the one order in which its facts are stored.
void OrderEnds(const RelationInfo& relation, EntityId* subject, Value* object) {
  if (!relation.symmetric || !object->is(Value::Kind::kNode)) return;
  const EntityId other = object->as_node();
  if (other >= *subject) return;
  *object = Value(*subject);
  *subject = other;
}

// Sets the parts of key and claim that depend on whether the object belongs to the fact or, as the
// value of a METRIC, to the claim.
void SetObject(const RelationInfo& relation, Value object, StoryKey* key, ToldClaim* told) {
  if (relation.kind == RelationKind::kMetric) {
    told->claim.figures[kValueFigure] = std::move(object);
    return;
  }
  if (!SpansObjects(relation)) key->object = object;
  told->object = std::move(object);
}

}  // namespace

absl::StatusOr<ReportSummary> Reporter::Run(const Report& report) {
  ReportSummary summary;
  if (report.batch_id != 0) {
    FASTI_ASSIGN_OR_RETURN(const std::optional<Sequence> earlier,
                           transaction_.FindBatch(report.batch_id));
    if (earlier) {
      summary.sequence = *earlier;
      summary.outcomes.assign(report.statements.size(),
                              {.verdict = Verdict::kSame, .repeated = true});
      return summary;
    }
    transaction_.SetBatch(report.batch_id);
  }
  for (size_t i = 0; i < report.statements.size(); ++i) {
    const absl::Status status = CheckStatement(report.statements[i], report.source);
    if (!status.ok()) {
      return absl::Status(status.code(), absl::StrCat("statement ", i, ": ", status.message()));
    }
  }
  FASTI_ASSIGN_OR_RETURN(summary.source, InternSource(report.source, &transaction_));
  FASTI_ASSIGN_OR_RETURN(std::string key, book_.SourceKey(summary.source));
  const ToldClaim base =
      ClaimOf(report.source, summary.source, std::move(key), transaction_.view().now());

  std::vector<Placed> places;
  for (const Statement& statement : report.statements) {
    FASTI_ASSIGN_OR_RETURN(std::optional<Told> told,
                           Understand(statement, report.source, base, &summary));
    Placed placed;
    if (told) {
      FASTI_ASSIGN_OR_RETURN(placed, Place(*std::move(told)));
      if (!placed.repeated) ++summary.claims_added;
    }
    places.push_back(placed);
  }
  for (auto& [story_key, story] : stories_) FASTI_RETURN_IF_ERROR(story.Write());
  for (const Placed& placed : places) summary.outcomes.push_back(OutcomeOf(placed));
  summary.entities_created = names_.created();
  summary.sequence = transaction_.view().sequence();
  return summary;
}

absl::StatusOr<std::optional<Reporter::Told>> Reporter::Understand(const Statement& statement,
                                                                   const Source& source,
                                                                   const ToldClaim& base,
                                                                   ReportSummary* summary) {
  Told told;
  bool inverse = false;
  FASTI_ASSIGN_OR_RETURN(told.relation, RelationOf(statement, &inverse));
  // Both names are looked at before an entity is made for either.
  const EntityName* object_name = std::get_if<EntityName>(&statement.object);
  FASTI_ASSIGN_OR_RETURN(bool ambiguous, IsAmbiguous(statement.subject, summary));
  if (object_name != nullptr) {
    FASTI_ASSIGN_OR_RETURN(const bool other, IsAmbiguous(*object_name, summary));
    ambiguous |= other;
  }
  if (ambiguous) return std::nullopt;
  FASTI_ASSIGN_OR_RETURN(const EntityId subject, names_.Resolve(statement.subject));
  Value object;
  if (object_name != nullptr) {
    FASTI_ASSIGN_OR_RETURN(const EntityId entity, names_.Resolve(*object_name));
    object = Value(entity);
  } else {
    object = std::get<Value>(statement.object);
  }

  told.key.subject = subject;
  told.key.relation = told.relation.id;
  if (inverse) {
    told.key.subject = object.as_node();
    object = Value(subject);
  }
  OrderEnds(told.relation, &told.key.subject, &object);
  told.claim = base;
  Claim& claim = told.claim.claim;
  const std::vector<std::string>& keys = told.relation.key_qualifiers;
  for (const auto& [key, value] : statement.qualifiers) {
    if (value.is_null()) continue;
    const bool identifies = std::find(keys.begin(), keys.end(), key) != keys.end();
    (identifies ? told.key.qualifiers : claim.figures)[key] = value;
  }
  SetObject(told.relation, std::move(object), &told.key, &told.claim);
  claim.text = SentenceOf(statement, source);
  claim.span = statement.span;
  claim.valid = ValidOf(statement.valid, told.relation.kind);
  claim.stance = statement.stance;
  claim.modality = statement.modality;
  claim.confidence = statement.confidence;
  claim.extractor = statement.extractor;
  return told;
}

absl::StatusOr<bool> Reporter::IsAmbiguous(const EntityName& name, ReportSummary* summary) {
  FASTI_ASSIGN_OR_RETURN(std::vector<EntityId> entities, names_.Find(name));
  if (entities.size() <= 1) return false;
  const bool listed = std::any_of(
      summary->ambiguous.begin(), summary->ambiguous.end(),
      [&](const ReportSummary::Ambiguous& ambiguous) { return ambiguous.name == name.name; });
  if (!listed) summary->ambiguous.push_back({name.name, std::move(entities)});
  return true;
}

absl::StatusOr<RelationInfo> Reporter::RelationOf(const Statement& statement, bool* inverse) {
  const Catalog& catalog = *transaction_.view().state().catalog;
  RelationId id = RelationId::kNone;
  if (std::holds_alternative<Value>(statement.object)) {
    FASTI_ASSIGN_OR_RETURN(id, transaction_.InternAttribute(statement.relation));
  } else {
    if (catalog.FindRelation(statement.relation) == nullptr) {
      for (const RelationInfo& relation : catalog.Relations()) {
        if (relation.inverse != statement.relation) continue;
        *inverse = true;
        return relation;
      }
      const RelationInfo* attribute = catalog.FindAttribute(statement.relation);
      if (attribute != nullptr && attribute->kind == RelationKind::kMetric) {
        return absl::InvalidArgumentError(absl::StrCat(
            "'", statement.relation, "' is a METRIC: expected a value as object, found an entity"));
      }
    }
    FASTI_ASSIGN_OR_RETURN(id, transaction_.InternRelation(statement.relation));
  }
  return transaction_.view().GetRelation(id);
}

absl::StatusOr<StoryEditor*> Reporter::StoryOf(const StoryKey& key, const RelationInfo& relation) {
  const auto known = stories_.find(key);
  if (known != stories_.end()) return &known->second;
  FASTI_ASSIGN_OR_RETURN(StoryEditor story,
                         StoryEditor::Load(key, relation, &book_, &transaction_));
  return &stories_.emplace(key, std::move(story)).first->second;
}

absl::StatusOr<Reporter::Placed> Reporter::Place(Told told) {
  Placed placed;
  FASTI_ASSIGN_OR_RETURN(placed.story, StoryOf(told.key, told.relation));
  const std::optional<size_t> repeated = placed.story->Find(told.claim);
  placed.repeated = repeated.has_value();
  placed.claim = repeated ? *repeated : placed.story->Add(std::move(told.claim));
  return placed;
}

StatementOutcome Reporter::OutcomeOf(const Placed& placed) const {
  StatementOutcome outcome;
  if (placed.story == nullptr) return outcome;
  const StoryEditor& story = *placed.story;
  const size_t fact = story.FactOf(placed.claim);
  outcome.version = story.VersionOf(fact, transaction_.view().now());
  outcome.lineage = story.LineageOf(fact);
  outcome.repeated = placed.repeated;
  if (placed.repeated) {
    outcome.verdict = Verdict::kSame;
    return outcome;
  }
  // What came before it: the stored claims and the earlier statements of this report.
  std::vector<const ToldClaim*> others;
  for (const size_t index : story.facts()[fact].claims) {
    if (index < placed.claim) others.push_back(&story.claim(index));
  }
  const Verdict verdict = VerdictOf(story.relation(), others, story.claim(placed.claim));
  outcome.verdict = AmongObjects(story.relation(), story.facts(), fact, verdict);
  return outcome;
}

absl::StatusOr<Fact> Reporter::AddClaim(const FactDraft& draft, const Claim& claim) {
  const SnapshotImpl& view = transaction_.view();
  const RelationInfo* relation = view.state().catalog->GetRelation(draft.relation);
  if (relation == nullptr || Raw(draft.relation) < Raw(kFirstUserRelation)) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no relation ", Raw(draft.relation), " for facts"));
  }
  // Modality and known period follow from the claims.
  FASTI_ASSIGN_OR_RETURN(FactDraft fact, view.WithStoredEnds(draft));
  fact.modality = Modality::kAsserted;
  fact.known_from = kInstantMin;
  fact.known_to = kInstantMax;
  FASTI_RETURN_IF_ERROR(CheckDraft(fact, *relation));
  FASTI_RETURN_IF_ERROR(CheckPeriod(claim.valid));
  FASTI_RETURN_IF_ERROR(CheckPeriod(claim.published));

  Told told;
  told.relation = *relation;
  told.key = {fact.subject, draft.relation, draft.qualifiers, Value()};
  told.claim.claim = claim;
  Claim& said = told.claim.claim;
  said.known_from = claim.published.has_start() ? claim.published.from : view.now();
  // A denial may concern a part of the valid time only; without one it concerns the whole fact.
  const bool part = told.claim.denies() && !(claim.valid == Period::Always());
  said.valid = ValidOf(part ? claim.valid : draft.valid, relation->kind);
  FASTI_ASSIGN_OR_RETURN(told.claim.source_key, book_.SourceKey(claim.source));
  Value object = fact.object;
  OrderEnds(*relation, &told.key.subject, &object);
  SetObject(*relation, std::move(object), &told.key, &told.claim);

  FASTI_ASSIGN_OR_RETURN(StoryEditor* const story, StoryOf(told.key, told.relation));
  if (draft.supersedes != VersionId::kNone) {
    FASTI_ASSIGN_OR_RETURN(const Fact meant, view.FindStored(draft.supersedes));
    if (!meant.has_claims && meant.gone == 0) FASTI_RETURN_IF_ERROR(story->Adopt(meant));
  }
  FASTI_ASSIGN_OR_RETURN(const Placed placed, Place(std::move(told)));
  FASTI_RETURN_IF_ERROR(story->Write());
  const size_t index = story->FactOf(placed.claim);
  const VersionId version = story->VersionOf(index, view.now());
  return view.FindVersion(version == VersionId::kNone ? story->LineageOf(index) : version);
}

absl::Status Reporter::RetractSource(EntityId source) {
  const SnapshotImpl& view = transaction_.view();
  FASTI_ASSIGN_OR_RETURN(const std::vector<VersionId> lineages, book_.LineagesOf(source));
  for (const VersionId lineage : lineages) {
    FASTI_ASSIGN_OR_RETURN(const Fact first, view.FindStored(lineage));
    const RelationInfo relation = view.GetRelation(first.relation);
    StoryKey key = {first.subject, first.relation, {}, Value()};
    FASTI_ASSIGN_OR_RETURN(key.qualifiers, view.Qualifiers(first));
    if (!SpansObjects(relation)) {
      FASTI_ASSIGN_OR_RETURN(key.object, view.ValueOf(first.object));
    }
    FASTI_RETURN_IF_ERROR(StoryOf(key, relation).status());
  }
  for (auto& [key, story] : stories_) {
    story.RemoveSource(source);
    FASTI_RETURN_IF_ERROR(story.Write());
  }
  return absl::OkStatus();
}

}  // namespace fasti::graph
