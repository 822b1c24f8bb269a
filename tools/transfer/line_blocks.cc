#include "tools/transfer/line_blocks.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::transfer {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr unsigned kInflateBytes = 256u << 10;
constexpr absl::string_view kStandardInput = "-";
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// zlib passes on what is not compressed.
class ZlibLineBlocks : public LineBlocks {
 public:
  ZlibLineBlocks(gzFile file, std::string path) : file_(file), path_(std::move(path)) {
    gzbuffer(file_, kInflateBytes);
  }
  ~ZlibLineBlocks() override { gzclose_r(file_); }

  absl::StatusOr<std::string> Next() override {
    std::string block = std::exchange(rest_, {});
    while (!at_end_) {
      FASTI_RETURN_IF_ERROR(ReadMore(&block));
      const size_t newline = block.rfind('\n');
      if (newline != std::string::npos) {
        rest_ = block.substr(newline + 1);
        block.resize(newline + 1);
        break;
      }
      if (block.size() > kLineBytesMax) {
        block.resize(kLineBytesMax + 1);
        FASTI_RETURN_IF_ERROR(LeapOverLine());
        block.push_back('\n');
        break;
      }
    }
    if (std::exchange(is_first_, false) && block.compare(0, 3, kByteOrderMark.data()) == 0) {
      block.erase(0, kByteOrderMark.size());
    }
    return block;
  }

 private:
  // Appends what comes next, or notes that there is no more.
  absl::Status ReadMore(std::string* block) {
    const size_t before = block->size();
    block->resize(before + kBlockBytes);
    const int read = gzread(file_, block->data() + before, static_cast<unsigned>(kBlockBytes));
    int code = Z_OK;
    gzerror(file_, &code);
    // A file that ends in the middle is told after its last bytes were read.
    if (read < 0 || (read == 0 && code != Z_OK)) return ReadError();
    block->resize(before + static_cast<size_t>(read));
    at_end_ = read == 0;
    return absl::OkStatus();
  }

  // To the beginning of the next line.
  absl::Status LeapOverLine() {
    while (!at_end_) {
      std::string block;
      FASTI_RETURN_IF_ERROR(ReadMore(&block));
      const size_t newline = block.find('\n');
      if (newline == std::string::npos) continue;
      rest_ = block.substr(newline + 1);
      break;
    }
    return absl::OkStatus();
  }

  absl::Status ReadError() const {
    int code = Z_OK;
    const char* const message = gzerror(file_, &code);
    if (code == Z_ERRNO) {
      return absl::UnavailableError(absl::StrCat(path_, ": ", std::strerror(errno)));
    }
    return absl::DataLossError(absl::StrCat(path_, ": damaged gzip file (", message, ")"));
  }

  const gzFile file_;
  const std::string path_;
  std::string rest_;  // was read and not handed out
  bool at_end_ = false;
  bool is_first_ = true;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LineBlocks>> LineBlocks::Open(const std::string& path) {
  const bool is_input = path == kStandardInput;
  const int descriptor = is_input ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const std::string message = absl::StrCat(path, ": ", std::strerror(errno));
    return errno == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
  }
  const gzFile file = gzdopen(descriptor, "rb");
  if (file == nullptr) {
    close(descriptor);
    return absl::ResourceExhaustedError(absl::StrCat(path, ": no memory to read it"));
  }
  return std::make_unique<ZlibLineBlocks>(file, is_input ? "standard input" : path);
}

}  // namespace fasti::transfer
