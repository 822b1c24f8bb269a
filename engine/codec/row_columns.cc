#include "engine/codec/row_columns.h"

#include <algorithm>
#include <numeric>

#include "engine/base/check.h"
#include "engine/codec/bytes.h"
#include "fasti/period.h"

namespace fasti::codec {

namespace {

// What IdRow makes of each duration class.
struct IdClasses {
  IdClasses() {
    for (uint8_t c = 0; c < kClassCount; ++c) {
      Row row;
      row.flags = MakeFlags(c == kClassNoStart ? Precision::kUnknown : Precision::kDay,
                            c == kClassOpen ? Precision::kOpen : Precision::kDay,
                            Modality::kAsserted, false, false);
      if (c < kClassOpen) row.duration = ClassBound(c);
      const Row id = IdRow(row);
      flags[c] = id.flags;
      duration[c] = id.duration;
    }
  }
  uint64_t flags[kClassCount];
  uint64_t duration[kClassCount];
};

}  // namespace

RowColumns::RowColumns(absl::Span<const Row> rows) {
  Resize(rows.size());
  const auto fill = [&](RowColumn column, auto value_of) {
    uint64_t* const values = columns_[static_cast<int>(column)].data();
    for (size_t i = 0; i < rows.size(); ++i) values[i] = value_of(rows[i]);
  };
  fill(RowColumn::kSubject, [](const Row& row) { return row.subject; });
  fill(RowColumn::kObject, [](const Row& row) { return row.object; });
  fill(RowColumn::kVersion, [](const Row& row) { return row.version; });
  fill(RowColumn::kRelation, [](const Row& row) { return row.relation; });
  fill(RowColumn::kClass, [](const Row& row) { return DurationClass(row); });
  fill(RowColumn::kFlags, [](const Row& row) { return row.flags; });
  fill(RowColumn::kFrom, [](const Row& row) { return FlipSign(row.from); });
  fill(RowColumn::kDuration, [](const Row& row) { return row.duration; });
  fill(RowColumn::kKnownFrom, [](const Row& row) { return FlipSign(row.known_from); });
  fill(RowColumn::kKnownTo, [](const Row& row) { return FlipSign(row.known_to); });
  fill(RowColumn::kGone, [](const Row& row) { return row.gone; });
  fill(RowColumn::kLineage, [](const Row& row) { return row.lineage; });
}

void RowColumns::Reserve(size_t rows) {
  for (std::vector<uint64_t>& column : columns_) column.reserve(rows);
}

void RowColumns::Resize(size_t rows) {
  for (std::vector<uint64_t>& column : columns_) column.resize(rows);
  size_ = rows;
}

void RowColumns::Add(const Row& row) {
  const auto add = [this](RowColumn column, uint64_t value) {
    columns_[static_cast<int>(column)].push_back(value);
  };
  add(RowColumn::kSubject, row.subject);
  add(RowColumn::kObject, row.object);
  add(RowColumn::kVersion, row.version);
  add(RowColumn::kRelation, row.relation);
  add(RowColumn::kClass, DurationClass(row));
  add(RowColumn::kFlags, row.flags);
  add(RowColumn::kFrom, FlipSign(row.from));
  add(RowColumn::kDuration, row.duration);
  add(RowColumn::kKnownFrom, FlipSign(row.known_from));
  add(RowColumn::kKnownTo, FlipSign(row.known_to));
  add(RowColumn::kGone, row.gone);
  add(RowColumn::kLineage, row.lineage);
  ++size_;
}

void RowColumns::Append(const RowColumns& rows, size_t begin, size_t end) {
  FASTI_DCHECK(&rows != this);
  for (int c = 0; c < kRowColumns; ++c) {
    const uint64_t* const from = rows.columns_[c].data();
    columns_[c].insert(columns_[c].end(), from + begin, from + end);
  }
  size_ += end - begin;
}

void RowColumns::AppendIds(const RowColumns& rows, size_t begin, size_t end) {
  static const IdClasses classes;
  const size_t old_size = size_;
  Append(rows, begin, end);
  const auto fill = [&](RowColumn column, uint64_t value) {
    const absl::Span<uint64_t> values = (*this)[column];
    std::fill(values.begin() + old_size, values.end(), value);
  };
  fill(RowColumn::kObject, 0);
  fill(RowColumn::kKnownFrom, FlipSign(kInstantMin));
  fill(RowColumn::kKnownTo, FlipSign(kInstantMax));
  fill(RowColumn::kGone, 0);
  const absl::Span<const uint64_t> of_row = (*this)[RowColumn::kClass];
  const absl::Span<uint64_t> flags = (*this)[RowColumn::kFlags];
  const absl::Span<uint64_t> duration = (*this)[RowColumn::kDuration];
  const absl::Span<const uint64_t> version = (*this)[RowColumn::kVersion];
  const absl::Span<uint64_t> lineage = (*this)[RowColumn::kLineage];
  for (size_t i = old_size; i < size_; ++i) {
    flags[i] = classes.flags[of_row[i]];
    duration[i] = classes.duration[of_row[i]];
    lineage[i] = version[i];
  }
}

void RowColumns::RemoveFirst(size_t rows) {
  for (std::vector<uint64_t>& column : columns_) {
    column.erase(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(rows));
  }
  size_ -= rows;
}

void RowColumns::Number(uint64_t first) {
  for (const RowColumn column : {RowColumn::kVersion, RowColumn::kLineage}) {
    const absl::Span<uint64_t> values = (*this)[column];
    std::iota(values.begin(), values.end(), first);
  }
}

Row RowColumns::row(size_t i) const {
  Row row;
  row.subject = at(RowColumn::kSubject, i);
  row.object = at(RowColumn::kObject, i);
  row.version = at(RowColumn::kVersion, i);
  row.relation = static_cast<uint32_t>(at(RowColumn::kRelation, i));
  row.flags = static_cast<uint16_t>(at(RowColumn::kFlags, i));
  row.from = UnflipSign(at(RowColumn::kFrom, i));
  row.duration = at(RowColumn::kDuration, i);
  row.known_from = UnflipSign(at(RowColumn::kKnownFrom, i));
  row.known_to = UnflipSign(at(RowColumn::kKnownTo, i));
  row.gone = at(RowColumn::kGone, i);
  row.lineage = at(RowColumn::kLineage, i);
  return row;
}

PostKey RowColumns::key(Order order, size_t i) const {
  PostKey key;
  key.order = order;
  key.version = at(RowColumn::kVersion, i);
  if (order == Order::kId) return key;
  if (order == Order::kOut) key.anchor = at(RowColumn::kSubject, i);
  if (order == Order::kIn) key.anchor = at(RowColumn::kObject, i);
  key.relation = static_cast<uint32_t>(at(RowColumn::kRelation, i));
  key.duration_class = static_cast<uint8_t>(at(RowColumn::kClass, i));
  key.from = UnflipSign(at(RowColumn::kFrom, i));
  return key;
}

bool RowColumns::IsHeld(Order order, size_t i) const {
  if (order != Order::kIn) return OrderHolds(order, Row());
  Row row;
  row.object = at(RowColumn::kObject, i);
  row.relation = static_cast<uint32_t>(at(RowColumn::kRelation, i));
  return OrderHolds(order, row);
}

}  // namespace fasti::codec
