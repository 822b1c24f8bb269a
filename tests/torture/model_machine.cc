#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/machine.h"
#include "tests/torture/random_question.h"
#include "tests/torture/reference_model.h"
#include "tests/torture/told_time.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kCases = 5000;
constexpr int kChangesEach = 200;
constexpr int kChangesPerQuestion = 2;
// So many histories have one in which facts are many: more of a relation than blocks hold.
constexpr uint64_t kCasesPerCrowd = 16;
constexpr int64_t kCrowdPerSpan = 300;
constexpr int kRowsPrinted = 10;                                    // of a difference
constexpr Micros kFirstMoment = Micros{1'717'243'200} * 1'000'000;  // 2024-06-01T12:00:00Z

// One thing that is done to a database.
struct Change {
  enum class Kind : uint8_t {
    kCreate,
    kCreateCrowd,
    kDelete,
    kDeletePortion,
    kSetK,
    kSetSize,
    kFold,
    kReopen
  };
  Kind kind;
  Micros at;
  int subject = 0, object = 0;
  std::string relation;
  Told valid;  // of what is created, or the portion
  std::optional<int64_t> k;
  int64_t size = 0;
  std::optional<Told> published;  // of the claim that it is created with
  bool is_clean = false;          // the database is closed before it is opened again
  std::vector<Told> crowd;        // so many facts are created for each of these
};

Change RandomChange(Dice& dice, Micros at) {
  Change change{.kind = Change::Kind::kCreate, .at = at};
  change.subject = static_cast<int>(dice.Below(std::size(kNames)));
  change.object = static_cast<int>(dice.Below(std::size(kNames)));
  change.relation = dice.Relation();
  change.is_clean = dice.OneIn(2);
  change.size = static_cast<int64_t>(dice.Below(5));
  if (dice.OneIn(2)) change.k = static_cast<int64_t>(dice.Below(4));
  switch (dice.Below(32)) {
    case 0:
      change.kind = dice.OneIn(2) ? Change::Kind::kFold : Change::Kind::kReopen;
      break;
    case 1:
    case 2:
    case 3:
      change.kind = Change::Kind::kDelete;
      break;
    case 4:
    case 5:
    case 6:
    case 7:
      change.kind = Change::Kind::kDeletePortion;
      change.relation = "leads";
      break;
    case 8:
    case 9:
    case 10:
      change.kind = Change::Kind::kSetK;
      if (!change.k.has_value()) change.k = 1;
      break;
    case 11:
    case 12:
    case 13:
    case 14:
      change.kind = Change::Kind::kSetSize;
      change.relation = kSize;
      break;
    default:
      if (!dice.OneIn(3)) break;
      // Reports of one fact meet; a qualifier of its own makes it another.
      change.published = dice.Day();
      change.k = at / 1'000'000;
  }
  // Portions of "leads" and sizes are deleted, which is told exactly where days are told.
  const bool has_days = change.relation == "leads" || change.relation == kSize;
  change.valid = has_days ? dice.Days() : dice.Span(change.relation == "met");
  return change;
}

// Many facts between two entities, of a few spans.
Change RandomCrowd(Dice& dice, Micros at) {
  Change change{.kind = Change::Kind::kCreateCrowd, .at = at};
  change.subject = static_cast<int>(dice.Below(std::size(kNames)));
  change.object = static_cast<int>(dice.Below(std::size(kNames)));
  change.relation = dice.OneIn(2) ? "knows" : "met";
  for (int i = 0; i < 3; ++i) change.crowd.push_back(dice.Span(change.relation == "met"));
  return change;
}

// The statement that does it; none for what is done to the files.
std::string TextOf(const Change& change) {
  const std::string k = change.k.has_value() ? absl::StrCat(" {k: ", *change.k, "}") : "";
  const std::string match =
      absl::StrCat("MATCH (a {name: '", kNames[change.subject], "'})-[f:", change.relation,
                   "]->(b {name: '", kNames[change.object], "'}) ");
  switch (change.kind) {
    case Change::Kind::kCreate:
      return absl::StrCat(
          "MATCH (a {name: '", kNames[change.subject], "'}), (b {name: '", kNames[change.object],
          "'}) CREATE (a)-[:", change.relation, k, "]->(b) VALID ", Literal(change.valid),
          change.published.has_value()
              ? absl::StrCat(" CLAIM {source: 's', published: ", Literal(*change.published),
                             ", text: 'So it is.'}")
              : "");
    case Change::Kind::kCreateCrowd:
      return absl::StrCat(
          "MATCH (a {name: '", kNames[change.subject], "'}), (b {name: '", kNames[change.object],
          "'}) UNWIND [",
          absl::StrJoin(change.crowd, ", ",
                        [](std::string* out, const Told& told) { out->append(Literal(told)); }),
          "] AS t UNWIND range(1, ", kCrowdPerSpan, ") AS i CREATE (a)-[:", change.relation,
          " {k: i}]->(b) VALID t");
    case Change::Kind::kDelete:
      return absl::StrCat(match, "DELETE f");
    case Change::Kind::kDeletePortion:
      return absl::StrCat(match, "DELETE f VALID ", Literal(change.valid));
    case Change::Kind::kSetK:
      return absl::StrCat(match, "SET f.k = ", *change.k);
    case Change::Kind::kSetSize:
      return absl::StrCat("MATCH (a {name: '", kNames[change.subject],
                          "'}) SET a.size = ", change.size, " VALID ", Literal(change.valid));
    case Change::Kind::kFold:
      return "// fold";
    case Change::Kind::kReopen:
      break;
  }
  return change.is_clean ? "// close and open" : "// die and open";
}

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

// A database and its model, to which the same is done.
class World {
 public:
  explicit World(std::string path) : path_(std::move(path)), model_(Names(), Labels()) {
    model_.now = kFirstMoment;
  }

  absl::Status Begin() {
    FASTI_RETURN_IF_ERROR(Open());
    FASTI_RETURN_IF_ERROR(Run("CREATE RELATION met (Thing) -> (Thing) EVENT").status());
    for (size_t i = 0; i < std::size(kNames); ++i) {
      FASTI_RETURN_IF_ERROR(
          Run(absl::StrCat("CREATE (:", Labels()[i], " {name: '", kNames[i], "'})")).status());
    }
    return absl::OkStatus();
  }

  // INTERNAL if the statement tells another effect than it has on the model.
  absl::Status Do(const Change& change) {
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
    return absl::InternalError(absl::StrCat(TextOf(change), "\n  expected ", created,
                                            " created and ", deleted, " deleted, found ",
                                            outcome.effects.relationships_created, " and ",
                                            outcome.effects.relationships_deleted, "\n"));
  }

  // INTERNAL if the database does not answer as the model does; how many rows there are.
  absl::StatusOr<size_t> Ask(const Question& question) {
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

  absl::Status Check() {
    FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, database_->Check());
    if (problems.empty()) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("check: ", absl::StrJoin(problems, "; ")));
  }

  size_t row_count() const { return model_.rows.size(); }

 private:
  absl::Status Open() {
    Options options;
    options.background_fold = false;
    options.durability = Durability::kBuffered;
    options.clock = [this] { return model_.now; };
    FASTI_ASSIGN_OR_RETURN(database_, Database::Open(path_, options));
    session_ = std::make_unique<Session>(*database_);
    return absl::OkStatus();
  }

  struct Outcome {
    std::vector<Cells> rows;
    Effects effects;
  };

  absl::StatusOr<Outcome> Run(const std::string& statement) {
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

  // A statement reads at the moment it begins, so what it commits comes after.
  Micros CommitTime() const { return model_.now + 1; }

  void Create(const Change& change) {
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

  void CreateCrowd(const Change& change) {
    Change one = change;
    for (const Told& valid : change.crowd) {
      one.valid = valid;
      for (int64_t k = 1; k <= kCrowdPerSpan; ++k) {
        one.k = k;
        Create(one);
      }
    }
  }

  // What stands in the record now of what `change` is about is replaced by what `make` makes of
  // it; nothing if it stays.  Returns of how many facts nothing is left.
  template <typename Make>
  int64_t Replace(const Change& change, Make make) {
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

  // What is left of a row around a portion; nothing if all of it.
  static std::optional<std::vector<Row>> Outside(const Row& row, const Told& portion) {
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

  const std::string path_;
  ReferenceModel model_;
  uint64_t lineages_ = 0;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

// Does `changes` to a new world, and asks `question`.
absl::Status Replay(const std::vector<Change>& changes, const std::optional<Question>& question) {
  const TemporaryFolder folder;
  World world(folder.File("db"));
  FASTI_RETURN_IF_ERROR(world.Begin());
  for (const Change& change : changes) FASTI_RETURN_IF_ERROR(world.Do(change));
  return question.has_value() ? world.Ask(*question).status() : absl::OkStatus();
}

// Leaves out what is not needed to show the difference: halves, quarters, ..., single changes.
std::vector<Change> Shrink(std::vector<Change> changes, const std::optional<Question>& question) {
  for (size_t size = changes.size(); size > 0; size /= 2) {
    for (size_t begin = 0; begin < changes.size();) {
      std::vector<Change> fewer = changes;
      fewer.erase(
          fewer.begin() + static_cast<std::ptrdiff_t>(begin),
          fewer.begin() + static_cast<std::ptrdiff_t>(std::min(begin + size, changes.size())));
      if (absl::IsInternal(Replay(fewer, question))) {
        changes = std::move(fewer);
      } else {
        begin += size;
      }
    }
  }
  return changes;
}

// `difference` is what came of `changes` and `question`, or of the last change.
absl::Status Explain(const absl::Status& difference, const std::vector<Change>& changes,
                     const std::optional<Question>& question) {
  if (!absl::IsInternal(difference)) {
    return absl::Status(
        difference.code(),
        absl::StrCat(question.has_value() ? TextOf(*question) : TextOf(changes.back()), ": ",
                     difference.message()));
  }
  std::string script;
  const std::vector<Change> enough = Shrink(changes, question);
  for (const Change& change : enough) absl::StrAppend(&script, "  ", TextOf(change), ";\n");
  return absl::InternalError(
      absl::StrCat(Replay(enough, question).message(), "after what is enough of\n", script));
}

// Random statements to a database and to a list of rows, and random questions to both.
class ModelMachine final : public Machine {
 public:
  absl::string_view name() const override { return "model"; }
  absl::string_view promise() const override {
    return "every question is answered as by a list of rows that knows nothing of the engine";
  }
  absl::StatusOr<uint64_t> Prepare() override { return kCases; }
  bool is_random() const override { return true; }
  absl::Status Run(uint64_t number, Counts* counts) override {
    const TemporaryFolder folder;
    World world(folder.File("db"));
    FASTI_RETURN_IF_ERROR(world.Begin());
    Dice dice(number);
    std::vector<Change> changes;
    const auto change_by = [&](const Change& change) {
      changes.push_back(change);
      const absl::Status status = world.Do(change);
      return status.ok() ? status : Explain(status, changes, std::nullopt);
    };
    Micros now = kFirstMoment;
    const bool is_large = number % kCasesPerCrowd == 0;
    if (is_large) {
      FASTI_RETURN_IF_ERROR(change_by(RandomCrowd(dice, now)));
      FASTI_RETURN_IF_ERROR(change_by({.kind = Change::Kind::kFold, .at = now}));
    }
    for (int i = 0; i < kChangesEach; ++i) {
      now += static_cast<Micros>(1 + dice.Below(5)) * 1'000'000;
      FASTI_RETURN_IF_ERROR(change_by(RandomChange(dice, now)));
      if (i % kChangesPerQuestion != 0) continue;
      const Question question = RandomQuestion(dice, kFirstMoment, now, is_large);
      const absl::StatusOr<size_t> rows = world.Ask(question);
      if (!rows.ok()) return Explain(rows.status(), changes, question);
      ++(*counts)["questions"];
      (*counts)["rows"] += *rows;
    }
    (*counts)["changes"] += kChangesEach;
    (*counts)["versions"] += world.row_count();
    return world.Check();
  }
};

}  // namespace

std::unique_ptr<Machine> MakeModelMachine() {
  return std::make_unique<ModelMachine>();
}

}  // namespace fasti::torture
