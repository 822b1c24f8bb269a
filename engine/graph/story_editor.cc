#include "engine/graph/story_editor.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/graph/recorded_rows.h"
#include "fasti/status_macros.h"

namespace fasti::graph {
namespace {

// A fact that was only denied is stored in a version that no moment knows.
constexpr Instant kNeverKnown = kInstantMin;

}  // namespace

bool operator<(const StoryKey& a, const StoryKey& b) {
  if (std::tie(a.subject, a.relation) != std::tie(b.subject, b.relation)) {
    return std::tie(a.subject, a.relation) < std::tie(b.subject, b.relation);
  }
  const auto qualifiers = ValueOrder(Value(a.qualifiers), Value(b.qualifiers));
  if (qualifiers != 0) return qualifiers < 0;
  return ValueOrder(a.object, b.object) < 0;
}

bool SpansObjects(const RelationInfo& relation) {
  return relation.kind == RelationKind::kMetric || (relation.functional && !relation.symmetric);
}

absl::StatusOr<StoryEditor> StoryEditor::Load(StoryKey key, const RelationInfo& relation,
                                              ClaimBook* book, TransactionImpl* transaction) {
  StoryEditor editor(std::move(key), relation, transaction);
  FASTI_RETURN_IF_ERROR(editor.ReadVersions());
  FASTI_RETURN_IF_ERROR(editor.ReadClaims(book));
  return editor;
}

// From whichever end has fewer facts of the relation: either may be a hub.
Run StoryEditor::ShorterRun() const {
  const Run from_subject = {
      .order = codec::Order::kOut, .anchor = Raw(key_.subject), .relation = Raw(key_.relation)};
  if (!key_.object.is(Value::Kind::kNode)) return from_subject;
  const Term object = Term::Entity(key_.object.as_node());
  Pattern from = {.relations = {key_.relation}};
  Pattern to = from;
  from.subject = key_.subject;
  to.object = object;
  const SnapshotImpl& view = transaction_.view();
  if (view.EstimateFacts(from) <= view.EstimateFacts(to)) return from_subject;
  return {.order = codec::Order::kIn, .anchor = object.bits(), .relation = Raw(key_.relation)};
}

absl::Status StoryEditor::ReadVersions() {
  const SnapshotImpl& view = transaction_.view();
  FASTI_ASSIGN_OR_RETURN(const std::vector<Row> rows, RecordedRows(view.state(), ShorterRun()));
  for (const Row& row : rows) {
    const Fact fact = ToFact(row, ReadingOf(relation_.kind));
    if (!fact.has_claims || fact.subject != key_.subject) continue;
    // Most rows differ in the entity at their other end, which needs no look-up.
    if (key_.object.is(Value::Kind::kNode) && fact.object != Term::Entity(key_.object.as_node())) {
      continue;
    }
    FASTI_ASSIGN_OR_RETURN(const Value object, view.ValueOf(fact.object));
    if (!key_.object.is_null() && !SameValue(object, key_.object)) continue;
    FASTI_ASSIGN_OR_RETURN(const Map qualifiers, view.Qualifiers(fact));
    if (!SameValue(Value(qualifiers), Value(key_.qualifiers))) continue;
    stored_[fact.lineage].push_back(
        {{object, fact.valid, fact.modality, fact.known_from, fact.known_to}, fact.version});
  }
  return absl::OkStatus();
}

absl::Status StoryEditor::ReadClaims(ClaimBook* book) {
  for (const auto& [lineage, versions] : stored_) {
    const bool metric = relation_.kind == RelationKind::kMetric;
    const Value object = metric ? Value() : versions.front().said.object;
    FASTI_ASSIGN_OR_RETURN(std::vector<ToldClaim> claims, book->ClaimsOf(lineage, object));
    for (ToldClaim& told : claims) claims_.push_back({std::move(told), lineage, true});
  }
  return absl::OkStatus();
}

std::optional<size_t> StoryEditor::Find(const ToldClaim& told) const {
  for (size_t i = 0; i < claims_.size(); ++i) {
    if (SameClaim(claims_[i].told, told)) return i;
  }
  return std::nullopt;
}

size_t StoryEditor::Add(ToldClaim told) {
  claims_.push_back({std::move(told)});
  return claims_.size() - 1;
}

void StoryEditor::RemoveSource(EntityId source) {
  const auto kept = std::stable_partition(
      claims_.begin(), claims_.end(),
      [source](const StoryClaim& stored) { return stored.told.claim.source != source; });
  removed_.assign(std::make_move_iterator(kept), std::make_move_iterator(claims_.end()));
  claims_.erase(kept, claims_.end());
}

absl::Status StoryEditor::Adopt(const Fact& fact) {
  FASTI_ASSIGN_OR_RETURN(const Value object, transaction_.view().ValueOf(fact.object));
  StoryClaim own;
  own.told.claim.published = Period::Unknown();
  own.told.claim.known_from = kInstantMin;
  own.told.claim.valid = fact.valid;
  own.told.claim.modality = fact.modality;
  if (relation_.kind == RelationKind::kMetric) {
    own.told.claim.figures[kValueFigure] = object;
  } else {
    own.told.object = object;
  }
  // Of a SYMMETRIC relation it may be told from the other end, where this story does not write.
  if (fact.subject != key_.subject) {
    claims_.push_back(std::move(own));
    return transaction_.Retract(fact.version);
  }
  own.lineage = fact.lineage;
  claims_.push_back(std::move(own));
  stored_[fact.lineage].push_back(
      {{object, fact.valid, fact.modality, kNeverKnown, kNeverKnown}, fact.version});
  return absl::OkStatus();
}

// A lineage goes to the fact that has most of its claims, so that what a reader held in hand stays
// what it was as far as possible.
void StoryEditor::AssignLineages() {
  lineages_.assign(facts_.size(), VersionId::kNone);
  fact_of_claim_.assign(claims_.size(), 0);
  std::map<VersionId, std::map<size_t, size_t>> shares;  // lineage, fact, number of claims
  for (size_t fact = 0; fact < facts_.size(); ++fact) {
    for (const size_t index : facts_[fact].claims) {
      fact_of_claim_[index] = fact;
      const StoryClaim& stored = claims_[index];
      if (stored.lineage != VersionId::kNone) ++shares[stored.lineage][fact];
    }
  }
  for (const auto& [lineage, by_fact] : shares) {
    size_t most = 0;
    std::optional<size_t> chosen;
    for (const auto& [fact, count] : by_fact) {
      if (lineages_[fact] == VersionId::kNone && count > most) {
        most = count;
        chosen = fact;
      }
    }
    if (chosen) lineages_[*chosen] = lineage;
  }
}

std::vector<StoryVersion> StoryEditor::Desired(const StoryFact& fact) const {
  if (!fact.versions.empty()) return fact.versions;
  StoryVersion denied = {fact.object, fact.valid, Modality::kDenied, kNeverKnown, kNeverKnown};
  if (relation_.kind == RelationKind::kMetric) {
    const Map& figures = claims_[fact.claims.front()].told.claim.figures;
    const auto value = figures.find(kValueFigure);
    denied.object = value == figures.end() ? Value(true) : value->second;
  }
  return {denied};
}

absl::Status StoryEditor::Write() {
  std::vector<ToldClaim> told;
  for (const StoryClaim& stored : claims_) told.push_back(stored.told);
  facts_ = FactsOf(relation_, told);
  AssignLineages();
  written_.resize(facts_.size());
  for (size_t fact = 0; fact < facts_.size(); ++fact) FASTI_RETURN_IF_ERROR(WriteVersions(fact));
  for (size_t fact = 0; fact < facts_.size(); ++fact) FASTI_RETURN_IF_ERROR(WriteClaims(fact));
  for (const auto& [lineage, versions] : stored_) {
    for (const StoredVersion& old : versions) {
      FASTI_RETURN_IF_ERROR(transaction_.Retract(old.version));
    }
  }
  for (const StoryClaim& removed : removed_) {
    FASTI_RETURN_IF_ERROR(
        WithdrawClaim(removed.lineage, removed.told.claim.sequence, &transaction_));
  }
  return absl::OkStatus();
}

// Leaves in `stored_` what has to be retracted.
absl::Status StoryEditor::WriteVersions(size_t fact) {
  VersionId& lineage = lineages_[fact];
  std::vector<StoredVersion>& old = stored_[lineage];
  VersionId predecessor = old.empty() ? VersionId::kNone : old.back().version;
  std::vector<StoryVersion> missing;
  for (const StoryVersion& desired : Desired(facts_[fact])) {
    const auto same = std::find_if(old.begin(), old.end(), [&](const StoredVersion& stored) {
      return stored.said == desired;
    });
    if (same == old.end()) {
      missing.push_back(desired);
    } else {
      written_[fact].push_back(*same);
      old.erase(same);
    }
  }
  if (!old.empty()) predecessor = old.front().version;
  for (const StoryVersion& version : missing) {
    const FactDraft draft = {.subject = key_.subject,
                             .relation = key_.relation,
                             .object = version.object,
                             .valid = version.valid,
                             .qualifiers = key_.qualifiers,
                             .modality = version.modality,
                             .known_from = version.known_from,
                             .known_to = version.known_to,
                             .supersedes = predecessor};
    FASTI_ASSIGN_OR_RETURN(const Fact written, transaction_.AssertVersion(draft, true));
    written_[fact].push_back({version, written.version});
    if (predecessor == VersionId::kNone) predecessor = written.version;
    lineage = written.lineage;
  }
  return absl::OkStatus();
}

absl::Status StoryEditor::WriteClaims(size_t fact) {
  for (const size_t index : facts_[fact].claims) {
    StoryClaim& stored = claims_[index];
    if (stored.is_stored && stored.lineage == lineages_[fact]) continue;
    Claim& claim = stored.told.claim;
    if (stored.is_stored) {
      FASTI_RETURN_IF_ERROR(WithdrawClaim(stored.lineage, claim.sequence, &transaction_));
    }
    FASTI_RETURN_IF_ERROR(PutClaim(lineages_[fact], &claim, &transaction_));
    stored.lineage = lineages_[fact];
    stored.is_stored = true;
  }
  return absl::OkStatus();
}

VersionId StoryEditor::VersionOf(size_t fact, Instant now) const {
  if (facts_[fact].versions.empty()) return VersionId::kNone;
  const auto latest = std::max_element(
      written_[fact].begin(), written_[fact].end(),
      [now](const StoredVersion& a, const StoredVersion& b) {
        const auto rank = [now](const StoryVersion& v) {
          return std::make_tuple(v.known_from <= now && now < v.known_to, v.known_from);
        };
        return rank(a.said) < rank(b.said);
      });
  return latest->version;
}

}  // namespace fasti::graph
