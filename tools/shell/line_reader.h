#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/shell/completion.h"

namespace fasti::shell {

// Lines typed by a person: with editing, history and completion on a terminal (libedit).
// Used by one thread.
class LineReader {
 public:
  enum class Outcome { kLine, kEnd, kInterrupted };

  // `history_file` is read now and written on destruction, for its owner's eyes only; empty: none.
  LineReader(std::string history_file, std::function<Completion(absl::string_view)> complete);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Shows `prompt` and waits.  kInterrupted: Ctrl-C, what was typed is dropped.
  Outcome Read(absl::string_view prompt, std::string* line);
  // A statement is remembered as a whole, however many lines it took.
  void Remember(absl::string_view statement);

 private:
  struct Editor;
  std::unique_ptr<Editor> editor_;
};

}  // namespace fasti::shell
