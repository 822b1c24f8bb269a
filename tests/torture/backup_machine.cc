#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "fasti/backup.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/files.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/writer_process.h"
#include "tests/torture/digest.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kCases = 50;
constexpr int kRoundsEach = 3;
constexpr uint32_t kKept = 2;

absl::Status Broken(absl::string_view expected, absl::string_view found) {
  return absl::InternalError(absl::StrCat("expected ", expected, ", found ", found));
}

// What a case works with: a database with a writer in a process of its own, and its backups.
class BackupCase {
 public:
  BackupCase(uint64_t number, Counts* counts) : random_(number), counts_(*counts) {
    is_buffered_ = number % 2 == 1;
  }

  absl::Status Run() {
    FASTI_ASSIGN_OR_RETURN(const auto writer,
                           WriterProcess::Start(FASTI_STEPPING_WRITER, database_, 0,
                                                is_buffered_ ? std::vector<std::string>{"buffered"}
                                                             : std::vector<std::string>{}));
    for (int round = 0; round < kRoundsEach; ++round) {
      FASTI_ASSIGN_OR_RETURN(const uint64_t told, writer->Told());
      FASTI_RETURN_IF_ERROR(
          writer->LetRun(absl::Microseconds(random_() % 100'000), told + 1 + random_() % 60));
      FASTI_RETURN_IF_ERROR(BackUp());
      FASTI_RETURN_IF_ERROR(Restore());
    }
    FASTI_ASSIGN_OR_RETURN(const uint64_t told, writer->Kill());
    FASTI_ASSIGN_OR_RETURN(const auto database,
                           Database::Open(database_, {.create_if_missing = false}));
    return steps::Verify(*database, told, told + 1).status();
  }

 private:
  // One that is killed, then one that is not.
  absl::Status BackUp() {
    const std::vector<std::string> words = {FASTI_PROGRAM, "backup", database_,
                                            backups_,      "--keep", absl::StrCat(kKept)};
    FASTI_RETURN_IF_ERROR(RunKilled(words, "kills while backing up"));
    if (fs::exists(backups_)) FASTI_RETURN_IF_ERROR(VerifyAll());
    FASTI_RETURN_IF_ERROR(RunWhole(words));
    ++counts_["backups"];
    FASTI_RETURN_IF_ERROR(VerifyAll());
    return CheckNothingIsLeftOver();
  }

  absl::Status Restore() {
    FASTI_ASSIGN_OR_RETURN(const std::vector<BackupInfo> listed, ListBackups(backups_));
    const BackupInfo& backup = listed[random_() % listed.size()];
    const std::vector<std::string> words = {FASTI_PROGRAM, "restore",  backups_,
                                            restored_,     "--number", absl::StrCat(backup.number)};
    FASTI_RETURN_IF_ERROR(RunKilled(words, "kills while restoring"));
    // Where it was too late to kill it, there is one already.
    if (!fs::exists(restored_)) FASTI_RETURN_IF_ERROR(RunWhole(words));
    ++counts_["restored databases"];
    FASTI_RETURN_IF_ERROR(CompareRestored(backup));
    fs::remove_all(restored_);
    return absl::OkStatus();
  }

  absl::Status RunWhole(const std::vector<std::string>& words) {
    const absl::Time start = absl::Now();
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end, RunProgram(words));
    duration_ = absl::Now() - start;
    if (end.exit_code == 0) return absl::OkStatus();
    return Broken(absl::StrCat("'fasti ", words[1], "' to succeed"),
                  absl::StrCat("exit code ", end.exit_code, ": ", end.errors));
  }

  // Within about the time that the last one took.
  absl::Status RunKilled(const std::vector<std::string>& words, const char* count) {
    const absl::Duration life = duration_ * std::uniform_real_distribution<>(0, 1)(random_);
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end, RunProgram(words, life));
    if (end.signal != 0) {
      ++counts_[count];
    } else if (end.exit_code != 0) {
      return Broken(absl::StrCat("'fasti ", words[1], "' to succeed or to be killed"),
                    absl::StrCat("exit code ", end.exit_code, ": ", end.errors));
    }
    return absl::OkStatus();
  }

  absl::Status VerifyAll() {
    FASTI_ASSIGN_OR_RETURN(const std::vector<BackupInfo> listed, ListBackups(backups_));
    for (const BackupInfo& backup : listed) {
      if (!backup.damage.empty()) return Broken("sound backups", backup.damage);
      FASTI_RETURN_IF_ERROR(VerifyBackup(backups_, backup.number, {}).status());
    }
    return absl::OkStatus();
  }

  // After a backup that was not killed there are the newest ones, and their files.
  absl::Status CheckNothingIsLeftOver() {
    FASTI_ASSIGN_OR_RETURN(const std::vector<BackupInfo> listed, ListBackups(backups_));
    if (listed.empty() || listed.size() > kKept || listed.back().number <= newest_) {
      return Broken(absl::StrCat("a backup after ", newest_, ", of ", kKept, " at most"),
                    absl::StrCat(listed.size(), " backups"));
    }
    newest_ = listed.back().number;
    std::set<std::string> numbers;
    std::string metas;
    for (const BackupInfo& backup : listed) {
      numbers.insert(absl::StrCat(backup.number));
      metas += ReadFile(absl::StrCat(backups_, "/meta/", backup.number));
    }
    for (const char* folder : {"meta", "private", "checked"}) {
      const std::vector<std::string> names = FileNames(absl::StrCat(backups_, "/", folder));
      if (std::set<std::string>(names.begin(), names.end()) != numbers) {
        return Broken(absl::StrCat(folder, " to hold ", absl::StrJoin(numbers, " ")),
                      absl::StrJoin(names, " "));
      }
    }
    for (const std::string& name : FileNames(backups_ + "/shared_checksum")) {
      if (!absl::StrContains(metas, name)) {
        return Broken("only files that a backup refers to", name);
      }
    }
    return absl::OkStatus();
  }

  // It is the database as it was at that commit, which a reader beside the writer still knows.
  absl::Status CompareRestored(const BackupInfo& backup) {
    FASTI_ASSIGN_OR_RETURN(const auto copy,
                           Database::Open(restored_, {.create_if_missing = false}));
    FASTI_RETURN_IF_ERROR(steps::Verify(*copy, 0, ~uint64_t{0}).status());
    const auto of_copy = copy->GetSnapshot();
    if (of_copy->sequence() != backup.sequence) {
      return Broken(absl::StrCat("commit ", backup.sequence), absl::StrCat(of_copy->sequence()));
    }
    FASTI_ASSIGN_OR_RETURN(const auto reader, Database::Open(database_, {.create_if_missing = false,
                                                                         .read_only = true}));
    FASTI_ASSIGN_OR_RETURN(const uint64_t expected,
                           DigestUpTo(*reader->GetSnapshot(), backup.sequence));
    FASTI_ASSIGN_OR_RETURN(const uint64_t found, DigestUpTo(*of_copy, backup.sequence));
    if (expected == found) return absl::OkStatus();
    return Broken(absl::StrCat("the record up to commit ", backup.sequence), "another one");
  }

  std::mt19937_64 random_;
  Counts& counts_;
  bool is_buffered_ = false;
  const TemporaryFolder folder_;
  const std::string database_ = folder_.File("db");
  const std::string backups_ = folder_.File("backups");
  const std::string restored_ = folder_.File("restored");
  absl::Duration duration_ = absl::Milliseconds(50);  // of the last command that was not killed
  uint32_t newest_ = 0;
};

// Backups are made, kept few, verified and restored beside a writer that commits, reports, folds
// and loads, all by the program that people use; it is killed now and then.
class BackupMachine final : public Machine {
 public:
  absl::string_view name() const override { return "backup"; }
  absl::string_view promise() const override {
    return "a backup that counts is one commit, whole, whatever is written and killed meanwhile";
  }
  absl::StatusOr<uint64_t> Prepare() override { return kCases; }
  bool is_random() const override { return true; }
  absl::Status Run(uint64_t number, Counts* counts) override {
    return BackupCase(number, counts).Run();
  }
};

}  // namespace

std::unique_ptr<Machine> MakeBackupMachine() {
  return std::make_unique<BackupMachine>();
}

}  // namespace fasti::torture
