#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/writer_process.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kCases = 200;
constexpr int kKillsEach = 5;  // of one database

// A writer in a process of its own (stepping_writer.cc) commits, reports, loads and folds.  It is
// killed at a random moment, the database is opened and read, and another writer goes on with it.
class KillMachine final : public Machine {
 public:
  absl::string_view name() const override { return "kill"; }
  absl::string_view promise() const override {
    return "kill -9 at any moment loses nothing acknowledged and leaves nothing in part";
  }
  absl::StatusOr<uint64_t> Prepare() override { return kCases; }
  bool is_random() const override { return true; }

  absl::Status Run(uint64_t number, Counts* counts) override {
    const TemporaryFolder folder;
    const std::string path = folder.File("db");
    std::mt19937_64 random(number);
    const bool is_buffered = number % 2 == 1;
    uint64_t steps = 0;
    for (int kill = 0; kill < kKillsEach; ++kill) {
      FASTI_ASSIGN_OR_RETURN(const auto writer,
                             WriterProcess::Start(FASTI_STEPPING_WRITER, path, steps,
                                                  is_buffered ? std::vector<std::string>{"buffered"}
                                                              : std::vector<std::string>{}));
      FASTI_RETURN_IF_ERROR(
          writer->LetRun(absl::Microseconds(random() % 150'000), steps + 1 + random() % 2));
      FASTI_ASSIGN_OR_RETURN(const uint64_t told, writer->Kill());
      FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.create_if_missing = false,
                                                                        .background_fold = false}));
      FASTI_ASSIGN_OR_RETURN(steps, steps::Verify(*database, told, told + 1));
      ++(*counts)["kills"];
      (*counts)["steps not yet told"] += steps - told;
    }
    (*counts)["steps acknowledged"] += steps;
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<Machine> MakeKillMachine() {
  return std::make_unique<KillMachine>();
}

}  // namespace fasti::torture
