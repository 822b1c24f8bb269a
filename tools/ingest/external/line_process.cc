#include "tools/ingest/external/line_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fasti/status_macros.h"

extern char** environ;

namespace fasti::ingest {
namespace {

constexpr size_t kReadSize = size_t{1} << 16;
constexpr absl::Duration kEndGrace = absl::Seconds(2);  // from closing its output to its end
constexpr absl::Duration kPollMax = absl::Seconds(1);

absl::Status SystemError(absl::string_view what) {
  return absl::UnavailableError(
      absl::StrCat("the extractor cannot be ", what, ": ", std::strerror(errno)));
}

// The two ends of a channel, ours first; a socket, since writing to one whose reader is gone can be
// told not to raise SIGPIPE.
absl::Status OpenChannel(int ends[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return SystemError("started");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<LineProcess>> LineProcess::Start(const std::string& command) {
  int input[2], output[2];
  FASTI_RETURN_IF_ERROR(OpenChannel(input));
  if (const absl::Status status = OpenChannel(output); !status.ok()) {
    close(input[0]);
    close(input[1]);
    return status;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string shell = "/bin/sh", option = "-c", copy = command;
  char* arguments[] = {shell.data(), option.data(), copy.data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, shell.c_str(), &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(input[1]);
  close(output[1]);
  if (error != 0) {
    close(input[0]);
    close(output[0]);
    errno = error;
    return SystemError("started");
  }
  fcntl(input[0], F_SETFL, O_NONBLOCK);
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<LineProcess>(new LineProcess(pid, input[0], output[0]));
}

LineProcess::~LineProcess() {
  CloseInput();
  close(output_);
  kill(-pid_, SIGKILL);  // also what it started and left behind
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

void LineProcess::CloseInput() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

absl::Status LineProcess::Exchange(absl::string_view* to_send, absl::Time deadline,
                                   const InterruptCheck& interrupted) {
  if (interrupted) FASTI_RETURN_IF_ERROR(interrupted());
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return absl::DeadlineExceededError("the extractor did not answer in time");
  }
  pollfd waits[2] = {{output_, POLLIN, 0}, {to_send->empty() ? -1 : input_, POLLOUT, 0}};
  const int ready =
      poll(waits, 2, 1 + static_cast<int>(absl::ToInt64Milliseconds(std::min(left, kPollMax))));
  if (ready < 0 && errno != EINTR) return SystemError("waited for");
  if (ready <= 0) return absl::OkStatus();
  if (waits[0].revents != 0) {
    char bytes[kReadSize];
    const ssize_t size = read(output_, bytes, sizeof(bytes));
    if (size > 0) received_.append(bytes, static_cast<size_t>(size));
    const bool again = size < 0 && (errno == EAGAIN || errno == EINTR);
    if (size <= 0 && !again) at_end_ = true;
  }
  if (waits[1].revents != 0 && !at_end_) {
    const ssize_t size = send(input_, to_send->data(), to_send->size(), MSG_NOSIGNAL);
    if (size > 0) to_send->remove_prefix(static_cast<size_t>(size));
    // Who closed its input may still say why, and then ends.
    if (size < 0 && errno != EAGAIN && errno != EINTR) *to_send = absl::string_view();
  }
  return absl::OkStatus();
}

absl::Status LineProcess::Send(absl::string_view text, absl::Time deadline,
                               const InterruptCheck& interrupted) {
  while (!text.empty() && !at_end_) {
    FASTI_RETURN_IF_ERROR(Exchange(&text, deadline, interrupted));
  }
  return absl::OkStatus();
}

absl::StatusOr<OutputLine> LineProcess::ReadLine(size_t size_max, absl::Time deadline,
                                                 const InterruptCheck& interrupted) {
  OutputLine line;
  absl::string_view nothing;
  while (true) {
    const size_t end = received_.find('\n');
    const size_t size = end == std::string::npos ? received_.size() : end;
    line.too_long |= line.text.size() + size > size_max;
    line.text.append(received_, 0, std::min(size, size_max - line.text.size()));
    received_.erase(0, end == std::string::npos ? size : end + 1);
    if (end != std::string::npos) return line;
    if (at_end_) return Ended();
    FASTI_RETURN_IF_ERROR(Exchange(&nothing, deadline, interrupted));
  }
}

// It stays a zombie until the destructor, so that its number means nobody else until then.
absl::Status LineProcess::Ended() const {
  const absl::Time deadline = absl::Now() + kEndGrace;
  while (absl::Now() < deadline) {
    siginfo_t end = {};
    if (waitid(P_PID, static_cast<id_t>(pid_), &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        end.si_pid == pid_) {
      return absl::UnavailableError(absl::StrCat(
          "the extractor ended ", end.si_code == CLD_EXITED ? "with exit code " : "by signal ",
          end.si_status));
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  return absl::UnavailableError("the extractor closed its output");
}

void LineProcess::Finish(absl::Duration grace) {
  CloseInput();
  const absl::Time deadline = absl::Now() + grace;
  absl::string_view nothing;
  while (!at_end_ && Exchange(&nothing, deadline, {}).ok()) received_.clear();
}

}  // namespace fasti::ingest
