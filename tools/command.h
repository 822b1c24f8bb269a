#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/database.h"

// What the subcommands of `fasti` share.

namespace fasti::tools {

// How the program ends (docs/shell.md).
enum ExitCode : int {
  kSuccess = 0,
  kFailure = 1,        // nothing was done, or a statement failed
  kUsage = 2,          // the command line does not fit
  kPartly = 3,         // some of the input was rejected, the rest was done
  kInterrupted = 130,  // Ctrl-C
};

// A subcommand: `declare` adds its options to the parser and returns what runs when it was chosen.
using CommandBody = std::function<int()>;
struct Command {
  const char* name;
  const char* summary;
  CommandBody (*declare)(CLI::App& app);
};

CommandBody DeclareBackup(CLI::App& app);
CommandBody DeclareCheck(CLI::App& app);
CommandBody DeclareIngest(CLI::App& app);
CommandBody DeclareLoad(CLI::App& app);
CommandBody DeclareMerge(CLI::App& app);
CommandBody DeclarePurge(CLI::App& app);
CommandBody DeclareRestore(CLI::App& app);
CommandBody DeclareReview(CLI::App& app);
CommandBody DeclareSalvage(CLI::App& app);
CommandBody DeclareShell(CLI::App& app);
CommandBody DeclareStats(CLI::App& app);
CommandBody DeclareUnmerge(CLI::App& app);

// Opens the database as one that is there and that another process may be writing.
absl::StatusOr<std::unique_ptr<Database>> OpenToRead(const std::string& path);

// "2025-06-12T14:00:07Z"; "-" for kInstantMin.
std::string FormatTime(Instant instant);

// Prints "fasti: WHERE: what is wrong" and returns the exit code for it.
int Fail(absl::string_view where, const absl::Status& status);

// Set by Ctrl-C.  The second Ctrl-C within one operation ends the process at once, which loses
// nothing that was acknowledged.
std::atomic<bool>& InterruptFlag();
void HandleInterrupts(bool end_on_second);

}  // namespace fasti::tools
