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
#include "engine/codec/column_loops.h"
#include "engine/codec/divisor.h"
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

// In columns of times a value is its distance from the instant that stands for "no time", less one:
// that instant itself becomes kNoTime, and the others sort as they do.
uint64_t TimeBehind(int64_t none, int64_t time) {
  return static_cast<uint64_t>(time) - static_cast<uint64_t>(none) - 1;
}
int64_t TimeOf(int64_t none, uint64_t value) {
  return static_cast<int64_t>(value + static_cast<uint64_t>(none) + 1);
}

// A divisor of all values seen.
class Unit {
 public:
  void See(absl::Span<const uint64_t> values) {
    if (DividesAll(divisor_, values)) return;
    uint64_t divisor = divisor_.value();
    for (const uint64_t value : values) divisor = std::gcd(divisor, value);
    divisor_ = Divisor(divisor);
  }
  // Values of TimeBehind.
  void SeeTimes(int64_t none, absl::Span<const uint64_t> values) {
    const uint64_t least = RangeOf(values).least;
    if (least == kNoTime) return;  // as are all others
    const uint64_t magnitude = Magnitude(TimeOf(none, least));
    See({&magnitude, 1});
    if (DividesTimes(divisor_, least, values)) return;
    uint64_t divisor = divisor_.value();
    for (const uint64_t value : values) {
      if (value != kNoTime) divisor = std::gcd(divisor, value - least);
    }
    divisor_ = Divisor(divisor);
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
  absl::Span<const uint64_t> values() const { return {values_, count_}; }
  absl::Span<uint64_t> values() { return {values_, count_}; }

  // The least value becomes the base, and every value its distance from there.  Low bits that no
  // distance has set are dropped, up to `zeros_max` of them; returns how many.
  int Frame(int zeros_max = 0) {
    const ColumnRange range = RangeOf(values());
    base_ = range.least;
    greatest_ = range.greatest - range.least;
    if (greatest_ == 0) return 0;  // values of no bits are never looked at
    const int shift = std::min(zeros_max, std::countr_zero(range.differing));
    SubtractBase(base_, shift, values());
    greatest_ >>= shift;
    return shift;
  }
  // The same for signed values.
  void FrameSigned() {
    for (uint64_t& value : values()) value = FlipSign(static_cast<int64_t>(value));
    Frame();
    base_ = static_cast<uint64_t>(UnflipSign(base_));
  }
  // The same for values of TimeBehind, in units; but kNoTime becomes 0 and every other distance is
  // one more: a single timeless row must not make the column 64 bits wide.
  void FrameTimes(int64_t none, const Divisor& unit) {
    const uint64_t least = RangeOf(values()).least;
    if (least == kNoTime) return;  // as are all others
    base_ = unit.SignedQuotient(TimeOf(none, least));
    greatest_ = DivideTimes(unit, least, values());
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
    size_t rare_bytes = SIZE_MAX;
    uint64_t common = 0;
    if (few.width != 1) {  // a table of two is never longer than one of exceptions
      common = MajorityValue();
      const size_t exceptions = CountOthers(common, values());
      rare_bytes = 1 + PackedBytes(count_, 1) + PackedBytes(1 + exceptions, table_width);
    }
    if (std::min(few_bytes, rare_bytes) >= plain_bytes) return;
    table_width_ = table_width;
    is_rare_ = rare_bytes < few_bytes;
    if (is_rare_) {
      table_[0] = common;
      table_size_ = 1;
      for (uint64_t& value : values()) {
        const bool is_exception = value != common;
        table_[table_size_] = value;  // stays if it is one, which nobody can predict
        table_size_ += is_exception;
        value = is_exception;
      }
      greatest_ = 1;
    } else {
      table_size_ = size_t{1} << few.width;
      std::copy_n(few.entries, table_size_, table_);
      std::copy_n(few.places, count_, values_);
      greatest_ = table_size_ - 1;
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
    Pack({table_, table_size_}, table_width_, out + PackedBytes(count_, width()));
  }

 private:
  // Neighbours are joined to one number as long as that can be written at once; then as many whole
  // bytes are written as there are, and the other bits wait for the next number.
  static void Pack(absl::Span<const uint64_t> values, int width, char* out) {
    if (width == 0) return;
    if (width == 64) {
      std::memcpy(out, values.data(), values.size() * sizeof(uint64_t));
      return;
    }
    uint64_t joined[2][kBlockRows];
    const uint64_t* in = values.data();
    size_t count = values.size();
    for (int step = 0; 2 * width <= kPackedWidthMax; width *= 2, ++step) {
      JoinPairs({in, count}, width, joined[step % 2]);
      in = joined[step % 2];
      count -= count / 2;
    }
    uint64_t pending = 0;
    int filled = 0;  // bits of it, less than 8
    for (size_t i = 0; i < count; ++i) {
      pending |= in[i] << filled;
      std::memcpy(out, &pending, sizeof(pending));
      filled += width;
      out += filled / 8;
      pending >>= filled / 8 * 8;
      filled %= 8;
    }
  }

  int width() const {
    const int width = static_cast<int>(std::bit_width(greatest_));
    return width > kPackedWidthMax ? 64 : width;
  }
  struct Places {
    int width = 0;  // 0: there are too many values
    uint64_t entries[size_t{1} << kTableWidthMax] = {};
    uint8_t places[kBlockRows];
  };
  void FindFew(Places* few) const {
    uint64_t* const entries = few->entries;
    constexpr size_t kEntriesMax = std::size(Places().entries);
    size_t known = 0;
    size_t place = 0;
    for (size_t i = 0; i < count_; ++i) {
      if (known == 0 || entries[place] != values_[i]) {
        place = static_cast<size_t>(std::find(entries, entries + known, values_[i]) - entries);
        if (place == kEntriesMax) return;
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

  uint64_t values_[kBlockRows];
  size_t count_ = 0;
  uint64_t base_ = 0;
  uint64_t greatest_ = 0;  // of the distances, or of their places in the table
  bool is_rare_ = false;
  int table_width_ = 0;  // 0: no table
  size_t table_size_ = 0;
  uint64_t table_[1 + kBlockRows];
};

// Lays rows out as columns, then columns as bytes.
class BlockWriter {
 public:
  explicit BlockWriter(absl::Span<const Row> rows) : rows_(rows) {
    for (int i = 0; i < kGoneRow; ++i) columns_[i].Resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) AddRow(i, rows[i]);
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
    columns_[kSubject].Set(i, row.subject);
    columns_[kObject].Set(i, row.object);
    columns_[kVersion].Set(i, row.version);
    columns_[kRelation].Set(i, row.relation);
    columns_[kFrom].Set(i, TimeBehind(kInstantMax, row.from));
    columns_[kDuration].Set(i, row.duration);
    columns_[kFlags].Set(i, row.flags);
    columns_[kKnown].Set(i, TimeBehind(kInstantMin, row.known_from));
    const uint64_t rare =
        row.gone | (row.lineage ^ row.version) | static_cast<uint64_t>(row.known_to ^ kInstantMax);
    if (rare == 0) return;
    if (row.gone != 0) AddSparse(kGoneRow, i, row.gone);
    if (row.known_to != kInstantMax) AddSparse(kEndedRow, i, static_cast<uint64_t>(row.known_to));
    if (row.lineage != row.version) AddSparse(kMovedRow, i, row.lineage);
  }

  // The column of values follows that of the row indexes.
  void AddSparse(int index_column, size_t i, uint64_t value) {
    columns_[index_column].Add(i);
    columns_[index_column + 1].Add(value);
  }

  void FrameColumns() {
    unit_.See(columns_[kDuration].values());
    unit_.SeeTimes(kInstantMax, columns_[kFrom].values());
    known_unit_.SeeTimes(kInstantMin, columns_[kKnown].values());
    // Versions that ascend are kept as their distances from an even ascent.
    is_ascending_ = Ascends(columns_[kVersion].values());
    if (is_ascending_) SubtractPlaces(columns_[kVersion].values());
    DivideAll(unit_.divisor(), columns_[kDuration].values());
    for (int i = 0; i < kBlockColumns; ++i) {
      if (columns_[i].size() == 0) continue;
      if (i == kFrom) {
        columns_[i].FrameTimes(kInstantMax, unit_.divisor());
      } else if (i == kKnown) {
        columns_[i].FrameTimes(kInstantMin, known_unit_.divisor());
      } else if (i == kEnded) {
        columns_[i].FrameSigned();
      } else if (i == kObject) {
        object_shift_ = columns_[i].Frame(kObjectShiftMax);
      } else {
        columns_[i].Frame();
      }
    }
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
