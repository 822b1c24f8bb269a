#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

// Writers that are to be killed are programs of their own (telling_child.h), which tell how far
// they have come.

namespace fasti {

class WriterProcess {
 public:
  // Starts `program` on the database at `path`, and waits for the first number it tells; until
  // then, and if it never tells one, it has told `before`.
  static absl::StatusOr<std::unique_ptr<WriterProcess>> Start(
      const std::string& program, const std::string& path, uint64_t before,
      const std::vector<std::string>& arguments = {});
  ~WriterProcess();  // kills it
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;

  // The last number that it told.  UNAVAILABLE if it ended by itself.
  absl::StatusOr<uint64_t> Told();
  // Lets it run for `run_time`, and on until it has told `number`.  UNAVAILABLE if it ended.
  absl::Status LetRun(absl::Duration run_time, uint64_t number);
  // Holds it where it is, for good; returns the last number that it told.
  absl::StatusOr<uint64_t> Stop();
  // Kills it; returns the last number that it told.  UNAVAILABLE if it ended by itself.
  absl::StatusOr<uint64_t> Kill();

 private:
  WriterProcess(pid_t child, int pipe, uint64_t before)
      : child_(child), pipe_(pipe), told_(before) {}

  pid_t child_;  // -1: killed
  const int pipe_;
  uint64_t told_;
};

}  // namespace fasti
