// fasti: the table of subcommands.  Each lives in a file command_NAME.cc.

#include <clocale>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tools/command.h"

namespace {

constexpr fasti::tools::Command kCommands[] = {
    {"ingest", "read articles and store the facts they tell", fasti::tools::DeclareIngest},
    {"review", "decide on facts that ingest was not sure of", fasti::tools::DeclareReview},
    {"merge", "state that two entities are one; list names that meet several",
     fasti::tools::DeclareMerge},
    {"unmerge", "take back that two entities are one", fasti::tools::DeclareUnmerge},
    {"load", "load files of facts, all at once", fasti::tools::DeclareLoad},
    {"shell", "ask questions, interactively or from a script", fasti::tools::DeclareShell},
    {"check", "look for damage in a database", fasti::tools::DeclareCheck},
    {"backup", "copy a database while it is in use; list and verify copies",
     fasti::tools::DeclareBackup},
    {"restore", "make a database of a backup", fasti::tools::DeclareRestore},
    {"salvage", "make a new database of what is readable in a damaged one",
     fasti::tools::DeclareSalvage},
    {"purge", "erase an entity, a source or a fact for good", fasti::tools::DeclarePurge},
    {"stats", "show what a database holds", fasti::tools::DeclareStats},
};

constexpr char kDescription[] =
    "Fasti keeps who did what to whom, when, according to whom, and how that story changed.\n"
    "A database is a directory; ':memory:' is one that is gone when the program ends.";

int Run(int argc, char** argv) {
  CLI::App app(kDescription, "fasti");
  app.require_subcommand(1);
  app.set_version_flag("--version", "fasti " FASTI_VERSION);
  app.footer("'fasti COMMAND --help' tells more about a command.");
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return "fasti: " + CLI::FailureMessage::simple(failed, error);
  });
  std::vector<std::pair<CLI::App*, fasti::tools::CommandBody>> commands;
  for (const fasti::tools::Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    commands.emplace_back(sub, command.declare(*sub));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? fasti::tools::kSuccess : fasti::tools::kUsage;
  }
  for (const auto& [sub, body] : commands) {
    if (sub->parsed()) return body();
  }
  return fasti::tools::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  // Debian's Abseil looks for deadlocks at every lock unless it is told not to.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fasti: %s\n", error.what());
    return fasti::tools::kFailure;
  }
}
