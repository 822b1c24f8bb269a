#include "engine/codec/block.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/crc32c.h"
#include "engine/codec/bytes.h"
#include "fasti/period.h"

namespace fasti::codec {
namespace {

constexpr uint8_t kBlockFormat = 1;
constexpr size_t kChecksumBytes = 4;
constexpr size_t kPaddingBytes = 8;      // so that the last value can be read as eight bytes
constexpr size_t kReservedBytes = 4096;  // most blocks have less
constexpr int kPackedWidthMax = 56;      // a wider value and its shift would not fit eight bytes

static_assert(std::endian::native == std::endian::little, "columns are read in place");

uint32_t Load32(const char* bytes) {
  uint32_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

size_t PackedBytes(size_t count, int width) {
  return (count * width + 7) / 8;
}

void AppendLittle16(size_t value, std::string* out) {
  out->push_back(static_cast<char>(value));
  out->push_back(static_cast<char>(value >> 8));
}

uint16_t ReadLittle16(ByteReader* reader) {
  const uint8_t low = reader->Byte();
  return static_cast<uint16_t>(low | reader->Byte() << 8);
}

uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

// A divisor of all values seen, the greatest that fits a signed number.
class Unit {
 public:
  void See(uint64_t value) {
    if (value == last_) return;
    last_ = value;
    if (divisor_ == 0 || value % divisor_ != 0) divisor_ = std::gcd(divisor_, value);
  }
  uint64_t value() const { return divisor_ == 0 || divisor_ > INT64_MAX ? 1 : divisor_; }

 private:
  uint64_t last_ = 0;
  uint64_t divisor_ = 0;
};

// Divides by a unit what the unit divides without rest, at the cost of a multiplication: a number
// is its power of two times an odd one, and every odd number has an inverse modulo 2^64.
class ExactDivision {
 public:
  explicit ExactDivision(uint64_t unit) : shift_(std::countr_zero(unit)) {
    const uint64_t odd = unit >> shift_;
    // Newton's iteration.  An odd number is its own inverse in the three lowest bits, and each step
    // doubles the number of bits that are right.
    inverse_ = odd;
    for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
    FASTI_DCHECK(odd * inverse_ == 1);
  }
  uint64_t operator()(uint64_t value) const { return (value >> shift_) * inverse_; }
  int64_t operator()(int64_t value) const {
    return static_cast<int64_t>(static_cast<uint64_t>(value >> shift_) * inverse_);
  }

 private:
  const int shift_;
  uint64_t inverse_;
};

// One column on its way into a block: a base and what each value is above it.
class ColumnValues {
 public:
  size_t size() const { return count_; }
  uint64_t base() const { return base_; }

  void Add(uint64_t value) { values_[count_++] = value; }

  // The least value becomes the base.
  void FrameUnsigned() { Frame(*std::min_element(begin(), end())); }
  void FrameSigned() {
    Frame(*std::min_element(begin(), end(), [](uint64_t a, uint64_t b) {
      return static_cast<int64_t>(a) < static_cast<int64_t>(b);
    }));
  }
  // Likewise, but `none`, the extreme value that stands for "no time", becomes 0 and every other
  // value moves up by one: a single timeless row must not make the column 64 bits wide.
  void FrameSignedBut(int64_t none, uint64_t unit) {
    const ExactDivision divide(unit);
    bool any = false;
    int64_t least = 0;
    for (size_t i = 0; i < count_; ++i) {
      const auto value = static_cast<int64_t>(values_[i]);
      if (value == none) continue;
      if (!any || value < least) least = value;
      any = true;
    }
    base_ = static_cast<uint64_t>(divide(least));
    for (size_t i = 0; i < count_; ++i) {
      const auto value = static_cast<int64_t>(values_[i]);
      values_[i] = value == none ? 0 : static_cast<uint64_t>(divide(value)) - base_ + 1;
    }
  }

  int width() const {
    uint64_t all_bits = 0;
    for (size_t i = 0; i < count_; ++i) all_bits |= values_[i];
    const int width = static_cast<int>(std::bit_width(all_bits));
    return width > kPackedWidthMax ? 64 : width;
  }

  // Writes PackedBytes(size(), width) bytes, and zeros up to eight bytes behind them.
  // REQUIRES: framed, width() == `width`, so much room.
  void WriteBits(int width, char* out) const {
    if (width == 64) {
      std::memcpy(out, values_.data(), count_ * sizeof(uint64_t));
      return;
    }
    uint64_t pending = 0;
    int filled = 0;
    for (size_t i = 0; i < count_; ++i) {
      pending |= values_[i] << filled;
      filled += width;
      // At most seven bits stay, so the next value still fits.
      std::memcpy(out, &pending, sizeof(pending));
      out += filled / 8;
      pending >>= filled / 8 * 8;
      filled %= 8;
    }
    std::memcpy(out, &pending, sizeof(pending));
  }

 private:
  uint64_t* begin() { return values_.data(); }
  uint64_t* end() { return values_.data() + count_; }
  void Frame(uint64_t base) {
    base_ = base;
    for (uint64_t& value : absl::MakeSpan(values_.data(), count_)) value -= base;
  }

  std::array<uint64_t, kBlockRows> values_;
  size_t count_ = 0;
  uint64_t base_ = 0;
};

}  // namespace

// Lays rows out as columns, then columns as bytes.
class BlockWriter {
 public:
  explicit BlockWriter(absl::Span<const Row> rows) : rows_(rows) {
    Unit unit, known_unit;
    for (const Row& row : rows) {
      if (row.from != kInstantMax) unit.See(Magnitude(row.from));
      unit.See(row.duration);
      if (row.known_from != kInstantMin) known_unit.See(Magnitude(row.known_from));
    }
    unit_ = unit.value();
    known_unit_ = known_unit.value();
    const ExactDivision divide(unit_);
    for (size_t i = 0; i < rows.size(); ++i) AddRow(i, rows[i], divide);
    FrameColumns();
  }

