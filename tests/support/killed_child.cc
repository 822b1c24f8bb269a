#include "tests/support/killed_child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fasti {

KilledChild::KilledChild(const std::string& program, const std::string& path, uint64_t before)
    : told_(before) {
  int pipe_fds[2];
  EXPECT_EQ(pipe(pipe_fds), 0);
  const std::string pipe_argument = absl::StrCat(pipe_fds[1]);
  child_ = fork();
  if (child_ == 0) {
    // A process that forked must exec before it opens a database.
    close(pipe_fds[0]);
    execl(program.c_str(), program.c_str(), path.c_str(), pipe_argument.c_str(), nullptr);
    _exit(2);
  }
  close(pipe_fds[1]);
  pipe_ = pipe_fds[0];
  uint64_t number = 0;
  if (read(pipe_, &number, sizeof(number)) == sizeof(number)) told_ = number;
  EXPECT_EQ(fcntl(pipe_, F_SETFL, O_NONBLOCK), 0);
}

KilledChild::~KilledChild() {
  if (child_ != -1) Kill();
}

uint64_t KilledChild::Told() {
  uint64_t number = 0;
  ssize_t size = 0;
  while ((size = read(pipe_, &number, sizeof(number))) == sizeof(number)) told_ = number;
  const bool has_ended = size == 0;
  if (has_ended && child_ != -1) ADD_FAILURE() << "the writer ended by itself";
  return told_;
}

uint64_t KilledChild::Kill() {
  kill(child_, SIGKILL);
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
      << "the writer ended by itself, status " << status;
  Told();
  close(pipe_);
  return told_;
}

uint64_t RunAndKill(const std::string& program, const std::string& path, absl::Duration run_time,
                    uint64_t before, uint64_t steps_min) {
  KilledChild child(program, path, before);
  absl::SleepFor(run_time);
  while (child.Told() < before + steps_min && !::testing::Test::HasFailure()) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  return child.Kill();
}

}  // namespace fasti
