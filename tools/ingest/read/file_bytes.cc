#include "tools/ingest/read/file_bytes.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fasti::ingest {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBytesMax = size_t{256} << 20;
constexpr size_t kReadBytes = size_t{256} << 10;
constexpr absl::string_view kExtensions[] = {".txt", ".html", ".htm", ".jsonl"};

struct Closer {
  void operator()(gzFile file) const { gzclose_r(file); }
};
using File = std::unique_ptr<gzFile_s, Closer>;

// zlib passes on what is not compressed.
absl::StatusOr<File> Open(absl::string_view path) {
  const std::string name(path);
  const int descriptor =
      path == kStandardInput ? ::dup(STDIN_FILENO) : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return errno == ENOENT ? absl::NotFoundError(absl::StrCat(path, ": no such file"))
                           : absl::PermissionDeniedError(
                                 absl::StrCat(path, ": cannot be read: ", std::strerror(errno)));
  }
  File file(gzdopen(descriptor, "rb"));
  if (file == nullptr) {
    ::close(descriptor);
    return absl::ResourceExhaustedError(absl::StrCat(path, ": no memory to read it"));
  }
  return file;
}

bool IsArticleFile(const fs::path& path) {
  std::string name = absl::AsciiStrToLower(path.filename().string());
  name = std::string(absl::StripSuffix(name, ".gz"));
  return std::any_of(
      std::begin(kExtensions), std::end(kExtensions), [&](absl::string_view extension) {
        return name.size() > extension.size() &&
               absl::string_view(name).substr(name.size() - extension.size()) == extension;
      });
}

}  // namespace

absl::StatusOr<std::string> ReadFileBytes(absl::string_view path) {
  std::error_code unknown;  // of a path that cannot be followed: opening it says why
  if (path != kStandardInput && fs::is_directory(std::string(path), unknown)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": expected a file, found a directory"));
  }
  absl::StatusOr<File> file = Open(path);
  if (!file.ok()) return file.status();
  std::string bytes;
  std::array<char, kReadBytes> part;
  while (true) {
    const int read = gzread(file->get(), part.data(), static_cast<unsigned>(part.size()));
    int code = Z_OK;
    gzerror(file->get(), &code);
    // A file that ends in the middle is told after its last bytes were read.
    if (read < 0 || (read == 0 && code != Z_OK)) {
      return absl::DataLossError(
          absl::StrCat(path, code == Z_ERRNO       ? ": cannot be read to its end"
                             : code == Z_BUF_ERROR ? ": this gzip file ends too soon; copy it again"
                                                   : ": this gzip file is damaged; copy it again"));
    }
    if (read == 0) return bytes;
    bytes.append(part.data(), static_cast<size_t>(read));
    if (bytes.size() > kBytesMax) {
      return absl::ResourceExhaustedError(absl::StrCat(path, ": expected at most ", kBytesMax,
                                                       " bytes, found more; split the file"));
    }
  }
}

absl::StatusOr<std::vector<std::string>> ListArticleFiles(absl::string_view folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator it(std::string(folder), error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code unknown;  // a file that cannot be followed is told when it is read
    if (name.front() == '.') {
      if (it->is_directory(unknown)) it.disable_recursion_pending();
    } else if (!it->is_directory(unknown) && IsArticleFile(it->path())) {
      files.push_back(it->path().string());
    }
  }
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat(folder, ": cannot be listed: ", error.message()));
  }
  if (files.empty()) {
    return absl::NotFoundError(
        absl::StrCat(folder,
                     ": holds no file of articles; expected .txt, .html, .htm or .jsonl, "
                     "or one of these with .gz behind"));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace fasti::ingest
