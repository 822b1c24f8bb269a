#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/codec/block_layout.h"
#include "engine/codec/bytes.h"
#include "engine/codec/post_key.h"
#include "engine/model/row.h"

// Blocks of the family `post` (docs/file_format.md, "Block"): up to 256 rows in columns of
// bit-packed offsets, readable in place.  Each column holds the distances of its values from their
// least one, in as many bits as the greatest distance needs, or indexes into a table of them where
// that is shorter; a column in which all rows agree takes nothing.

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
  Row row(size_t i) const;  // REQUIRES for this and the next: i < size()
  PostKey key(Order order, size_t i) const;
  // Single columns, for a reader that passes over most rows or needs little of them.
  uint64_t subject(size_t i) const { return Get(kSubject, i); }
  uint64_t object(size_t i) const { return base_[kObject] + (Offset(kObject, i) << object_shift_); }
  uint64_t version(size_t i) const { return Get(kVersion, i) + i * version_step_; }
  uint32_t relation(size_t i) const { return static_cast<uint32_t>(Get(kRelation, i)); }
  uint16_t flags(size_t i) const { return static_cast<uint16_t>(Get(kFlags, i)); }
  int64_t from(size_t i) const {
    const uint64_t offset = Offset(kFrom, i);
    if (offset == 0) return kInstantMax;
    return static_cast<int64_t>((base_[kFrom] + offset - 1) * unit_);
  }
  int64_t known_from(size_t i) const {
    const uint64_t offset = Offset(kKnown, i);
    if (offset == 0) return kInstantMin;
    return static_cast<int64_t>((base_[kKnown] + offset - 1) * known_unit_);
  }
  uint64_t duration(size_t i) const { return Get(kDuration, i) * unit_; }
  // Puts the rows of [begin, end) into `rows` whose from lies in [least, greatest] or is
  // kInstantMax, ascending, and returns how many.  REQUIRES: end <= size(); `rows` has room for
  // end - begin.
  size_t RowsFrom(size_t begin, size_t end, int64_t least, int64_t greatest, uint16_t* rows) const;
  // The first row whose key is not less than `key`, from row `begin` on; size() if none.
  // REQUIRES: fields that the order does not sort by are zero.
  size_t LowerBound(const PostKey& key, size_t begin = 0) const;

  // From the header: lets a scan count a block without reading its rows.
  size_t gone_rows() const { return gone_; }
  size_t ended_rows() const { return ended_; }

 private:
  BlockReader() = default;
  // The parts of Open: what stands in front of a column, and where its values are.
  absl::Status ReadColumn(BlockColumn column, ByteReader* reader);
  void FindBits(BlockColumn column, ByteReader* reader);
  size_t CountOf(BlockColumn column) const;
  uint64_t Offset(BlockColumn column, size_t i) const {
    const int width = width_[column];
    if (width == 0) return 0;
    const uint64_t code = Unpack(bits_[column], width, i);
    return table_width_[column] == 0 ? code : Entry(column, i, code);
  }
  uint64_t Entry(BlockColumn column, size_t i, uint64_t code) const {
    const char* const bits = bits_[column];
    if (code != 0 && (rare_ >> column & 1) != 0) code += OnesBefore(bits, i);
    return Unpack(bits + PackedBytes(rows_, width_[column]), table_width_[column], code);
  }
  uint64_t Get(BlockColumn column, size_t i) const { return base_[column] + Offset(column, i); }
  uint8_t ClassOf(size_t i) const;
  // The place of row i among `count` row indexes, or `count`.
  size_t FindSparse(BlockColumn rows, size_t count, size_t i) const;
  // The parts of a key in the order in which they sort; each as a number that sorts alike.
  enum KeyPart { kAnchorPart, kRelationPart, kClassPart, kFromPart, kVersionPart, kKeyParts };
  uint64_t Part(KeyPart part, Order order, size_t i) const;

  uint16_t rows_ = 0, gone_ = 0, ended_ = 0, moved_ = 0;
  uint64_t unit_ = 1;        // of kFrom and kDuration, microseconds
  uint64_t known_unit_ = 1;  // of kKnown, microseconds
  uint8_t object_shift_ = 0;
  uint8_t version_step_ = 0;
  uint8_t width_[kBlockColumns] = {};
  uint8_t table_width_[kBlockColumns] = {};  // 0: the column has no table
  uint64_t base_[kBlockColumns] = {};
  uint16_t rare_ = 0;                     // a bit for each column in kRareForm
  const char* bits_[kBlockColumns] = {};  // of the values; a table stands behind them
};

}  // namespace fasti::codec
