#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "tests/support/files.h"
#include "tests/support/run_program.h"
#include "tests/support/sanitized.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/hostile_statements.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kBudgets[] = {16 << 20, 64 << 20};
constexpr uint64_t kBesideBytes = uint64_t{256} << 20;  // the program, the database and its caches

// Statements that want far more memory than they are given, each in a process of its own.
class MemoryMachine final : public Machine {
 public:
  absl::string_view name() const override { return "memory"; }
  absl::string_view promise() const override {
    return "a statement that wants too much ends with an error, within its memory, and the next "
           "one is answered";
  }
  bool is_random() const override { return false; }

  absl::StatusOr<uint64_t> Prepare() override {
    if (test::kIsSanitized) {
      return absl::UnimplementedError("a sanitizer takes memory of its own: not measured");
    }
    FASTI_ASSIGN_OR_RETURN(const auto database,
                           Database::Open(folder_.File("db"), {.create_if_missing = true}));
    const Session session(*database);
    for (const char* statement :
         {"UNWIND range(0, 1999) AS i CREATE (:P {name: 'person ' + toString(i), n: i, age: i % "
          "90})",
          "MATCH (a:P) UNWIND range(0, 9) AS j "
          "MATCH (b:P {name: 'person ' + toString((a.n * 37 + j * 131) % 2000)}) "
          "CREATE (a)-[:knows {k: j % 5}]->(b) VALID @2020"}) {
      FASTI_RETURN_IF_ERROR(session.Run(statement, {}, {}).status());
    }
    FASTI_RETURN_IF_ERROR(database->Close());
    return HostileStatements().size() * std::size(kBudgets);
  }

  absl::Status Run(uint64_t number, Counts* counts) override {
    const uint64_t budget = kBudgets[number % std::size(kBudgets)];
    const std::string& statement = HostileStatements()[number / std::size(kBudgets)];
    const TemporaryFolder scratch;
    CopyFolder(folder_.File("db"), scratch.File("db"));
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end, RunProgram({FASTI_MEMORY_CHILD, scratch.File("db"),
                                                             absl::StrCat(budget), statement}));
    const auto failed = [&](absl::string_view what) {
      return absl::InternalError(absl::StrCat(statement, " within ", budget >> 20, " MiB: ", what));
    };
    if (end.exit_code != 0) return failed(absl::StrCat("ended by signal ", end.signal));
    const std::vector<std::string> lines = absl::StrSplit(end.output, '\n');
    uint64_t kib = 0;
    if (lines.size() < 3 || !absl::SimpleAtoi(lines[2], &kib)) return failed(end.output);
    ++(*counts)[absl::StrCat("ended with ", lines[0])];
    if (lines[1] != "goes on") return failed(lines[1]);
    if (lines[0] != "rows" && !absl::StartsWith(lines[0], "LimitError.")) return failed(lines[0]);
    if (kib << 10 <= budget + kBesideBytes) return absl::OkStatus();
    return failed(absl::StrCat("it took ", kib >> 10, " MiB"));
  }

 private:
  const TemporaryFolder folder_;
};

}  // namespace

std::unique_ptr<Machine> MakeMemoryMachine() {
  return std::make_unique<MemoryMachine>();
}

}  // namespace fasti::torture
