#include "tools/ingest/review/corroboration.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

constexpr absl::string_view kNote = "told by other sources, too";

// One source's word for a fact.
struct Telling {
  EntityId source = EntityId::kNone;
  std::string sentence;
  double confidence = 0;
};

// How likely it is that one of them is read right: each source and each sentence counts once, with
// its surest telling.
double LikelihoodOf(std::vector<Telling> tellings) {
  std::sort(tellings.begin(), tellings.end(), [](const Telling& a, const Telling& b) {
    return std::tie(b.confidence, a.source, a.sentence) <
           std::tie(a.confidence, b.source, b.sentence);
  });
  std::set<EntityId> sources;
  std::set<std::string> sentences;
  double all_wrong = 1;
  for (Telling& telling : tellings) {
    if (sources.contains(telling.source) || sentences.contains(telling.sentence)) continue;
    sources.insert(telling.source);
    sentences.insert(std::move(telling.sentence));
    all_wrong *= 1 - telling.confidence;
  }
  return 1 - all_wrong;
}

// The entity of a name; none if there is none, or several.
absl::StatusOr<std::optional<EntityId>> EntityOf(const EntityName& name, const Snapshot& snapshot) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities, snapshot.EntitiesNamed(name.name));
  return entities.size() == 1 ? std::optional(entities.front()) : std::nullopt;
}

absl::Status AddClaims(const Pattern& pattern, bool denied, const Snapshot& snapshot,
                       std::vector<Telling>* tellings) {
  FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot.Scan(pattern));
  Fact fact;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(&fact, 1)));
    if (count == 0) return absl::OkStatus();
    FASTI_ASSIGN_OR_RETURN(std::vector<Claim> claims, snapshot.Claims(fact, std::nullopt));
    for (Claim& claim : claims) {
      if ((claim.modality == Modality::kDenied) != denied) continue;
      tellings->push_back({claim.source, std::move(claim.text), claim.confidence});
    }
  }
}

// What is stored of the same two entities in the same relation.
absl::StatusOr<std::vector<Telling>> StoredTellings(const Statement& statement,
                                                    const Snapshot& snapshot) {
  std::vector<Telling> tellings;
  const std::optional<RelationInfo> relation = snapshot.FindRelation(statement.relation);
  FASTI_ASSIGN_OR_RETURN(const auto subject, EntityOf(statement.subject, snapshot));
  FASTI_ASSIGN_OR_RETURN(const auto object,
                         EntityOf(std::get<EntityName>(statement.object), snapshot));
  if (!relation || !subject || !object) return tellings;
  const bool denied = statement.modality == Modality::kDenied;
  Pattern pattern;
  pattern.relations = {relation->id};
  pattern.subject = subject;
  pattern.object = Term::Entity(*object);
  FASTI_RETURN_IF_ERROR(AddClaims(pattern, denied, snapshot, &tellings));
  if (!relation->symmetric) return tellings;
  pattern.subject = object;
  pattern.object = Term::Entity(*subject);
  FASTI_RETURN_IF_ERROR(AddClaims(pattern, denied, snapshot, &tellings));
  return tellings;
}

// One article's facts against what other sources tell.
class Corroborator {
 public:
  Corroborator(double gate, EntityId source, const Extraction& extraction, Transaction* transaction)
      : gate_(gate), source_(source), extraction_(extraction), transaction_(*transaction) {}

  absl::Status ReadRejected() {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Candidate> rejected,
                           CandidatesOf(transaction_.view(), CandidateState::kRejected, source_));
    for (const Candidate& candidate : rejected) {
      rejected_.insert(FactKey(candidate.fact.statement));
    }
    return absl::OkStatus();
  }

  // Whether the fact is to be stored; what waits with it is then.
  absl::StatusOr<bool> IsSure(const ExtractedFact& fact) {
    const Statement& statement = fact.statement;
    const std::optional<std::string> key = AgreementKey(statement, transaction_.view());
    if (!key || rejected_.contains(FactKey(statement))) return fact.kept;
    FASTI_ASSIGN_OR_RETURN(std::vector<Telling> tellings,
                           StoredTellings(statement, transaction_.view()));
    FASTI_ASSIGN_OR_RETURN(std::vector<Candidate> waiting,
                           WaitingThatSay(transaction_.view(), *key));
    std::erase_if(tellings, [&](const Telling& telling) { return telling.source == source_; });
    std::erase_if(waiting, [&](const Candidate& candidate) {
      return candidate.source == source_ || !candidate.note.reason.empty();
    });
    for (const Candidate& candidate : waiting) {
      tellings.push_back(
          {candidate.source, candidate.note.sentence, candidate.fact.statement.confidence});
    }
    if (tellings.empty()) return fact.kept;
    tellings.push_back({source_, SentenceOf(statement), statement.confidence});
    if (!fact.kept && LikelihoodOf(std::move(tellings)) < gate_) return false;
    for (Candidate& candidate : waiting) FASTI_RETURN_IF_ERROR(Store(std::move(candidate)));
    return true;
  }

  std::vector<ConfirmedCandidate> confirmed() && { return std::move(confirmed_); }

 private:
  std::string SentenceOf(const Statement& statement) const {
    if (!statement.text.empty()) return statement.text;
    const Span span = statement.span;
    return extraction_.report.source.text.substr(span.begin, span.end - span.begin);
  }

  absl::Status Store(Candidate candidate) {
    FASTI_ASSIGN_OR_RETURN(const ReportSummary summary,
                           ReportCandidate(candidate, kNote, &transaction_));
    if (!summary.ambiguous.empty()) return absl::OkStatus();  // it goes on waiting
    FASTI_RETURN_IF_ERROR(MoveCandidate(candidate, CandidateState::kCorroborated, &transaction_));
    confirmed_.push_back({std::move(candidate), summary.outcomes.front()});
    return absl::OkStatus();
  }

  const double gate_;
  const EntityId source_;
  const Extraction& extraction_;
  Transaction& transaction_;
  std::set<std::string> rejected_;  // by FactKey; of this source
  std::vector<ConfirmedCandidate> confirmed_;
};

}  // namespace

absl::StatusOr<std::vector<ConfirmedCandidate>> Corroborate(double gate, Extraction* extraction,
                                                            Transaction* transaction) {
  FASTI_ASSIGN_OR_RETURN(const EntityId source,
                         transaction->InternSource(extraction->report.source));
  Corroborator corroborator(gate, source, *extraction, transaction);
  FASTI_RETURN_IF_ERROR(corroborator.ReadRejected());
  std::vector<Statement>& statements = extraction->report.statements;
  statements.clear();
  for (ExtractedFact& fact : extraction->facts) {
    FASTI_ASSIGN_OR_RETURN(const bool is_sure, corroborator.IsSure(fact));
    if (!is_sure) continue;
    statements.push_back(fact.statement);
    if (!fact.kept) absl::StrAppend(&statements.back().extractor, "; ", kNote);
    fact.kept = true;
  }
  return std::move(corroborator).confirmed();
}

}  // namespace fasti::ingest
