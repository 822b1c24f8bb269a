#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>

#include "absl/types/span.h"
#include "engine/base/check.h"
#include "engine/base/crc32c.h"
#include "engine/codec/block.h"
#include "engine/codec/block_layout.h"
#include "engine/codec/bytes.h"
#include "fasti/period.h"

namespace fasti::codec {
namespace {

constexpr size_t kHeaderBytesMax = 512;

void AppendLittle16(size_t value, std::string* out) {
  out->push_back(static_cast<char>(value));
  out->push_back(static_cast<char>(value >> 8));
}

void AppendUnit(uint64_t unit, std::string* out) {
  const auto number = std::find(std::begin(kUnits), std::end(kUnits), unit) - std::begin(kUnits);
  const bool is_numbered = number < std::ssize(kUnits);
  out->push_back(static_cast<char>(is_numbered ? number : 0));
  if (!is_numbered) AppendVarint(unit, out);
}

// Divides without a division: a number is its power of two times an odd one, and every odd number
// has an inverse modulo 2^64 (Warren, Hacker's Delight, 2nd ed., 10-16 and 10-17).
class Divisor {
 public:
  explicit Divisor(uint64_t value)
      : value_(value), shift_(std::countr_zero(value)), quotient_max_(UINT64_MAX / value) {
    const uint64_t odd = value >> shift_;
    // Newton's iteration.  An odd number is its own inverse in the three lowest bits, and each step
    // doubles the number of bits that are right.
    inverse_ = odd;
    for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
    FASTI_DCHECK(odd * inverse_ == 1);
  }
  uint64_t value() const { return value_; }
  bool Divides(uint64_t value) const {
    return std::rotr(value * inverse_, shift_) <= quotient_max_;
  }
  // REQUIRES: it divides.
  uint64_t Quotient(uint64_t value) const { return (value >> shift_) * inverse_; }
  uint64_t SignedQuotient(int64_t value) const {
    return static_cast<uint64_t>(value >> shift_) * inverse_;
  }

 private:
  uint64_t value_;
  int shift_;
  uint64_t quotient_max_;
  uint64_t inverse_;
};

// A divisor of all values seen.
class Unit {
 public:
  void See(uint64_t value) {
    if (!divisor_.Divides(value)) divisor_ = Divisor(std::gcd(divisor_.value(), value));
  }
  const Divisor& divisor() const { return divisor_; }

