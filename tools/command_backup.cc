// fasti backup, fasti restore: copies of a database that stay when the database goes.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "fasti/backup.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tools/command.h"
#include "tools/progress_line.h"

namespace fasti::tools {
namespace {

struct BackupArguments {
  std::string database;
  std::string folder;
  std::string list;    // a folder
  std::string verify;  // likewise
  uint32_t number = 0;
  uint32_t keep = 0;
  bool quiet = false;
};

BackupOptions OptionsOf(const BackupArguments& arguments, ProgressLine& line) {
  BackupOptions options;
  options.keep = arguments.keep;
  options.should_stop = [] { return InterruptFlag().load(); };
  options.progress = [&line](const BackupProgress& progress) {
    line.Show(progress.doing,
              absl::StrFormat("%.1f MiB", static_cast<double>(progress.bytes) / (1 << 20)));
  };
  return options;
}

void PrintOutcome(const char* done, const BackupInfo& backup, const std::string& place) {
  std::printf("%s backup %u %s: commit %llu of %s, %.1f MiB, checked\n", done, backup.number,
              place.c_str(), static_cast<unsigned long long>(backup.sequence),
              FormatTime(backup.committed).c_str(), static_cast<double>(backup.bytes) / (1 << 20));
}

absl::StatusOr<BackupInfo> BackUp(const BackupArguments& arguments, const BackupOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenToRead(arguments.database));
  FASTI_ASSIGN_OR_RETURN(const BackupInfo backup, database->Backup(arguments.folder, options));
  FASTI_RETURN_IF_ERROR(database->Close());
  return backup;
}

int RunBackUp(const BackupArguments& arguments) {
  ProgressLine line(arguments.quiet);
  const absl::StatusOr<BackupInfo> backup = BackUp(arguments, OptionsOf(arguments, line));
  line.Erase();
  if (!backup.ok()) return Fail("", backup.status());
  if (!arguments.quiet) PrintOutcome("made", *backup, "in " + arguments.folder);
  return kSuccess;
}

int RunList(const BackupArguments& arguments) {
  const absl::StatusOr<std::vector<BackupInfo>> backups = ListBackups(arguments.list);
  if (!backups.ok()) return Fail("", backups.status());
  if (backups->empty()) {
    std::printf("%s: no backups\n", arguments.list.c_str());
    return kSuccess;
  }
  int code = kSuccess;
  std::printf("%6s  %-20s  %14s  %-20s  %10s\n", "number", "made", "commit", "committed", "MiB");
  for (const BackupInfo& backup : *backups) {
    if (!backup.damage.empty()) {
      std::printf("%6u  damaged: %s\n", backup.number, backup.damage.c_str());
      code = kFailure;
      continue;
    }
    std::printf(
        "%6u  %-20s  %14llu  %-20s  %10.1f\n", backup.number, FormatTime(backup.created).c_str(),
        static_cast<unsigned long long>(backup.sequence), FormatTime(backup.committed).c_str(),
        static_cast<double>(backup.bytes) / (1 << 20));
  }
  return code;
}

// The one named, or all of them: those behind a damaged one, too.
int RunVerify(const BackupArguments& arguments) {
  const absl::StatusOr<std::vector<BackupInfo>> backups = ListBackups(arguments.verify);
  if (!backups.ok()) return Fail("", backups.status());
  int code = kSuccess;
  bool found = false;
  for (const BackupInfo& backup : *backups) {
    if (arguments.number != 0 && arguments.number != backup.number) continue;
    found = true;
    ProgressLine line(arguments.quiet);
    const absl::StatusOr<BackupInfo> verified =
        VerifyBackup(arguments.verify, backup.number, OptionsOf(arguments, line));
    line.Erase();
    if (verified.ok()) {
      if (!arguments.quiet) PrintOutcome("verified", *verified, "in " + arguments.verify);
      continue;
    }
    code = Fail(absl::StrCat("backup ", backup.number), verified.status());
    if (code == kInterrupted) return code;
  }
  if (found) return code;
  return Fail(arguments.verify,
              absl::NotFoundError(arguments.number == 0
                                      ? "no backups there"
                                      : absl::StrCat("no backup ", arguments.number, " there")));
}

int RunBackup(const BackupArguments& arguments) {
  // Only a backup that was finished counts, so a second Ctrl-C may end the program at once.
  HandleInterrupts(/*end_on_second=*/true);
  if (!arguments.list.empty()) return RunList(arguments);
  if (!arguments.verify.empty()) return RunVerify(arguments);
  if (arguments.database.empty() || arguments.folder.empty()) {
    Fail("backup", absl::InvalidArgumentError(
                       "expected DATABASE and FOLDER, or --list FOLDER, or --verify FOLDER"));
    return kUsage;
  }
  return RunBackUp(arguments);
}

int RunRestore(const BackupArguments& arguments) {
  HandleInterrupts(/*end_on_second=*/true);
  ProgressLine line(arguments.quiet);
  const absl::StatusOr<BackupInfo> backup = RestoreBackup(
      arguments.folder, arguments.number, arguments.database, OptionsOf(arguments, line));
  line.Erase();
  if (!backup.ok()) return Fail("", backup.status());
  if (!arguments.quiet) PrintOutcome("restored", *backup, "to " + arguments.database);
  return kSuccess;
}

}  // namespace

CommandBody DeclareBackup(CLI::App& app) {
  auto arguments = std::make_shared<BackupArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database");
  app.add_option("FOLDER", arguments->folder,
                 "where the backups of this database are; created if absent");
  CLI::Option* const list =
      app.add_option("--list", arguments->list, "list the backups in this folder");
  CLI::Option* const verify =
      app.add_option("--verify", arguments->verify, "read and check the backups in this folder")
          ->excludes(list);
  app.add_option("--number", arguments->number, "verify only this one")->needs(verify);
  app.add_option("--keep", arguments->keep,
                 "once the new one is good, delete all but the newest so many (default: none)")
      ->check(CLI::Range(1u, 1'000'000u))
      ->excludes(list)
      ->excludes(verify);
  app.add_flag("--quiet", arguments->quiet, "print nothing unless something is wrong");
  app.footer(
      "A backup is one commit of the database, the last one or a later one. A program that writes "
      "the\n"
      "database is not disturbed. Tables that an earlier backup holds are not copied again. The "
      "backup\n"
      "counts once it was read back, opened and checked; if it fails, is interrupted or killed, "
      "the\n"
      "earlier ones are as they were. Exit code 1 also if a listed or verified one is damaged.");
  return [arguments] { return RunBackup(*arguments); };
}

CommandBody DeclareRestore(CLI::App& app) {
  auto arguments = std::make_shared<BackupArguments>();
  app.add_option("FOLDER", arguments->folder, "where the backups are")->required();
  app.add_option("DATABASE", arguments->database, "directory to be made; must not exist")
      ->required();
  app.add_option("--number", arguments->number, "which backup (default: the newest)");
  app.add_flag("--quiet", arguments->quiet, "print nothing unless something is wrong");
  app.footer(
      "The directory appears when the database in it is whole: copied, compared with its "
      "checksums,\n"
      "opened, checked and durable. Until then it is made in DATABASE.restoring, which the next "
      "attempt\n"
      "clears away if this one is killed. 'fasti backup --list FOLDER' tells the numbers.");
  return [arguments] { return RunRestore(*arguments); };
}

}  // namespace fasti::tools
