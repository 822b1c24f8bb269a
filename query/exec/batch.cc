#include "query/exec/batch.h"

namespace fasti::exec {

void Batch::Keep(const std::vector<size_t>& rows) {
  if (rows.size() == rows_) return;
  for (Column& column : columns_) column.Keep(rows);
  rows_ = rows.size();
}

void Batch::DropFront(size_t count) {
  for (Column& column : columns_) column.DropFront(count);
  rows_ -= count;
}

void Batch::Truncate(size_t count) {
  for (Column& column : columns_) column.Truncate(count);
  rows_ = count;
}

size_t ApproximateBytes(const Value& value) {
  size_t bytes = sizeof(Value);
  switch (value.kind()) {
    case Value::Kind::kString:
      return bytes + value.as_string().size();
    case Value::Kind::kList:
      for (const Value& item : value.as_list()) bytes += ApproximateBytes(item);
      return bytes;
    case Value::Kind::kMap:
      for (const auto& [key, item] : value.as_map()) {
        bytes += 48 + key.size() + ApproximateBytes(item);
      }
      return bytes;
    case Value::Kind::kPath:
      return bytes + value.as_path().nodes.size() * sizeof(EntityId) +
             value.as_path().facts.size() * (sizeof(Fact) + 32);
    case Value::Kind::kFact:
      return bytes + sizeof(Fact) + 16;
    default:
      return bytes;
  }
}

size_t ApproximateBytes(const Column& column) {
  size_t bytes = 0;
  const List* last = nullptr;
  for (size_t row = 0; row < column.size(); ++row) {
    const Value& value = column.at(row);
    const List* const list = value.is(Value::Kind::kList) ? &value.as_list() : nullptr;
    // Rows that were made of one row share its lists.
    bytes += list != nullptr && list == last ? sizeof(Value) : ApproximateBytes(value);
    last = list;
  }
  return bytes;
}

}  // namespace fasti::exec
