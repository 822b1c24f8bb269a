#include "engine/codec/block.h"

#include <cstring>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/crc32c.h"
#include "engine/codec/bytes.h"
#include "fasti/period.h"
#include "fasti/status_macros.h"

namespace fasti::codec {
namespace {

uint32_t Load32(const char* bytes) {
  uint32_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

uint16_t ReadLittle16(ByteReader* reader) {
  const uint8_t low = reader->Byte();
  return static_cast<uint16_t>(low | reader->Byte() << 8);
}

uint64_t ReadUnit(ByteReader* reader) {
  const uint8_t number = reader->Byte();
  if (number == 0) return reader->Varint();
  return number < std::size(kUnits) ? kUnits[number] : 0;
}

bool IsWidth(int width) {
  return width <= kPackedWidthMax || width == 64;
}

}  // namespace

size_t BlockReader::CountOf(BlockColumn column) const {
  if (column < kGoneRow) return rows_;
  if (column < kEndedRow) return gone_;
  return column < kMovedRow ? ended_ : moved_;
}

absl::StatusOr<BlockReader> BlockReader::Open(absl::string_view bytes) {
  if (bytes.size() < kChecksumBytes) {
    return absl::DataLossError(absl::StrCat("block: ", bytes.size(), " bytes are none"));
  }
  if (Load32(bytes.data()) != Crc32c(bytes.substr(kChecksumBytes))) {
    return absl::DataLossError(
        absl::StrCat("block: checksum does not fit ", bytes.size(), " bytes"));
  }
  ByteReader reader(bytes.substr(kChecksumBytes));
  const uint8_t format = reader.Byte();
  if (format != kBlockFormat) {
    return absl::DataLossError(
        absl::StrCat("block: expected format ", kBlockFormat, ", found ", format));
  }
  BlockReader block;
  block.rows_ = ReadLittle16(&reader);
  block.gone_ = ReadLittle16(&reader);
  block.ended_ = ReadLittle16(&reader);
  block.moved_ = ReadLittle16(&reader);
  const uint8_t form = reader.Byte();
  block.unit_ = ReadUnit(&reader);
  block.known_unit_ = ReadUnit(&reader);
  block.object_shift_ = form & ~kAscendingMark;
  block.version_step_ = (form & kAscendingMark) != 0;
  if (block.rows_ == 0 || block.rows_ > kBlockRows || block.gone_ > block.rows_ ||
      block.ended_ > block.rows_ || block.moved_ > block.rows_) {
    return absl::DataLossError(absl::StrCat("block: bad count of rows: ", block.rows_, ", ",
                                            block.gone_, ", ", block.ended_, ", ", block.moved_));
  }
  if (block.object_shift_ > kObjectShiftMax || block.unit_ == 0 || block.known_unit_ == 0) {
    return absl::DataLossError(absl::StrCat("block: units of ", block.unit_, " and ",
                                            block.known_unit_, ", objects shifted by ",
                                            block.object_shift_));
  }
  for (int i = 0; i < kBlockColumns; ++i) {
    if (block.CountOf(static_cast<BlockColumn>(i)) == 0) continue;
    FASTI_RETURN_IF_ERROR(block.ReadColumn(static_cast<BlockColumn>(i), &reader));
  }
  for (int i = 0; i < kBlockColumns; ++i) block.FindBits(static_cast<BlockColumn>(i), &reader);
  if (reader.Bytes(kPaddingBytes).size() != kPaddingBytes || !reader.done()) {
    return absl::DataLossError(absl::StrCat("block: columns do not fit ", bytes.size(), " bytes"));
  }
  return block;
}

absl::Status BlockReader::ReadColumn(BlockColumn column, ByteReader* reader) {
  const uint8_t form = reader->Byte();
  if ((form & kTableMark) != 0) {
    width_[column] = form == kRareForm ? 1 : form & ~kTableMark;
    table_width_[column] = reader->Byte();
    if (form == kRareForm) rare_ |= static_cast<uint16_t>(1 << column);
    if (column >= kGoneRow || width_[column] == 0 || width_[column] > kTableWidthMax ||
        table_width_[column] == 0 || !IsWidth(table_width_[column])) {
      return absl::DataLossError(absl::StrCat("block: column ", column, " of form ", form, ", ",
                                              table_width_[column], " bits"));
    }
  } else {
    width_[column] = form;
    if (!IsWidth(form)) {
      return absl::DataLossError(absl::StrCat("block: column ", column, " of ", form, " bits"));
    }
  }
  base_[column] = static_cast<uint64_t>(UnZigZag(reader->Varint()));
  return absl::OkStatus();
}

void BlockReader::FindBits(BlockColumn column, ByteReader* reader) {
  const size_t count = CountOf(column);
  const size_t bytes = PackedBytes(count, width_[column]);
  const absl::string_view bits = reader->Bytes(bytes);
  bits_[column] = bits.data();
  if (table_width_[column] == 0 || bits.size() < bytes) return;
  size_t entries = size_t{1} << width_[column];
  if ((rare_ >> column & 1) != 0) {
    char words[kBlockRows / 8] = {};  // nothing may stand behind the bits yet
    std::memcpy(words, bits.data(), bytes);
    entries = 1 + OnesBefore(words, count);
  }
  reader->Bytes(PackedBytes(entries, table_width_[column]));
}

uint8_t BlockReader::ClassOf(size_t i) const {
  return DurationClass(flags(i), duration(i));
}

size_t BlockReader::FindSparse(BlockColumn rows, size_t count, size_t i) const {
  size_t begin = 0, end = count;
  while (begin < end) {
    const size_t middle = (begin + end) / 2;
    if (Get(rows, middle) < i) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < count && Get(rows, begin) == i ? begin : count;
}

Row BlockReader::row(size_t i) const {
  FASTI_DCHECK(i < size());
  Row row;
  row.subject = subject(i);
  row.object = object(i);
  row.version = version(i);
  row.relation = relation(i);
  row.flags = flags(i);
  row.from = from(i);
  row.duration = duration(i);
  row.known_from = known_from(i);
  row.known_to = kInstantMax;
  row.lineage = row.version;
  if (gone_ > 0) {
    const size_t at = FindSparse(kGoneRow, gone_, i);
    if (at < gone_) row.gone = Get(kGone, at);
  }
  if (ended_ > 0) {
    const size_t at = FindSparse(kEndedRow, ended_, i);
    if (at < ended_) row.known_to = static_cast<int64_t>(Get(kEnded, at));
  }
  if (moved_ > 0) {
    const size_t at = FindSparse(kMovedRow, moved_, i);
    if (at < moved_) row.lineage = Get(kLineage, at);
  }
  return row;
}

size_t BlockReader::RowsFrom(size_t begin, size_t end, int64_t least, int64_t greatest,
                             uint16_t* rows) const {
  size_t count = 0;
  const auto offer = [&count, rows, least, greatest](size_t i, int64_t from) {
    rows[count] = static_cast<uint16_t>(i);
    const int is_within = (from >= least) & (from <= greatest);
    count += static_cast<size_t>(is_within | (from == kInstantMax));
  };
  const int width = width_[kFrom];
  if (width == 0 || width == 64 || table_width_[kFrom] != 0) {
    for (size_t i = begin; i < end; ++i) offer(i, from(i));
    return count;
  }
  // Most columns are plain: what is the same for all rows is read once.
  const char* const bits = bits_[kFrom];
  const uint64_t mask = (uint64_t{1} << width) - 1, base = base_[kFrom] - 1, unit = unit_;
  size_t bit = begin * static_cast<size_t>(width);
  for (size_t i = begin; i < end; ++i, bit += static_cast<size_t>(width)) {
    uint64_t word;
    std::memcpy(&word, bits + bit / 8, sizeof(word));
    const uint64_t offset = word >> (bit % 8) & mask;
    offer(i, offset == 0 ? kInstantMax : static_cast<int64_t>((base + offset) * unit));
  }
  return count;
}

PostKey BlockReader::key(Order order, size_t i) const {
  FASTI_DCHECK(i < size());
  PostKey key;
  key.order = order;
  key.version = version(i);
  if (order == Order::kId) return key;
  if (order == Order::kOut) key.anchor = Get(kSubject, i);
  if (order == Order::kIn) key.anchor = object(i);
  key.relation = relation(i);
  key.duration_class = ClassOf(i);
  key.from = from(i);
  return key;
}

uint64_t BlockReader::Part(KeyPart part, Order order, size_t i) const {
  switch (part) {
    case kAnchorPart:
      return order == Order::kOut ? Get(kSubject, i) : object(i);
    case kRelationPart:
      return Get(kRelation, i);
    case kClassPart:
      return ClassOf(i);
    case kFromPart:
      return FlipSign(from(i));
    default:
      return version(i);
  }
}

// What the first and the last row have in common all between have, so those parts are compared
// once and the search begins with the first part that varies: mostly the only one it reads.
size_t BlockReader::LowerBound(const PostKey& key, size_t begin) const {
  size_t end = size();
  if (begin >= end) return end;
  const uint64_t wanted[kKeyParts] = {key.anchor, key.relation, key.duration_class,
                                      FlipSign(key.from), key.version};
  int first = key.order == Order::kId    ? kVersionPart
              : key.order == Order::kRel ? kRelationPart
                                         : kAnchorPart;
  const auto part = [&](int p, size_t i) { return Part(static_cast<KeyPart>(p), key.order, i); };
  for (; first < kVersionPart; ++first) {
    const uint64_t value = part(first, begin);
    if (value != part(first, end - 1)) break;
    if (value != wanted[first]) return value < wanted[first] ? end : begin;
  }
  const auto less = [&](size_t i) {
    for (int p = first; p < kKeyParts; ++p) {
      const uint64_t value = part(p, i);
      if (value != wanted[p]) return value < wanted[p];
    }
    return false;
  };
  while (begin < end) {
    const size_t middle = (begin + end) / 2;
    if (less(middle)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace fasti::codec
