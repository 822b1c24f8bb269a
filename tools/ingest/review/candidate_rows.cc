#include "tools/ingest/review/candidate_rows.h"

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tools/ingest/external/fact_line.h"
#include "tools/ingest/names/gazetteer.h"

namespace fasti::ingest {
namespace {

constexpr absl::string_view kAgreement = "candidate_agreement";  // has an AgreementKey
constexpr Instant kUnpublished = kInstantMin + 1;
constexpr size_t kScanRows = 256;

absl::string_view AttributeOf(CandidateState state) {
  switch (state) {
    case CandidateState::kWaiting:
      return "candidate";
    case CandidateState::kAccepted:
      return "candidate_accepted";
    case CandidateState::kRejected:
      return "candidate_rejected";
    case CandidateState::kCorroborated:
      break;
  }
  return "candidate_corroborated";
}

absl::string_view DenialOf(const Statement& statement) {
  return statement.modality == Modality::kDenied ? "denied" : "";
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

// The rows of an attribute that no query meets, of one source or of all.
absl::StatusOr<std::vector<Fact>> RowsOf(const Snapshot& snapshot, absl::string_view attribute_name,
                                         std::optional<EntityId> source,
                                         std::optional<Term> object) {
  std::vector<Fact> rows;
  const std::optional<RelationInfo> attribute = snapshot.FindAttribute(attribute_name);
  if (!attribute) return rows;
  Pattern pattern;
  pattern.subject = source;
  pattern.object = object;
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

absl::Status Put(absl::string_view attribute_name, EntityId source, Value text,
                 Transaction* transaction) {
  FASTI_ASSIGN_OR_RETURN(const RelationId attribute, transaction->InternAttribute(attribute_name));
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

}  // namespace

std::string FactKey(const Statement& statement) {
  const auto* object = std::get_if<EntityName>(&statement.object);
  std::string key = absl::StrCat(
      statement.relation, "\n", statement.subject.name, "\n",
      object != nullptr ? object->name : FormatValue(std::get<Value>(statement.object)), "\n",
      DenialOf(statement));
  for (const auto& [name, value] : statement.qualifiers) {
    if (value.is(Value::Kind::kString)) absl::StrAppend(&key, "\n", name, "=", value.as_string());
  }
  return key;
}

std::optional<std::string> AgreementKey(const Statement& statement, const Snapshot& snapshot) {
  const auto* object = std::get_if<EntityName>(&statement.object);
  if (object == nullptr) return std::nullopt;
  std::string first = NameKey(statement.subject.name);
  std::string second = NameKey(object->name);
  const std::optional<RelationInfo> relation = snapshot.FindRelation(statement.relation);
  if (relation && relation->symmetric && second < first) std::swap(first, second);
  return absl::StrCat(statement.relation, "\n", first, "\n", second, "\n", DenialOf(statement));
}

absl::StatusOr<std::vector<Candidate>> CandidatesOf(const Snapshot& snapshot, CandidateState state,
                                                    std::optional<EntityId> source) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> rows,
                         RowsOf(snapshot, AttributeOf(state), source, std::nullopt));
  std::vector<Candidate> candidates;
  for (const Fact& row : rows) {
    FASTI_ASSIGN_OR_RETURN(const Value text, snapshot.ValueOf(row.object));
    if (!text.is(Value::Kind::kString)) continue;  // somebody else's attribute of that name
    FASTI_ASSIGN_OR_RETURN(candidates.emplace_back(), ReadCandidate(row, text.as_string()));
  }
  return candidates;
}

absl::StatusOr<std::vector<Candidate>> WaitingThatSay(const Snapshot& snapshot,
                                                      absl::string_view agreement_key) {
  std::vector<Candidate> waiting;
  FASTI_ASSIGN_OR_RETURN(const std::optional<Term> key,
                         snapshot.FindTerm(Value(std::string(agreement_key))));
  if (!key) return waiting;
  FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> rows,
                         RowsOf(snapshot, kAgreement, std::nullopt, key));
  for (const Fact& row : rows) {
    FASTI_ASSIGN_OR_RETURN(std::vector<Candidate> candidates,
                           CandidatesOf(snapshot, CandidateState::kWaiting, row.subject));
    for (Candidate& candidate : candidates) {
      if (AgreementKey(candidate.fact.statement, snapshot) == agreement_key) {
        waiting.push_back(std::move(candidate));
      }
    }
  }
  return waiting;
}

absl::Status AddCandidate(absl::string_view article, const ExtractedFact& fact,
                          const CandidateNote& note, EntityId source, Transaction* transaction) {
  FASTI_RETURN_IF_ERROR(Put(AttributeOf(CandidateState::kWaiting), source,
                            Value(FormatCandidate(article, fact, note)), transaction));
  const std::optional<std::string> key = AgreementKey(fact.statement, transaction->view());
  if (!key) return absl::OkStatus();
  // It leads to the source, whatever becomes of the candidate.
  FASTI_ASSIGN_OR_RETURN(const std::optional<Term> term, transaction->view().FindTerm(Value(*key)));
  if (term) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> rows,
                           RowsOf(transaction->view(), kAgreement, source, term));
    if (!rows.empty()) return absl::OkStatus();
  }
  return Put(kAgreement, source, Value(*key), transaction);
}

absl::Status MoveCandidate(const Candidate& candidate, CandidateState state,
                           Transaction* transaction) {
  FASTI_ASSIGN_OR_RETURN(const Fact row, transaction->view().FindVersion(candidate.id));
  FASTI_ASSIGN_OR_RETURN(Value text, transaction->view().ValueOf(row.object));
  FASTI_RETURN_IF_ERROR(transaction->Retract(candidate.id));
  return Put(AttributeOf(state), candidate.source, std::move(text), transaction);
}

absl::StatusOr<ReportSummary> ReportCandidate(const Candidate& candidate, absl::string_view note,
                                              Transaction* transaction) {
  Report report;
  FASTI_ASSIGN_OR_RETURN(report.source, SourceOf(candidate.source, transaction->view()));
  report.statements.push_back(candidate.fact.statement);
  absl::StrAppend(&report.statements.front().extractor, "; ", note);
  return transaction->Report(report);
}

}  // namespace fasti::ingest
