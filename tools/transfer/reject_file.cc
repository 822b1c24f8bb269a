#include "tools/transfer/reject_file.h"

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace fasti::transfer {

RejectFile::~RejectFile() {
  Finish().IgnoreError();  // whoever wants to hear of it has called it
}

absl::Status RejectFile::Failure() const {
  return absl::UnavailableError(absl::StrCat(path_, ": ", std::strerror(errno)));
}

absl::Status RejectFile::Add(absl::string_view place, absl::string_view reason,
                             absl::string_view text) {
  if (path_.empty()) return absl::OkStatus();
  if (file_ == nullptr) file_ = std::fopen(path_.c_str(), "wbe");
  if (file_ == nullptr) return Failure();
  const std::string line = absl::StrCat(place, "\t", reason, "\t", text, "\n");
  return std::fwrite(line.data(), 1, line.size(), file_) == line.size() ? absl::OkStatus()
                                                                        : Failure();
}

absl::Status RejectFile::Finish() {
  std::FILE* const file = std::exchange(file_, nullptr);
  return file == nullptr || std::fclose(file) == 0 ? absl::OkStatus() : Failure();
}

}  // namespace fasti::transfer
