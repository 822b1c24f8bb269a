#include "tools/ingest/review/candidates.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

constexpr size_t kSentenceMax = 4'000;  // bytes kept of a sentence without end

// At most `size` bytes of valid UTF-8, whole characters.
std::string Shorten(absl::string_view text, size_t size) {
  if (text.size() <= size) return std::string(text);
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

// "'Alvena' names entities 17, 23": why the report left the statement out.
std::string AmbiguityOf(const Statement& statement, const ReportSummary& summary) {
  const auto* object = std::get_if<EntityName>(&statement.object);
  std::vector<std::string> reasons;
  for (const ReportSummary::Ambiguous& name : summary.ambiguous) {
    if (name.name != statement.subject.name && (object == nullptr || name.name != object->name)) {
      continue;
    }
    std::string reason =
        absl::StrCat("'", name.name, "' names entities ",
                     absl::StrJoin(name.candidates, ", ", [](std::string* out, EntityId entity) {
                       absl::StrAppend(out, Raw(entity));
                     }));
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
      reasons.push_back(std::move(reason));
    }
  }
  return absl::StrJoin(reasons, "; ");
}

absl::Status Accept(const Candidate& candidate, Transaction* transaction) {
  FASTI_ASSIGN_OR_RETURN(const ReportSummary summary,
                         ReportCandidate(candidate, "accepted by a person", transaction));
  if (summary.ambiguous.empty()) return absl::OkStatus();
  const ReportSummary::Ambiguous& name = summary.ambiguous.front();
  return absl::FailedPreconditionError(absl::StrCat("candidate ", Raw(candidate.id), ": '",
                                                    name.name, "' names ", name.candidates.size(),
                                                    " entities; nothing was changed"));
}

}  // namespace

absl::StatusOr<size_t> KeepCandidates(absl::string_view article, const Extraction& extraction,
                                      double gate, const ReportSummary& summary,
                                      Transaction* transaction) {
  std::set<std::string> known;
  std::map<std::string, VersionId> waiting;
  for (const CandidateState state : {CandidateState::kWaiting, CandidateState::kAccepted,
                                     CandidateState::kRejected, CandidateState::kCorroborated}) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Candidate> candidates,
                           CandidatesOf(transaction->view(), state, summary.source));
    for (const Candidate& candidate : candidates) {
      std::string key = FactKey(candidate.fact.statement);
      if (state == CandidateState::kWaiting) waiting.emplace(key, candidate.id);
      known.insert(std::move(key));
    }
  }
  std::vector<std::pair<const ExtractedFact*, std::string>> unstored;  // with the reason
  size_t statement = 0;
  for (const ExtractedFact& fact : extraction.facts) {
    if (!fact.kept) {
      unstored.emplace_back(&fact, "");
      continue;
    }
    const StatementOutcome& outcome = summary.outcomes[statement++];
    if (outcome.lineage == VersionId::kNone && !outcome.repeated) {
      unstored.emplace_back(&fact, AmbiguityOf(fact.statement, summary));
      continue;
    }
    std::string key = FactKey(fact.statement);
    const auto passed = waiting.find(key);
    if (passed != waiting.end()) FASTI_RETURN_IF_ERROR(transaction->Retract(passed->second));
    known.insert(std::move(key));
  }
  size_t added = 0;
  for (const auto& [fact, reason] : unstored) {
    if (!known.insert(FactKey(fact->statement)).second) continue;
    const Span span = fact->statement.span;
    const absl::string_view sentence =
        absl::string_view(extraction.report.source.text).substr(span.begin, span.end - span.begin);
    const CandidateNote note{
        .sentence = Shorten(sentence, kSentenceMax), .gate = gate, .reason = reason};
    FASTI_RETURN_IF_ERROR(AddCandidate(article, *fact, note, summary.source, transaction));
    ++added;
  }
  return added;
}

absl::StatusOr<std::vector<Candidate>> PendingCandidates(const Snapshot& snapshot) {
  return CandidatesOf(snapshot, CandidateState::kWaiting, std::nullopt);
}

absl::Status Decide(absl::Span<const Decided> decisions, Database* database) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, database->Begin());
  FASTI_ASSIGN_OR_RETURN(const std::vector<Candidate> pending,
                         PendingCandidates(transaction->view()));
  std::map<VersionId, const Candidate*> by_id;
  for (const Candidate& candidate : pending) by_id.emplace(candidate.id, &candidate);
  for (const Decided& decided : decisions) {
    const auto found = by_id.find(decided.candidate);
    if (found == by_id.end()) {
      return absl::NotFoundError(absl::StrCat("candidate ", Raw(decided.candidate),
                                              ": none that waits has this number; "
                                              "nothing was changed"));
    }
    const Candidate& candidate = *found->second;
    by_id.erase(found);
    const bool accept = decided.decision == Decision::kAccept;
    if (accept) FASTI_RETURN_IF_ERROR(Accept(candidate, transaction.get()));
    FASTI_RETURN_IF_ERROR(
        MoveCandidate(candidate, accept ? CandidateState::kAccepted : CandidateState::kRejected,
                      transaction.get()));
  }
  return transaction->Commit().status();
}

}  // namespace fasti::ingest
