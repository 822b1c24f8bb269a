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
#include "engine/codec/row_columns.h"
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

// A column of times, told as distances from the instant `none`, which stands for "no time", less
// one: that instant itself becomes kNoTime, and the others sort as they do.
struct Times {
  Times(int64_t none_time, absl::Span<const uint64_t> times)
      : none(none_time), values(times), least(RangeOf(times).least) {}
  int64_t LeastInstant() const {
    return static_cast<int64_t>(least + static_cast<uint64_t>(none) + 1);
  }
  int64_t none;
  absl::Span<const uint64_t> values;
  uint64_t least;
};

// A divisor of all values seen.
class Unit {
 public:
  void See(absl::Span<const uint64_t> values) {
    if (DividesAll(divisor_, values)) return;
    uint64_t divisor = divisor_.value();
    for (const uint64_t value : values) divisor = std::gcd(divisor, value);
    divisor_ = Divisor(divisor);
  }
  void See(const Times& times) {
    if (times.least == kNoTime) return;  // as are all others
    const uint64_t magnitude = Magnitude(times.LeastInstant());
    See({&magnitude, 1});
    if (DividesTimes(divisor_, times.least, times.values)) return;
    uint64_t divisor = divisor_.value();
    for (const uint64_t value : times.values) {
      if (value != kNoTime) divisor = std::gcd(divisor, value - times.least);
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
  void Add(uint64_t value) { values_[count_++] = value; }
  absl::Span<const uint64_t> values() const { return {values_, count_}; }
  absl::Span<uint64_t> values() { return {values_, count_}; }

  // The least value becomes the base, and every value its distance from there.  Low bits that no
  // distance has set are dropped, up to `zeros_max` of them; returns how many.
  int Frame(absl::Span<const uint64_t> values, int zeros_max = 0) {
    count_ = values.size();
    const ColumnRange range = RangeOf(values);
    base_ = range.least;
    greatest_ = range.greatest - range.least;
    if (greatest_ == 0) return 0;  // values of no bits are never looked at
    const int shift = std::min(zeros_max, std::countr_zero(range.differing));
    SubtractBase(base_, shift, values, values_);
    greatest_ >>= shift;
    return shift;
  }
  // The same for values that were added.
  void Frame() { Frame(values()); }
  // The same for signed values, whose signs were flipped.
  void FrameSigned() {
    Frame();
    base_ = static_cast<uint64_t>(UnflipSign(base_));
  }
  // The same for versions that ascend: how far they are from an even ascent.
  void FrameAscent(absl::Span<const uint64_t> values) {
    SubtractPlaces(values, values_);
    Frame({values_, values.size()});
  }
  // The same in units.
  void FrameQuotients(absl::Span<const uint64_t> values, const Divisor& unit) {
    DivideAll(unit, values, values_);
    Frame({values_, values.size()});
  }
  // The same for times in units, but kNoTime becomes 0 and every other distance is one more: a
  // single timeless row must not make the column 64 bits wide.
  void FrameTimes(const Times& times, const Divisor& unit) {
    count_ = times.values.size();
    if (times.least == kNoTime) return;  // as are all others
    base_ = unit.SignedQuotient(times.LeastInstant());
    greatest_ = DivideTimes(unit, times.least, times.values, values_);
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
    // For some bits of a value's hash, where such a value was found last.
    constexpr int kGuessBits = 6;
    uint8_t guesses[size_t{1} << kGuessBits] = {};
    size_t known = 0;
    for (size_t i = 0; i < count_; ++i) {
      const uint64_t value = values_[i];
      uint8_t& place = guesses[value * 0x9e3779b97f4a7c15 >> (64 - kGuessBits)];
      if (place >= known || entries[place] != value) {
        place = static_cast<uint8_t>(std::find(entries, entries + known, value) - entries);
        if (place == kEntriesMax) return;
        if (place == known) entries[known++] = value;
      }
      few->places[i] = place;
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
  BlockWriter(const RowColumns& rows, size_t begin, size_t end) : rows_(end - begin) {
    const auto values_of = [&](RowColumn column) { return rows[column].subspan(begin, rows_); };
    columns_[kSubject].Frame(values_of(RowColumn::kSubject));
    object_shift_ = columns_[kObject].Frame(values_of(RowColumn::kObject), kObjectShiftMax);
    const absl::Span<const uint64_t> versions = values_of(RowColumn::kVersion);
    is_ascending_ = Ascends(versions);
    if (is_ascending_) {
      columns_[kVersion].FrameAscent(versions);
    } else {
      columns_[kVersion].Frame(versions);
    }
    columns_[kRelation].Frame(values_of(RowColumn::kRelation));
    columns_[kFlags].Frame(values_of(RowColumn::kFlags));
    FrameTimes(values_of(RowColumn::kFrom), values_of(RowColumn::kDuration),
               values_of(RowColumn::kKnownFrom));
    AddSparse(kGoneRow, values_of(RowColumn::kGone), 0);
    AddSparse(kEndedRow, values_of(RowColumn::kKnownTo), FlipSign(kInstantMax));
    AddSparse(kMovedRow, values_of(RowColumn::kLineage), versions);
    for (int i = kGoneRow; i < kBlockColumns; ++i) {
      if (columns_[i].size() == 0) continue;
      if (i == kEnded) {
        columns_[i].FrameSigned();
      } else {
        columns_[i].Frame();
      }
    }
    for (const BlockColumn column : {kDuration, kFlags, kKnown}) columns_[column].TryTable();
  }

  std::string Encode() const {
    std::string bytes;
    size_t bits_bytes = 0;
    for (const ColumnWriter& column : columns_) bits_bytes += column.bytes();
    bytes.reserve(kHeaderBytesMax + bits_bytes);
    bytes.append(kChecksumBytes, '\0');
    bytes.push_back(static_cast<char>(kBlockFormat));
    AppendLittle16(rows_, &bytes);
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
  // The values that are not what most are, or not those of `usual`; their column follows that of
  // the row indexes.
  void AddSparse(int index_column, absl::Span<const uint64_t> values, uint64_t usual) {
    if (CountOthers(usual, values) == 0) return;
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] != usual) AddSparse(index_column, i, values[i]);
    }
  }
  void AddSparse(int index_column, absl::Span<const uint64_t> values,
                 absl::Span<const uint64_t> usual) {
    if (values == usual) return;
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] != usual[i]) AddSparse(index_column, i, values[i]);
    }
  }
  void AddSparse(int index_column, size_t i, uint64_t value) {
    columns_[index_column].Add(i);
    columns_[index_column + 1].Add(value);
  }

  // The signs of times were flipped: so the greatest instant is kNoTime already, and the least one
  // is 0.
  void FrameTimes(absl::Span<const uint64_t> from, absl::Span<const uint64_t> duration,
                  absl::Span<const uint64_t> known_from) {
    const Times starts(kInstantMax, from);
    unit_.See(duration);
    unit_.See(starts);
    columns_[kFrom].FrameTimes(starts, unit_.divisor());
    columns_[kDuration].FrameQuotients(duration, unit_.divisor());
    uint64_t behind_none[kBlockRows];
    SubtractBase(1, 0, known_from, behind_none);
    const Times known(kInstantMin, {behind_none, known_from.size()});
    known_unit_.See(known);
    columns_[kKnown].FrameTimes(known, known_unit_.divisor());
  }

  const size_t rows_;
  Unit unit_, known_unit_;
  bool is_ascending_ = false;
  int object_shift_ = 0;
  std::array<ColumnWriter, kBlockColumns> columns_;
};

}  // namespace

std::string EncodeBlock(const RowColumns& rows, size_t begin, size_t end) {
  FASTI_CHECK(begin < end && end - begin <= kBlockRows && end <= rows.size());
  return BlockWriter(rows, begin, end).Encode();
}

std::string EncodeBlock(absl::Span<const Row> rows) {
  return EncodeBlock(RowColumns(rows), 0, rows.size());
}

}  // namespace fasti::codec
