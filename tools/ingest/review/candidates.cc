#include "tools/ingest/review/candidates.h"

#include <simdjson.h>

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
#include "tools/ingest/external/fact_line.h"

namespace fasti::ingest {
namespace {

constexpr absl::string_view kWaiting = "candidate";
constexpr absl::string_view kAccepted = "candidate_accepted";
constexpr absl::string_view kRejected = "candidate_rejected";
constexpr absl::string_view kAcceptedNote = "; accepted by a person";
constexpr Instant kUnpublished = kInstantMin + 1;
constexpr size_t kSentenceMax = 4'000;  // bytes kept of a sentence without end
constexpr size_t kScanRows = 256;

// At most `size` bytes of valid UTF-8, whole characters.
std::string Shorten(absl::string_view text, size_t size) {
  if (text.size() <= size) return std::string(text);
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

// What makes two tellings of an article the same fact, however sure and by whatever rule.
std::string KeyOf(const Statement& statement) {
  const auto* object = std::get_if<EntityName>(&statement.object);
  std::string key = absl::StrCat(
      statement.relation, "\n", statement.subject.name, "\n",
      object != nullptr ? object->name : FormatValue(std::get<Value>(statement.object)), "\n",
      statement.modality == Modality::kDenied ? "denied" : "");
  for (const auto& [name, value] : statement.qualifiers) {
    if (value.is(Value::Kind::kString)) absl::StrAppend(&key, "\n", name, "=", value.as_string());
  }
  return key;
}

// The relation as the candidate itself uses it: what the vocabulary says may have changed since.
Vocabulary VocabularyOf(const simdjson::dom::object& fields) {
  std::string_view name;
  simdjson::dom::element element;
  RelationInfo relation;
  if (fields["relation"].get(name) == simdjson::SUCCESS) relation.name = std::string(name);
  const auto has = [&](const char* key) {
    return fields[key].get(element) == simdjson::SUCCESS && !element.is_null();
  };
  relation.is_attribute = !has("object");
  if (has("value")) relation.kind = RelationKind::kMetric;
  Vocabulary vocabulary;
  vocabulary.relations.push_back(std::move(relation));
  return vocabulary;
}

absl::StatusOr<Candidate> ReadCandidate(const Fact& row, absl::string_view text) {
  const auto damaged = [&](absl::string_view why) {
    return absl::DataLossError(absl::StrCat("candidate ", Raw(row.version), ": ", why));
  };
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text.data(), text.size());
  simdjson::dom::object fields;
  std::string_view article, sentence, extractor, period, reason;
  Candidate candidate{.id = row.version, .source = row.subject};
  if (parser.parse(padded).get(fields) != simdjson::SUCCESS ||
      fields["article"].get(article) != simdjson::SUCCESS ||
      fields["sentence"].get(sentence) != simdjson::SUCCESS ||
      fields["extractor"].get(extractor) != simdjson::SUCCESS ||
      fields["gate"].get(candidate.note.gate) != simdjson::SUCCESS ||
      fields["reason"].get(reason) != simdjson::SUCCESS) {
    return damaged("expected article, sentence, extractor, gate and reason");
  }
  candidate.note.reason = std::string(reason);
  absl::StatusOr<ExtractedFact> fact = ReadFact(text, std::nullopt, VocabularyOf(fields));
  if (!fact.ok()) return damaged(fact.status().message());
  candidate.fact = *std::move(fact);
  candidate.article = std::string(article);
  candidate.note.sentence = std::string(sentence);
  Statement& statement = candidate.fact.statement;
  statement.extractor = std::string(extractor);
  statement.text = candidate.note.sentence;
  if (fields["period"].get(period) == simdjson::SUCCESS) {
    const auto valid = ParsePeriod(absl::string_view(period.data(), period.size()));
    if (!valid.ok()) return damaged(valid.status().message());
    statement.valid = *valid;
  }
  return candidate;
}

// The rows of candidates in one state, of one source or of all.
absl::StatusOr<std::vector<Fact>> RowsOf(const Snapshot& snapshot, absl::string_view state,
                                         std::optional<EntityId> source) {
  std::vector<Fact> rows;
  const std::optional<RelationInfo> attribute = snapshot.FindAttribute(state);
  if (!attribute) return rows;
  Pattern pattern;
  pattern.subject = source;
  pattern.relations = {attribute->id};
  pattern.view.as_of = Period::Granule(kUnpublished, Precision::kMicrosecond);
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<FactCursor> cursor, snapshot.Scan(pattern));
  std::vector<Fact> some(kScanRows);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(some)));
    if (count == 0) break;
    rows.insert(rows.end(), some.begin(), some.begin() + static_cast<ptrdiff_t>(count));
  }
  std::sort(rows.begin(), rows.end(),
            [](const Fact& a, const Fact& b) { return a.version < b.version; });
  return rows;
}

