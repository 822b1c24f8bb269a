#include "query/exec/batch.h"

namespace fasti::exec {

void Batch::Keep(const std::vector<size_t>& rows) {
  if (rows.size() == rows_) return;
  for (std::vector<Value>& column : columns_) {
    if (column.empty()) continue;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] != i) column[i] = std::move(column[rows[i]]);
    }
    column.resize(rows.size());
  }
  rows_ = rows.size();
}

void Batch::DropFront(size_t count) {
  for (std::vector<Value>& column : columns_) {
    if (!column.empty()) column.erase(column.begin(), column.begin() + static_cast<long>(count));
  }
  rows_ -= count;
}

void Batch::Truncate(size_t count) {
  for (std::vector<Value>& column : columns_) {
    if (!column.empty()) column.resize(count);
  }
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

}  // namespace fasti::exec