 private:
  // Most times are full days.
  Divisor divisor_{uint64_t{86'400} * 1'000'000};
};

// One column on its way into a block: a base, how far each value lies above it, and maybe a table.
class ColumnWriter {
 public:
  size_t size() const { return count_; }
  // Makes room for values that Set fills in.
  void Resize(size_t count) { count_ = count; }
  void Set(size_t i, uint64_t value) { values_[i] = value; }
  void Add(uint64_t value) { values_[count_++] = value; }
  uint64_t operator[](size_t i) const { return values_[i]; }

  void Divide(const Divisor& unit) {
    for (uint64_t& value : values()) value = unit.Quotient(value);
  }
  void SubtractPlaces() {
    uint64_t place = 0;
    for (uint64_t& value : values()) value -= place++;
  }

  // The least value becomes the base.
  void FrameUnsigned() { Frame(*std::min_element(values().begin(), values().end())); }
  void FrameSigned() {
    Frame(*std::min_element(values().begin(), values().end(), [](uint64_t a, uint64_t b) {
      return static_cast<int64_t>(a) < static_cast<int64_t>(b);
    }));
  }
  // Likewise, but `none`, the extreme value that stands for "no time", becomes 0 and every other
  // value moves up by one: a single timeless row must not make the column 64 bits wide.
  void FrameTimes(int64_t none, const Divisor& unit) {
    bool any = false;
    int64_t least = 0;
    for (const uint64_t value : values()) {
      const auto time = static_cast<int64_t>(value);
      if (time == none) continue;
      if (!any || time < least) least = time;
      any = true;
    }
    const uint64_t base = base_ = unit.SignedQuotient(least);
    uint64_t all_bits = 0;
    for (uint64_t& value : values()) {
      const auto time = static_cast<int64_t>(value);
      value = time == none ? 0 : unit.SignedQuotient(time) - base + 1;
      all_bits |= value;
    }
    all_bits_ = all_bits;
  }
  // How many low bits no distance has set, up to `max`; they are dropped.
  int DropZeros(int max) {
    const int shift = std::min(max, std::countr_zero(all_bits_));
    if (all_bits_ == 0 || shift == 0) return 0;
    for (uint64_t& value : values()) value >>= shift;
    all_bits_ >>= shift;
    return shift;
  }
  // Chooses the shortest form: values that are few become places in a table of them; where most
  // are the same, a bit tells the others, which stand in a table in the order of their rows.
  void TryTable() {
    if (width() < 2) return;
    const int table_width = width();
    const size_t plain_bytes = PackedBytes(count_, table_width);
    Places few;
    FindFew(&few);
    const size_t few_bytes = few.width == 0 ? SIZE_MAX
                                            : 1 + PackedBytes(count_, few.width) +
                                                  PackedBytes(size_t{1} << few.width, table_width);
    const uint64_t common = MajorityValue();
    const auto exceptions = static_cast<size_t>(
        std::count_if(values().begin(), values().end(), [&](uint64_t v) { return v != common; }));
    const size_t rare_bytes = 1 + PackedBytes(count_, 1) + PackedBytes(1 + exceptions, table_width);
    if (std::min(few_bytes, rare_bytes) >= plain_bytes) return;
    table_width_ = table_width;
    is_rare_ = rare_bytes < few_bytes;
    if (is_rare_) {
      table_[0] = common;
      table_size_ = 1;
      for (uint64_t& value : values()) {
        const bool is_exception = value != common;
        if (is_exception) table_[table_size_++] = value;
        value = is_exception;
      }
      all_bits_ = 1;
    } else {
      table_size_ = size_t{1} << few.width;
      std::copy_n(few.entries.begin(), table_size_, table_.begin());
      std::copy_n(few.places.begin(), count_, values_.begin());
      all_bits_ = table_size_ - 1;
    }
  }

  void AppendHeader(std::string* out) const {
    if (table_width_ > 0) {
      out->push_back(static_cast<char>(is_rare_ ? kRareForm : width() | kTableMark));
      out->push_back(static_cast<char>(table_width_));
    } else {
      out->push_back(static_cast<char>(width()));
    }
    AppendVarint(ZigZag(static_cast<int64_t>(base_)), out);
  }
  size_t bytes() const {
    return PackedBytes(count_, width()) + PackedBytes(table_size_, table_width_);
  }
  // Writes bytes() bytes, and zeros up to eight bytes behind them.
  void WriteBits(char* out) const {
    Pack(values(), width(), out);
    if (table_size_ == 0) return;
    Pack({table_.data(), table_size_}, table_width_, out + PackedBytes(count_, width()));
  }

 private:
  static void Pack(absl::Span<const uint64_t> values, int width, char* out) {
    if (width == 0) return;
    if (width == 64) {
      std::memcpy(out, values.data(), values.size() * sizeof(uint64_t));
      return;
    }
    uint64_t pending = 0;
    int filled = 0;  // bits of it, less than 64
    for (const uint64_t value : values) {
      pending |= value << filled;
      filled += width;
      if (filled < 64) continue;
      std::memcpy(out, &pending, sizeof(pending));
      out += sizeof(pending);
      filled -= 64;
      // Shifted in two steps, as nothing may be left and a shift by 64 is undefined.
      pending = value >> 1 >> (width - filled - 1);
    }
    std::memcpy(out, &pending, sizeof(pending));
  }

  int width() const {
    const int width = static_cast<int>(std::bit_width(all_bits_));
    return width > kPackedWidthMax ? 64 : width;
  }
  struct Places {
    int width = 0;  // 0: there are too many values
    std::array<uint64_t, size_t{1} << kTableWidthMax> entries{};
    std::array<uint8_t, kBlockRows> places;
  };
  void FindFew(Places* few) const {
    auto& entries = few->entries;
    size_t known = 0;
    size_t place = 0;
    for (size_t i = 0; i < count_; ++i) {
      if (known == 0 || entries[place] != values_[i]) {
        place = static_cast<size_t>(
            std::find(entries.begin(), entries.begin() + known, values_[i]) - entries.begin());
        if (place == entries.size()) return;
        if (place == known) entries[known++] = values_[i];
      }
      few->places[i] = static_cast<uint8_t>(place);
    }
    few->width = std::max(1, static_cast<int>(std::bit_width(known - 1)));
  }
  // The value of more than half of the rows, if there is one, else any (Boyer and Moore, MJRTY: a
  // fast majority vote algorithm).
  uint64_t MajorityValue() const {
    uint64_t candidate = 0;
    size_t votes = 0;
    for (const uint64_t value : values()) {
      if (votes == 0) candidate = value;
      votes += value == candidate ? 1 : -1;
    }
    return candidate;
  }

  absl::Span<uint64_t> values() { return {values_.data(), count_}; }
  absl::Span<const uint64_t> values() const { return {values_.data(), count_}; }
  void Frame(uint64_t base) {
    base_ = base;
    uint64_t all_bits = 0;
    for (uint64_t& value : values()) all_bits |= value -= base;
    all_bits_ = all_bits;
  }

  std::array<uint64_t, kBlockRows> values_;
  size_t count_ = 0;
  uint64_t base_ = 0;
  uint64_t all_bits_ = 0;  // of the distances, or of their places in the table
  bool is_rare_ = false;
  int table_width_ = 0;  // 0: no table
  size_t table_size_ = 0;
  std::array<uint64_t, 1 + kBlockRows> table_;
};

// Lays rows out as columns, then columns as bytes.
class BlockWriter {
 public:
  explicit BlockWriter(absl::Span<const Row> rows) : rows_(rows) {
    for (int i = 0; i < kGoneRow; ++i) columns_[i].Resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) AddRow(i, rows[i]);
    is_ascending_ = IsAscending();
    FrameColumns();
  }

  std::string Encode() const {
    std::string bytes;
    size_t bits_bytes = 0;
    for (const ColumnWriter& column : columns_) bits_bytes += column.bytes();
    bytes.reserve(kHeaderBytesMax + bits_bytes);
    bytes.append(kChecksumBytes, '\0');
    bytes.push_back(static_cast<char>(kBlockFormat));
    AppendLittle16(rows_.size(), &bytes);
    AppendLittle16(columns_[kGone].size(), &bytes);
    AppendLittle16(columns_[kEnded].size(), &bytes);
    AppendLittle16(columns_[kLineage].size(), &bytes);
    bytes.push_back(static_cast<char>(object_shift_ | (is_ascending_ ? kAscendingMark : 0)));
    AppendUnit(unit_.divisor().value(), &bytes);
    AppendUnit(known_unit_.divisor().value(), &bytes);
    for (const ColumnWriter& column : columns_) {
      if (column.size() > 0) column.AppendHeader(&bytes);
    }
    size_t at = bytes.size();
    bytes.resize(at + bits_bytes + kPaddingBytes);
    for (const ColumnWriter& column : columns_) {
      column.WriteBits(bytes.data() + at);
      at += column.bytes();
    }
    const uint32_t checksum = Crc32c(absl::string_view(bytes).substr(kChecksumBytes));
    for (size_t i = 0; i < kChecksumBytes; ++i) bytes[i] = static_cast<char>(checksum >> (8 * i));
    return bytes;
  }

 private:
  void AddRow(size_t i, const Row& row) {
    if (row.from != kInstantMax) unit_.See(Magnitude(row.from));
    unit_.See(row.duration);
    if (row.known_from != kInstantMin) known_unit_.See(Magnitude(row.known_from));
    columns_[kSubject].Set(i, row.subject);
    columns_[kObject].Set(i, row.object);
    columns_[kVersion].Set(i, row.version);
    columns_[kRelation].Set(i, row.relation);
    columns_[kFrom].Set(i, static_cast<uint64_t>(row.from));
    columns_[kDuration].Set(i, row.duration);
    columns_[kFlags].Set(i, row.flags);
    columns_[kKnown].Set(i, static_cast<uint64_t>(row.known_from));
    if (row.gone != 0) AddSparse(kGoneRow, i, row.gone);
    if (row.known_to != kInstantMax) AddSparse(kEndedRow, i, static_cast<uint64_t>(row.known_to));
    if (row.lineage != row.version) AddSparse(kMovedRow, i, row.lineage);
  }

  // The column of values follows that of the row indexes.
  void AddSparse(int index_column, size_t i, uint64_t value) {
    columns_[index_column].Add(i);
    columns_[index_column + 1].Add(value);
  }

  // Versions that ascend are kept as their distances from an even ascent.
  bool IsAscending() const {
    const ColumnWriter& versions = columns_[kVersion];
    for (size_t i = 1; i < versions.size(); ++i) {
      if (versions[i] <= versions[i - 1]) return false;
    }
    return true;
  }

  void FrameColumns() {
    if (is_ascending_) columns_[kVersion].SubtractPlaces();
    columns_[kDuration].Divide(unit_.divisor());
    for (int i = 0; i < kBlockColumns; ++i) {
      if (columns_[i].size() == 0) continue;
      if (i == kFrom) {
        columns_[i].FrameTimes(kInstantMax, unit_.divisor());
      } else if (i == kKnown) {
        columns_[i].FrameTimes(kInstantMin, known_unit_.divisor());
      } else if (i == kEnded) {
        columns_[i].FrameSigned();
      } else {
        columns_[i].FrameUnsigned();
      }
    }
    object_shift_ = columns_[kObject].DropZeros(kObjectShiftMax);
    for (const BlockColumn column : {kDuration, kFlags, kKnown}) columns_[column].TryTable();
  }

  const absl::Span<const Row> rows_;
  Unit unit_, known_unit_;
  bool is_ascending_ = false;
  int object_shift_ = 0;
  std::array<ColumnWriter, kBlockColumns> columns_;
};

}  // namespace

std::string EncodeBlock(absl::Span<const Row> rows) {
  FASTI_CHECK(!rows.empty() && rows.size() <= kBlockRows);
  return BlockWriter(rows).Encode();
}

}  // namespace fasti::codec
