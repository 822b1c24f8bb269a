#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/backup.h"
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

// A writer in a process of its own (stepping_writer.cc) commits, reports, loads and folds, while
// its database is backed up again and again.  It is killed at a random moment, the database is
// opened and read, and another writer goes on with it.
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
    std::vector<std::string> words = {"backups"};
    if (number % 2 == 1) words.push_back("buffered");
    uint64_t steps = 0;
    uint32_t newest_backup = 0;
    for (int kill = 0; kill < kKillsEach; ++kill) {
      FASTI_ASSIGN_OR_RETURN(const auto writer,
                             WriterProcess::Start(FASTI_STEPPING_WRITER, path, steps, words));
      FASTI_RETURN_IF_ERROR(
          writer->LetRun(absl::Microseconds(random() % LifeMax(kill)), steps + 1 + random() % 2));
      FASTI_ASSIGN_OR_RETURN(const uint64_t told, writer->Kill());
      FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.create_if_missing = false,
                                                                        .background_fold = false}));
      FASTI_ASSIGN_OR_RETURN(steps, steps::Verify(*database, told, told + 1));
      FASTI_ASSIGN_OR_RETURN(newest_backup, VerifyBackups(path + ".backups", newest_backup));
      ++(*counts)["kills"];
      (*counts)["steps not yet told"] += steps - told;
    }
    (*counts)["steps acknowledged"] += steps;
    (*counts)["backups"] += newest_backup;
    return absl::OkStatus();
  }

 private:
  // Microseconds: mostly short, so that there are many kills, and now and then enough for backups.
  static uint64_t LifeMax(int kill) { return kill == kKillsEach / 2 ? 1'500'000 : 150'000; }

  // None that counted before is lost, and the newest is good.  Returns its number.
  static absl::StatusOr<uint32_t> VerifyBackups(const std::string& folder, uint32_t newest) {
    const absl::StatusOr<std::vector<BackupInfo>> listed = ListBackups(folder);
    if (absl::IsNotFound(listed.status())) return newest;  // killed before the first
    FASTI_RETURN_IF_ERROR(listed.status());
    const uint32_t found = listed->empty() ? 0 : listed->back().number;
    if (found < newest) {
      return absl::DataLossError(
          absl::StrCat("expected backup ", newest, " or a later one, found ", found));
    }
    if (found > 0) FASTI_RETURN_IF_ERROR(VerifyBackup(folder, found, {}).status());
    return found;
  }
};

}  // namespace

std::unique_ptr<Machine> MakeKillMachine() {
  return std::make_unique<KillMachine>();
}

}  // namespace fasti::torture