absl::StatusOr<std::vector<Candidate>> CandidatesOf(const Snapshot& snapshot,
                                                    absl::string_view state,
                                                    std::optional<EntityId> source) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> rows, RowsOf(snapshot, state, source));
  std::vector<Candidate> candidates;
  for (const Fact& row : rows) {
    FASTI_ASSIGN_OR_RETURN(const Value text, snapshot.ValueOf(row.object));
    if (!text.is(Value::Kind::kString)) continue;  // somebody else's attribute of that name
    FASTI_ASSIGN_OR_RETURN(candidates.emplace_back(), ReadCandidate(row, text.as_string()));
  }
  return candidates;
}

absl::Status Put(absl::string_view state, EntityId source, Value text, Transaction* transaction) {
  FASTI_ASSIGN_OR_RETURN(const RelationId attribute, transaction->InternAttribute(state));
  return transaction
      ->Assert({.subject = source,
                .relation = attribute,
                .object = std::move(text),
                .known_from = kUnpublished,
                .known_to = kUnpublished + 1})
      .status();
}

// The source as a report names it, so that its claims join those it has.
absl::StatusOr<Source> SourceOf(EntityId entity, const Snapshot& snapshot) {
  FASTI_ASSIGN_OR_RETURN(const Map details, snapshot.Attributes(entity, View()));
  Source source;
  const auto text = [&](const char* key) {
    const auto found = details.find(key);
    const bool is_text = found != details.end() && found->second.is(Value::Kind::kString);
    return is_text ? found->second.as_string() : std::string();
  };
  const auto date = [&](const char* key) -> std::optional<Period> {
    const auto found = details.find(key);
    if (found == details.end() || !found->second.is(Value::Kind::kPeriod)) return std::nullopt;
    return found->second.as_period();
  };
  source.key = text("url");
  if (source.key.empty() && !text("hash").empty()) source.key = absl::StrCat("hash:", text("hash"));
  if (source.key.empty()) {
    return absl::DataLossError(
        absl::StrCat("source ", Raw(entity), ": expected a url or a hash, found neither"));
  }
  source.published = date("published");
  source.report_date = date("report_date");
  return source;
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
  Report report;
  FASTI_ASSIGN_OR_RETURN(report.source, SourceOf(candidate.source, transaction->view()));
  report.statements.push_back(candidate.fact.statement);
  absl::StrAppend(&report.statements.front().extractor, kAcceptedNote);
  FASTI_ASSIGN_OR_RETURN(const ReportSummary summary, transaction->Report(report));
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
  for (absl::string_view state : {kWaiting, kAccepted, kRejected}) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Candidate> candidates,
                           CandidatesOf(transaction->view(), state, summary.source));
    for (const Candidate& candidate : candidates) {
      std::string key = KeyOf(candidate.fact.statement);
      if (state == kWaiting) waiting.emplace(key, candidate.id);
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
    std::string key = KeyOf(fact.statement);
    const auto passed = waiting.find(key);
    if (passed != waiting.end()) FASTI_RETURN_IF_ERROR(transaction->Retract(passed->second));
    known.insert(std::move(key));
  }
  size_t added = 0;
  for (const auto& [fact, reason] : unstored) {
    if (!known.insert(KeyOf(fact->statement)).second) continue;
    const Span span = fact->statement.span;
    const absl::string_view sentence =
        absl::string_view(extraction.report.source.text).substr(span.begin, span.end - span.begin);
    const CandidateNote note{
        .sentence = Shorten(sentence, kSentenceMax), .gate = gate, .reason = reason};
    FASTI_RETURN_IF_ERROR(
        Put(kWaiting, summary.source, Value(FormatCandidate(article, *fact, note)), transaction));
    ++added;
  }
  return added;
}

absl::StatusOr<std::vector<Candidate>> PendingCandidates(const Snapshot& snapshot) {
  return CandidatesOf(snapshot, kWaiting, std::nullopt);
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
    FASTI_ASSIGN_OR_RETURN(const Fact row, transaction->view().FindVersion(candidate.id));
    FASTI_ASSIGN_OR_RETURN(Value text, transaction->view().ValueOf(row.object));
    FASTI_RETURN_IF_ERROR(transaction->Retract(candidate.id));
    FASTI_RETURN_IF_ERROR(
        Put(accept ? kAccepted : kRejected, candidate.source, std::move(text), transaction.get()));
  }
  return transaction->Commit().status();
}

}  // namespace fasti::ingest
