#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/machine.h"
#include "tests/torture/random_change.h"
#include "tests/torture/random_question.h"
#include "tests/torture/world.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kCases = 5000;
constexpr int kChangesEach = 200;
constexpr int kChangesPerQuestion = 2;
// So many histories have one in which facts are many: more of a relation than blocks hold.
constexpr uint64_t kCasesPerCrowd = 16;

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
