#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fasti::transfer {

// Reads a text file in blocks of whole lines.  A file compressed with gzip is read as what it
// holds.  Used by one thread at a time.
class LineBlocks {
 public:
  static constexpr size_t kLineBytesMax = size_t{16} << 20;

  // "-" is standard input.  NOT_FOUND if there is no such file.
  static absl::StatusOr<std::unique_ptr<LineBlocks>> Open(const std::string& path);
  virtual ~LineBlocks() = default;

  // The next lines, each with its newline but perhaps the last of the file; empty at the end.
  // Of a line over the limit only one byte more than that is told, and its newline.  DATA_LOSS for
  // damaged gzip, UNAVAILABLE if the file cannot be read.
  virtual absl::StatusOr<std::string> Next() = 0;
};

}  // namespace fasti::transfer