  std::string Encode() const {
    std::string bytes;
    bytes.reserve(kReservedBytes);
    bytes.append(kChecksumBytes, '\0');
    bytes.push_back(static_cast<char>(kBlockFormat));
    AppendLittle16(rows_.size(), &bytes);
    AppendLittle16(columns_[Reader::kGone].size(), &bytes);
    AppendLittle16(columns_[Reader::kEnded].size(), &bytes);
    AppendLittle16(columns_[Reader::kLineage].size(), &bytes);
    AppendVarint(unit_, &bytes);
    AppendVarint(known_unit_, &bytes);
    int widths[Reader::kColumns];
    for (int i = 0; i < Reader::kColumns; ++i) {
      widths[i] = columns_[i].width();
      bytes.push_back(static_cast<char>(widths[i]));
      AppendVarint(ZigZag(static_cast<int64_t>(columns_[i].base())), &bytes);
    }
    size_t at = bytes.size(), end = at + kPaddingBytes;
    for (int i = 0; i < Reader::kColumns; ++i) end += PackedBytes(columns_[i].size(), widths[i]);
    bytes.resize(end);
    for (int i = 0; i < Reader::kColumns; ++i) {
      columns_[i].WriteBits(widths[i], bytes.data() + at);
      at += PackedBytes(columns_[i].size(), widths[i]);
    }
    const uint32_t checksum = Crc32c(absl::string_view(bytes).substr(kChecksumBytes));
    for (size_t i = 0; i < kChecksumBytes; ++i) bytes[i] = static_cast<char>(checksum >> (8 * i));
    return bytes;
  }

 private:
  using Reader = BlockReader;

  void AddRow(size_t i, const Row& row, const ExactDivision& divide) {
    columns_[Reader::kSubject].Add(row.subject);
    columns_[Reader::kObject].Add(row.object);
    columns_[Reader::kVersion].Add(row.version);
    columns_[Reader::kRelation].Add(row.relation);
    columns_[Reader::kFrom].Add(static_cast<uint64_t>(row.from));
    columns_[Reader::kDuration].Add(divide(row.duration));
    columns_[Reader::kFlags].Add(row.flags);
    columns_[Reader::kKnown].Add(static_cast<uint64_t>(row.known_from));
    if (row.gone != 0) AddSparse(Reader::kGoneRow, i, row.gone);
    if (row.known_to != kInstantMax) {
      AddSparse(Reader::kEndedRow, i, static_cast<uint64_t>(row.known_to));
    }
    if (row.lineage != row.version) AddSparse(Reader::kMovedRow, i, row.lineage);
  }

