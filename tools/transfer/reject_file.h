#pragma once

#include <cstdio>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fasti::transfer {

// Where input goes that was not understood: a line each of where it was, why, and what it was, with
// tabs between.  The file is made with the first of them.  Used by one thread.
class RejectFile {
 public:
  // An empty path means nowhere.
  explicit RejectFile(std::string path) : path_(std::move(path)) {}
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  // UNAVAILABLE if the file cannot be written.
  absl::Status Add(absl::string_view place, absl::string_view reason, absl::string_view text);
  absl::Status Finish();

 private:
  absl::Status Failure() const;

  const std::string path_;
  std::FILE* file_ = nullptr;
};

}  // namespace fasti::transfer
