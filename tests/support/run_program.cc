#include "tests/support/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fasti {
namespace {

// The reading end of a pipe; the other one is closed once the child has it.
struct Pipe {
  Pipe() { is_open = pipe2(ends, O_CLOEXEC) == 0; }
  ~Pipe() {
    if (!is_open) return;
    close(ends[0]);
    CloseWriter();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void CloseWriter() {
    if (ends[1] >= 0) close(ends[1]);
    ends[1] = -1;
  }

  int ends[2] = {-1, -1};
  bool is_open = false;
};

// Appends what there is to read; false at the end.
bool ReadSome(int from, std::string* to) {
  char buffer[4096];
  const ssize_t size = read(from, buffer, sizeof(buffer));
  if (size > 0) to->append(buffer, static_cast<size_t>(size));
  return size > 0 || (size < 0 && errno == EINTR);
}

int MillisecondsUntil(absl::Time time) {
  const absl::Duration left = std::min(time - absl::Now(), absl::Hours(1));
  return static_cast<int>(std::max<int64_t>(0, absl::ToInt64Milliseconds(left)));
}

}  // namespace

absl::StatusOr<ProgramEnd> RunProgram(std::vector<std::string> words, absl::Duration life) {
  Pipe output, errors;
  if (!output.is_open || !errors.is_open) return absl::ErrnoToStatus(errno, "pipe");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const absl::Time dies_at = absl::Now() + life;
  const pid_t child = fork();
  if (child == 0) {
    dup2(output.ends[1], STDOUT_FILENO);
    dup2(errors.ends[1], STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  if (child == -1) return absl::ErrnoToStatus(errno, "fork");
  output.CloseWriter();
  errors.CloseWriter();
  ProgramEnd end;
  pollfd waits[] = {{.fd = output.ends[0], .events = POLLIN, .revents = 0},
                    {.fd = errors.ends[0], .events = POLLIN, .revents = 0}};
  bool is_killed = false;
  while (waits[0].fd >= 0 || waits[1].fd >= 0) {
    if (!is_killed && absl::Now() >= dies_at) {
      kill(child, SIGKILL);
      is_killed = true;
    }
    waits[0].revents = waits[1].revents = 0;
    if (poll(waits, 2, is_killed ? -1 : MillisecondsUntil(dies_at)) < 0 && errno != EINTR) break;
    if (waits[0].revents != 0 && !ReadSome(waits[0].fd, &end.output)) waits[0].fd = -1;
    if (waits[1].revents != 0 && !ReadSome(waits[1].fd, &end.errors)) waits[1].fd = -1;
  }
  int status = 0;
  while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  if (end.exit_code == 127) {
    return absl::NotFoundError(absl::StrCat(words[0], ": cannot be run"));
  }
  return end;
}

}  // namespace fasti
