#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fasti/snapshot.h"

namespace fasti::ingest {

// A line of a program's output.
struct OutputLine {
  std::string text;       // without its end; of one that is too long only the beginning
  bool too_long = false;  // it has more than the bytes that were asked for
};

// A program that is spoken to in lines: what is sent goes to its standard input, and its standard
// output is read line by line.  Its standard error is ours.  The shell starts it, in a process
// group of its own, so that what it starts is ended with it and Ctrl-C is left to us.
class LineProcess {
 public:
  // UNAVAILABLE if there is no shell to start `command`; a command that cannot be run ends at once.
  static absl::StatusOr<std::unique_ptr<LineProcess>> Start(const std::string& command);
  ~LineProcess();  // kills it
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;

  // Sends all of `text`.  What the program writes meanwhile is kept for ReadLine, so neither waits
  // for the other for ever.  DEADLINE_EXCEEDED when it is not taken in time, UNAVAILABLE if the
  // program ended (the message says how), or what `interrupted` says.
  absl::Status Send(absl::string_view text, absl::Time deadline, const InterruptCheck& interrupted);
  // The next line; fails as Send does.  Of a line with more than `size_max` bytes the rest is
  // passed over.
  absl::StatusOr<OutputLine> ReadLine(size_t size_max, absl::Time deadline,
                                      const InterruptCheck& interrupted);
  // Tells the program that nothing more comes, gives it `grace` to end, and kills it if it does
  // not.
  void Finish(absl::Duration grace);

 private:
  LineProcess(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}

  // Waits until the program writes, or, if `to_send` is not empty, reads; takes what is there.
  absl::Status Exchange(absl::string_view* to_send, absl::Time deadline,
                        const InterruptCheck& interrupted);
  // How the program ended.  REQUIRES: it closed its output.
  absl::Status Ended() const;
  void CloseInput();

  const pid_t pid_;
  int input_;             // of the program; -1: closed
  const int output_;      // of the program
  std::string received_;  // and not read yet
  bool at_end_ = false;
};

}  // namespace fasti::ingest
