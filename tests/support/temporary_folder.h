#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fasti {

// A new folder for one test, deleted with everything in it at the end.  It is in memory where the
// system has a place for that, unless TMPDIR says where to put it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  // The path of a file in it, which need not exist.
  std::string File(absl::string_view name) const;

 private:
  std::string path_;
};

}  // namespace fasti
