#include "tests/support/killed_child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fasti {

uint64_t RunAndKill(const std::string& program, const std::string& path, absl::Duration run_time,
                    uint64_t before) {
  int pipe_fds[2];
  EXPECT_EQ(pipe(pipe_fds), 0);
  const std::string pipe_argument = absl::StrCat(pipe_fds[1]);
  const pid_t child = fork();
  if (child == 0) {
    // A process that forked must exec before it opens a database.
    close(pipe_fds[0]);
    execl(program.c_str(), program.c_str(), path.c_str(), pipe_argument.c_str(), nullptr);
    _exit(2);
  }
  close(pipe_fds[1]);
  // The clock starts with the first number, so that every run writes something.
  uint64_t told = before;
  uint64_t number = 0;
  if (read(pipe_fds[0], &number, sizeof(number)) == sizeof(number)) told = number;
  absl::SleepFor(run_time);
  kill(child, SIGKILL);
  while (read(pipe_fds[0], &number, sizeof(number)) == sizeof(number)) told = number;
  close(pipe_fds[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
      << "the writer ended by itself, status " << status;
  return told;
}

}  // namespace fasti
