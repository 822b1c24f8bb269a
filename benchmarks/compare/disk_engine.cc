// The disk alone: a commit appends its facts to a file, as many bytes as a row takes in the log of
// Fasti, and waits until they are durable.  Nobody who promises durability commits faster by
// himself; several writers can, who share a wait.  It answers no questions.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "benchmarks/compare/engine.h"

namespace fasti::bench {

namespace {

constexpr size_t kBytesOfCommit = 30;
constexpr size_t kBytesOfFact = 25;

absl::Status Failed(absl::string_view call) {
  return absl::UnavailableError(absl::StrCat(call, ": ", std::strerror(errno)));
}

class DiskWriter : public Writer {
 public:
  explicit DiskWriter(int file) : file_(file) {}

  absl::Status Commit(absl::Span<const FactRow> rows) override {
    const std::string bytes(kBytesOfCommit + rows.size() * kBytesOfFact, '\1');
    // The file is in append mode: rows of two writers do not mix.
    if (write(file_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      return Failed("write");
    }
    return fdatasync(file_) == 0 ? absl::OkStatus() : Failed("fdatasync");
  }

 private:
  const int file_;
};

class DiskEngine : public Engine {
 public:
  explicit DiskEngine(std::string directory) : directory_(std::move(directory)) {}
  ~DiskEngine() override {
    if (file_ >= 0) close(file_);
  }

  absl::Status Load(const std::string& /*facts*/) override { return OnlyCommits(); }
  absl::Status Open(Mode /*mode*/) override {
    file_ = open(absl::StrCat(directory_, "/log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
    return file_ >= 0 ? absl::OkStatus() : Failed("open");
  }
  absl::Status Ask(const Question& /*question*/, Answer* /*answer*/) override {
    return OnlyCommits();
  }
  absl::StatusOr<std::unique_ptr<Writer>> NewWriter() override {
    return std::make_unique<DiskWriter>(file_);
  }
  absl::Status Close() override {
    return close(std::exchange(file_, -1)) == 0 ? absl::OkStatus() : Failed("close");
  }

 private:
  static absl::Status OnlyCommits() {
    return absl::UnimplementedError("the disk alone does nothing but commit");
  }

  const std::string directory_;
  int file_ = -1;
};

}  // namespace

std::unique_ptr<Engine> MakeDiskEngine(const std::string& directory) {
  return std::make_unique<DiskEngine>(directory);
}

}  // namespace fasti::bench
