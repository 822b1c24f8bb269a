#include "tests/torture/world.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "fasti/status_macros.h"

namespace fasti::torture {

namespace {

constexpr int kRowsPrinted = 10;  // of a difference

std::vector<std::string> Names() {
  return {std::begin(kNames), std::end(kNames)};
}
std::vector<std::string> Labels() {
  return {"A", "A", "A", "B", "B", "B"};
}

// What one list has more than the other, each row with a sign.
std::string PrintDifference(const std::vector<Cells>& expected, const std::vector<Cells>& found) {
  std::map<Cells, int> more;
  for (const Cells& row : expected) ++more[row];
  for (const Cells& row : found) --more[row];
  std::erase_if(more, [](const auto& row) { return row.second == 0; });
  if (more.empty()) return "  only the order differs\n";
  std::string text;
  int left = kRowsPrinted;
  for (const auto& [row, count] : more) {
    if (left-- == 0) return absl::StrCat(text, "  of ", more.size(), " such rows\n");
    absl::StrAppend(&text, count > 0 ? "  missing " : "  too much ", std::abs(count), " x ",
                    absl::StrJoin(row, " | "), "\n");
  }
  return text;
}

// What is left of a row around a portion; nothing if all of it.
std::optional<std::vector<Row>> Outside(const Row& row, const Told& portion) {
  if (row.valid.to <= portion.from || portion.to <= row.valid.from) return std::nullopt;
  std::vector<Row> rest;
  if (row.valid.from < portion.from) {
    rest.push_back(row);
    rest.back().valid.to = portion.from;
    rest.back().valid.to_grain = Grain::kDay;
  }
  if (portion.to < row.valid.to) {
    rest.push_back(row);
    rest.back().valid.from = portion.to;
    rest.back().valid.from_grain = Grain::kDay;
  }
  return rest;
}

}  // namespace

World::World(std::string path) : path_(std::move(path)), model_(Names(), Labels()) {
  model_.now = kFirstMoment;
}

absl::Status World::Begin() {
  FASTI_RETURN_IF_ERROR(Open());
  FASTI_RETURN_IF_ERROR(Run("CREATE RELATION met (Thing) -> (Thing) EVENT").status());
  for (size_t i = 0; i < std::size(kNames); ++i) {
    FASTI_RETURN_IF_ERROR(
        Run(absl::StrCat("CREATE (:", Labels()[i], " {name: '", kNames[i], "'})")).status());
  }
  return absl::OkStatus();
}

template <typename Make>
int64_t World::Replace(const Change& change, Make make) {
  std::set<uint64_t> replaced;
  std::vector<Row> added;
  for (Row& row : model_.rows) {
    const bool is_attribute = change.relation == kSize;
    if (row.recorded_to != kEnd || row.subject != change.subject ||
        row.relation != change.relation ||
        (!is_attribute && std::get<int>(row.object) != change.object)) {
      continue;
    }
    const std::optional<std::vector<Row>> rows = make(row);
    if (!rows.has_value()) continue;
    row.recorded_to = CommitTime();
    replaced.insert(row.lineage);
    for (Row next : *rows) {
      next.recorded_from = CommitTime();
      next.recorded_to = kEnd;
      added.push_back(next);
    }
  }
  model_.rows.insert(model_.rows.end(), added.begin(), added.end());
  for (const Row& row : model_.rows) {
    if (row.recorded_to == kEnd) replaced.erase(row.lineage);
  }
  return static_cast<int64_t>(replaced.size());
}

absl::Status World::Do(const Change& change) {
  model_.now = change.at;
  const uint64_t lineages_before = lineages_;
  int64_t deleted = 0;
  switch (change.kind) {
    case Change::Kind::kCreate:
      Create(change);
      break;
    case Change::Kind::kCreateCrowd:
      CreateCrowd(change);
      break;
    case Change::Kind::kDelete:
      deleted = Replace(change, [](const Row&) { return std::optional(std::vector<Row>()); });
      break;
    case Change::Kind::kDeletePortion:
      deleted = Replace(change, [&](const Row& row) { return Outside(row, change.valid); });
      break;
    case Change::Kind::kSetK:
      deleted = Replace(change, [&](Row row) -> std::optional<std::vector<Row>> {
        if (row.k == change.k) return std::nullopt;
        row.k = change.k;
        return {{row}};
      });
      break;
    case Change::Kind::kSetSize:
      Replace(change, [&](const Row& row) { return Outside(row, change.valid); });
      Create(change);
      break;
    case Change::Kind::kFold:
      return database_->Fold();
    case Change::Kind::kReopen:
      session_.reset();
      if (change.is_clean) FASTI_RETURN_IF_ERROR(database_->Close());
      database_.reset();
      return Open();
  }
  FASTI_ASSIGN_OR_RETURN(const Outcome outcome, Run(TextOf(change)));
  const auto created =
      change.relation == kSize ? 0 : static_cast<int64_t>(lineages_ - lineages_before);
  if (outcome.effects.relationships_created == created &&
      outcome.effects.relationships_deleted == deleted) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat(
      TextOf(change), "\n  expected ", created, " created and ", deleted, " deleted, found ",
      outcome.effects.relationships_created, " and ", outcome.effects.relationships_deleted, "\n"));
}

absl::StatusOr<size_t> World::Ask(const Question& question) const {
  std::vector<Cells> expected = model_.Answer(question);
  FASTI_ASSIGN_OR_RETURN(Outcome outcome, Run(TextOf(question)));
  if (!question.is_ordered) {
    std::sort(expected.begin(), expected.end());
    std::sort(outcome.rows.begin(), outcome.rows.end());
  }
  if (outcome.rows == expected) return expected.size();
  return absl::InternalError(
      absl::StrCat(TextOf(question), "\n", PrintDifference(expected, outcome.rows)));
}

absl::Status World::Check() const {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, database_->Check());
  if (problems.empty()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("check: ", absl::StrJoin(problems, "; ")));
}

absl::Status World::Open() {
  Options options;
  options.background_fold = false;
  options.durability = Durability::kBuffered;
  options.clock = [this] { return model_.now; };
  FASTI_ASSIGN_OR_RETURN(database_, Database::Open(path_, options));
  session_ = std::make_unique<Session>(*database_);
  return absl::OkStatus();
}

absl::StatusOr<World::Outcome> World::Run(const std::string& statement) const {
  RunOptions options;
  options.limits.time = absl::InfiniteDuration();  // it is no matter of speed
  FASTI_ASSIGN_OR_RETURN(const auto result, session_->Run(statement, {}, options));
  Outcome outcome;
  std::vector<Value> row;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, result->Next(&row));
    if (!more) break;
    Cells cells;
    for (const Value& value : row) cells.push_back(FormatValue(value));
    outcome.rows.push_back(cells);
  }
  outcome.effects = result->effects();
  return outcome;
}

void World::Create(const Change& change) {
  Row row{.lineage = ++lineages_,
          .subject = change.subject,
          .relation = change.relation,
          .object = change.object,
          .valid = change.valid,
          .recorded_from = CommitTime(),
          .k = change.k};
  if (change.published.has_value()) row.known_from = change.published->from;
  if (change.relation == kSize) {
    row.object = change.size;
    row.k.reset();
  }
  model_.rows.push_back(row);
}

void World::CreateCrowd(const Change& change) {
  Change one = change;
  for (const Told& valid : change.crowd) {
    one.valid = valid;
    for (int64_t k = 1; k <= kCrowdPerSpan; ++k) {
      one.k = k;
      Create(one);
    }
  }
}

}  // namespace fasti::torture
