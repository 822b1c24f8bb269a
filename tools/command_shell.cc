// fasti shell: statements in, rows out.

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "tools/command.h"
#include "tools/shell/json_lines.h"
#include "tools/shell/shell.h"

namespace fasti::tools {
namespace {

struct ShellArguments {
  std::string database;
  std::vector<std::string> statements;
  std::string format;
  size_t width = 0;
  bool json_lines = false;
  bool read_only = false;
  bool create = false;
  bool timing = false;
  bool safe = false;
  bool raw = false;
  double timeout_s = 30;
};

size_t TerminalWidth() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 0;
}

std::string HistoryFile() {
  const char* home = std::getenv("HOME");
  return home == nullptr ? "" : absl::StrCat(home, "/.fasti_history");
}

shell::ShellOptions ShellOptionsOf(const ShellArguments& arguments) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  shell::ShellOptions options;
  options.render.format = shell::FormatFromName(arguments.format).value();
  options.render.width = arguments.width != 0 ? arguments.width : TerminalWidth();
  options.render.escape = terminal && !arguments.raw;
  options.limits.time = absl::Seconds(arguments.timeout_s);
  options.timing = arguments.timing;
  options.safe = arguments.safe;
  options.follow = arguments.read_only;
  if (!arguments.safe) options.history_file = HistoryFile();
  return options;
}

int RunShell(const ShellArguments& arguments) {
  Options options;
  options.create_if_missing = arguments.create;
  options.read_only = arguments.read_only;
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(arguments.database, options);
  if (!database.ok()) return Fail("", database.status());
  if (arguments.json_lines) {
    shell::JsonLines lines(*std::move(database), arguments.database, InterruptFlag());
    const absl::Status closed = lines.Run(std::cin, std::cout);
    return closed.ok() ? kSuccess : Fail(arguments.database, closed);
  }

  HandleInterrupts(/*end_on_second=*/false);
  shell::Shell session(**database, ShellOptionsOf(arguments), InterruptFlag(), std::cout,
                       std::cerr);
  bool ok = true;
  if (!arguments.statements.empty()) {
    for (const std::string& statement : arguments.statements) {
      ok = ok && session.RunScript(statement);
    }
  } else if (isatty(STDIN_FILENO)) {
    std::cout << "Fasti " FASTI_VERSION ", " << arguments.database << ".  .help tells more.\n";
    session.RunInteractive();
  } else {
    ok = session.RunScript(std::string(std::istreambuf_iterator<char>(std::cin), {}));
  }
  if (const absl::Status closed = (*database)->Close(); !closed.ok()) {
    return Fail(arguments.database, closed);
  }
  if (ok) return kSuccess;
  return InterruptFlag() ? kInterrupted : kFailure;
}

}  // namespace

CommandBody DeclareShell(CLI::App& app) {
  auto arguments = std::make_shared<ShellArguments>();
  arguments->format = "table";
  app.add_option("DATABASE", arguments->database, "directory of the database, or :memory:")
      ->required();
  app.add_option("-c,--command", arguments->statements,
                 "run this statement and end; may be repeated")
      ->type_name("STATEMENT");
  app.add_option("-f,--format", arguments->format, "how rows are written")
      ->check(CLI::IsMember(shell::FormatNames()))
      ->capture_default_str();
  app.add_option("--width", arguments->width, "columns a table may take (default: the terminal's)");
  app.add_option("--timeout", arguments->timeout_s, "seconds a statement may take")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--timing", arguments->timing, "show how long each statement took");
  app.add_flag("--read-only", arguments->read_only,
               "follow a database that another process is writing");
  app.add_flag("--create", arguments->create, "create the database if it does not exist");
  app.add_flag("--raw", arguments->raw, "do not escape control characters on a terminal");
  app.add_flag("--safe", arguments->safe,
               "read and write no file but the database: no .read, no history");
  app.add_flag("--json-lines", arguments->json_lines,
               "one JSON request per line in, one reply per line out");
  app.footer(
      "Without -c, statements are read from standard input; on a terminal, with a prompt.\n"
      "Ends with 0, with 1 if a statement failed, 2 for a wrong command line, 130 after Ctrl-C.\n\n"
      "  fasti shell news.db -c \"MATCH (a)-[f:invests_in]->(b) RETURN a.name, b.name, valid(f)\"");
  return [arguments] {
    if (arguments->database == ":memory:") arguments->create = true;
    return RunShell(*arguments);
  };
}

}  // namespace fasti::tools
