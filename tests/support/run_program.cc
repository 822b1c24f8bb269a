#include "tests/support/run_program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace fasti {

absl::StatusOr<ProgramEnd> RunProgram(std::vector<std::string> words) {
  int pipe_fds[2];
  if (pipe2(pipe_fds, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_fds[1], STDOUT_FILENO);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  const int fork_error = errno;
  close(pipe_fds[1]);
  ProgramEnd end;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = read(pipe_fds[0], buffer, sizeof(buffer))) > 0 || (size < 0 && errno == EINTR)) {
    if (size > 0) end.output.append(buffer, static_cast<size_t>(size));
  }
  close(pipe_fds[0]);
  if (child == -1) return absl::ErrnoToStatus(fork_error, "fork");
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