  // The column of values follows that of the row indexes.
  void AddSparse(int index_column, size_t i, uint64_t value) {
    columns_[index_column].Add(i);
    columns_[index_column + 1].Add(value);
  }

  void FrameColumns() {
    for (int i = 0; i < Reader::kColumns; ++i) {
      if (columns_[i].size() == 0) continue;
      if (i == Reader::kFrom) {
        columns_[i].FrameSignedBut(kInstantMax, unit_);
      } else if (i == Reader::kKnown) {
        columns_[i].FrameSignedBut(kInstantMin, known_unit_);
      } else if (i == Reader::kEnded) {
        columns_[i].FrameSigned();
      } else {
        columns_[i].FrameUnsigned();
      }
    }
  }

  const absl::Span<const Row> rows_;
  uint64_t unit_ = 1, known_unit_ = 1;
  std::array<ColumnValues, Reader::kColumns> columns_;
};

std::string EncodeBlock(absl::Span<const Row> rows) {
  FASTI_CHECK(!rows.empty() && rows.size() <= kBlockRows);
  return BlockWriter(rows).Encode();
}

size_t BlockReader::CountOf(Column column) const {
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
  block.unit_ = reader.Varint();
  block.known_unit_ = reader.Varint();
  if (block.rows_ == 0 || block.rows_ > kBlockRows || block.gone_ > block.rows_ ||
      block.ended_ > block.rows_ || block.moved_ > block.rows_) {
    return absl::DataLossError(absl::StrCat("block: bad count of rows: ", block.rows_, ", ",
                                            block.gone_, ", ", block.ended_, ", ", block.moved_));
  }
  for (int i = 0; i < kColumns; ++i) {
    block.width_[i] = reader.Byte();
    block.base_[i] = static_cast<uint64_t>(UnZigZag(reader.Varint()));
    if (block.width_[i] > kPackedWidthMax && block.width_[i] != 64) {
      return absl::DataLossError(
          absl::StrCat("block: column ", i, " of ", block.width_[i], " bits"));
    }
  }
  for (int i = 0; i < kColumns; ++i) {
    const size_t count = block.CountOf(static_cast<Column>(i));
    block.bits_[i] = reader.Bytes(PackedBytes(count, block.width_[i])).data();
  }
  if (reader.Bytes(kPaddingBytes).size() != kPaddingBytes || !reader.done()) {
    return absl::DataLossError(absl::StrCat("block: columns do not fit ", bytes.size(), " bytes"));
  }
  return block;
}

int64_t BlockReader::KnownFrom(size_t i) const {
  const uint64_t offset = Offset(kKnown, i);
  if (offset == 0) return kInstantMin;
  return static_cast<int64_t>((base_[kKnown] + offset - 1) * known_unit_);
}

uint8_t BlockReader::ClassOf(size_t i) const {
  return DurationClass(flags(i), duration(i));
}

size_t BlockReader::FindSparse(Column rows, size_t count, size_t i) const {
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
  row.subject = Get(kSubject, i);
  row.object = Get(kObject, i);
  row.version = Get(kVersion, i);
  row.relation = static_cast<uint32_t>(Get(kRelation, i));
  row.flags = flags(i);
  row.from = from(i);
  row.duration = duration(i);
  row.known_from = KnownFrom(i);
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

PostKey BlockReader::key(Order order, size_t i) const {
  FASTI_DCHECK(i < size());
  PostKey key;
  key.order = order;
  key.version = Get(kVersion, i);
  if (order == Order::kId) return key;
  if (order == Order::kOut) key.anchor = Get(kSubject, i);
  if (order == Order::kIn) key.anchor = Get(kObject, i);
  key.relation = static_cast<uint32_t>(Get(kRelation, i));
  key.duration_class = ClassOf(i);
  key.from = from(i);
  return key;
}

uint64_t BlockReader::Part(KeyPart part, Order order, size_t i) const {
  switch (part) {
    case kAnchorPart:
      return Get(order == Order::kOut ? kSubject : kObject, i);
    case kRelationPart:
      return Get(kRelation, i);
    case kClassPart:
      return ClassOf(i);
    case kFromPart:
      return FlipSign(from(i));
    default:
      return Get(kVersion, i);
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
