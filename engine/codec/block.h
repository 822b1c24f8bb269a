#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/model/row.h"

// Blocks of the family `post` (docs/file_format.md, "Block"): up to 256 rows in columns of
// bit-packed offsets, readable in place.

namespace fasti::codec {

inline constexpr size_t kBlockRows = 256;

// REQUIRES: 1 <= rows.size() <= kBlockRows, strictly ascending in the order they are kept in.
std::string EncodeBlock(absl::Span<const Row> rows);

// Reads a block in place.  The bytes must outlive the reader.
class BlockReader {
 public:
  // Checks checksum, format, lengths: DATA_LOSS with what is wrong.
  static absl::StatusOr<BlockReader> Open(absl::string_view bytes);

  size_t size() const { return rows_; }
  Row row(size_t i) const;  // REQUIRES: i < size()
  PostKey key(Order order, size_t i) const;
  // The first row whose key is not less than `key`, from row `begin` on; size() if none.
  size_t LowerBound(const PostKey& key, size_t begin = 0) const;

  // From the header: lets a scan count a block without reading its rows.
  size_t gone_rows() const { return gone_; }
  size_t ended_rows() const { return ended_; }

 private:
  BlockReader() = default;
  enum Column { kSubject, kObject, kVersion, kRelation, kFrom, kDuration, kFlags, kKnown,
                kGoneRow, kGone, kEndedRow, kEnded, kMovedRow, kLineage, kColumns };
  uint64_t Get(Column column, size_t i) const;

  uint16_t rows_ = 0, gone_ = 0, ended_ = 0, moved_ = 0;
  uint64_t unit_ = 1;
  uint8_t width_[kColumns] = {};
  uint64_t base_[kColumns] = {};
  const char* bits_[kColumns] = {};
};

}  // namespace fasti::codec
