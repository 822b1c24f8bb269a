#include "tests/support/writer_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fasti {

absl::StatusOr<std::unique_ptr<WriterProcess>> WriterProcess::Start(
    const std::string& program, const std::string& path, uint64_t before,
    const std::vector<std::string>& arguments) {
  int pipe_fds[2];
  // Only the writer's end is passed on, to this child and to no other that is started meanwhile.
  if (pipe2(pipe_fds, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  std::vector<std::string> words = {program, path, absl::StrCat(pipe_fds[1])};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    // A process that forked must exec before it opens a database.
    fcntl(pipe_fds[1], F_SETFD, 0);
    execv(program.c_str(), argv.data());
    _exit(2);
  }
  const int fork_error = errno;
  close(pipe_fds[1]);
  std::unique_ptr<WriterProcess> process(new WriterProcess(child, pipe_fds[0], before));
  if (child == -1) return absl::ErrnoToStatus(fork_error, "fork");
  uint64_t number = 0;
  if (read(pipe_fds[0], &number, sizeof(number)) == sizeof(number)) process->told_ = number;
  if (fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK) != 0) return absl::ErrnoToStatus(errno, "pipe");
  return process;
}

WriterProcess::~WriterProcess() {
  if (child_ != -1) Kill().IgnoreError();
  close(pipe_);
}

absl::StatusOr<uint64_t> WriterProcess::Told() {
  uint64_t number = 0;
  ssize_t size = 0;
  while ((size = read(pipe_, &number, sizeof(number))) == sizeof(number)) told_ = number;
  const bool has_ended = size == 0;
  if (has_ended && child_ != -1) return absl::UnavailableError("the writer ended by itself");
  return told_;
}

absl::Status WriterProcess::LetRun(absl::Duration run_time, uint64_t number) {
  absl::SleepFor(run_time);
  while (true) {
    const absl::StatusOr<uint64_t> told = Told();
    if (!told.ok()) return told.status();
    if (*told >= number) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(1));
  }
}

absl::StatusOr<uint64_t> WriterProcess::Stop() {
  kill(child_, SIGSTOP);
  int status = 0;
  waitpid(child_, &status, WUNTRACED);
  return Told();
}

absl::StatusOr<uint64_t> WriterProcess::Kill() {
  kill(child_, SIGKILL);
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
    return absl::UnavailableError(absl::StrCat("the writer ended by itself, status ", status));
  }
  return Told();
}

}  // namespace fasti
