#pragma once

#include <atomic>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "tools/shell/completion.h"
#include "tools/shell/render.h"

namespace fasti::shell {

struct ShellOptions {
  RenderOptions render;
  RunLimits limits;
  bool timing = false;
  bool safe = false;         // reads no file that a line names
  bool follow = false;       // the database is read-only: refresh before each statement
  std::string history_file;  // of the interactive shell; empty: none
};

// The query shell: statements in, rows out.  Used by one thread.
class Shell {
 public:
  // `cancelled` is set by the handler of Ctrl-C and cleared before each statement.
  Shell(Database& database, const ShellOptions& options, std::atomic<bool>& cancelled,
        std::ostream& out, std::ostream& err);

  // Runs the statements of a text up to the first that fails; false if one did.
  bool RunScript(absl::string_view script);
  // Talks with a person on the terminal until Ctrl-D or .quit.
  void RunInteractive();

 private:
  bool RunStatement(absl::string_view statement);
  // A line that begins with a dot; false ends the session.
  bool RunCommand(absl::string_view line);
  void ShowHelp();
  void ShowError(const absl::Status& status, absl::string_view statement);
  CompletionWords Words() const;

  Database& database_;
  Session session_;
  ShellOptions options_;
  std::atomic<bool>& cancelled_;
  std::ostream& out_;
  std::ostream& err_;
};

// "query:1:21: expected a node ...", the line of the statement and a caret below the place.
std::string FormatQueryError(const absl::Status& status, absl::string_view statement);

// "2 nodes created, 1 label added"; empty if nothing changed.
std::string FormatEffects(const Effects& effects);

}  // namespace fasti::shell
