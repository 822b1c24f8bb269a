#include "query/exec/column.h"

namespace fasti::exec {

template <typename Change>
void Column::ForHeld(Change change) {
  switch (form_) {
    case Form::kNodes:
      return change(nodes_);
    case Form::kFacts:
      return change(facts_);
    case Form::kIntegers:
      return change(integers_);
    case Form::kValues:
      return change(values_);
  }
}

void Column::Clear() {
  ForHeld([](auto& held) { held.clear(); });
  form_ = Form::kValues;
}

void Column::Push(absl::Span<const EntityId> nodes) {
  if (nodes.empty()) return;
  Push(nodes[0]);
  if (form_ == Form::kNodes) {
    nodes_.insert(nodes_.end(), nodes.begin() + 1, nodes.end());
  } else {
    for (const EntityId node : nodes.subspan(1)) Push(node);
  }
}

void Column::Push(absl::Span<const int64_t> integers) {
  if (integers.empty()) return;
  Push(integers[0]);
  if (form_ == Form::kIntegers) {
    integers_.insert(integers_.end(), integers.begin() + 1, integers.end());
  } else {
    for (const int64_t integer : integers.subspan(1)) Push(integer);
  }
}

void Column::MakeValues() {
  std::vector<Value> values;
  values.reserve(size() + 1);
  for (size_t row = 0; row < size(); ++row) values.push_back(at(row));
  Clear();
  values_ = std::move(values);
}

Value Column::at(size_t row) const {
  FASTI_DCHECK(row < size());
  switch (form_) {
    case Form::kNodes:
      return Value(nodes_[row]);
    case Form::kFacts:
      return Value(std::make_shared<const Fact>(facts_[row]));
    case Form::kIntegers:
      return Value(integers_[row]);
    case Form::kValues:
      break;
  }
  return values_[row];
}

Value Column::Take(size_t row) {
  return form_ == Form::kValues ? std::move(values_[row]) : at(row);
}

void Column::Keep(const std::vector<size_t>& rows) {
  ForHeld([&rows](auto& held) {
    if (held.empty()) return;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] != i) held[i] = std::move(held[rows[i]]);
    }
    held.resize(rows.size());
  });
}

void Column::DropFront(size_t count) {
  ForHeld([count](auto& held) {
    if (!held.empty()) held.erase(held.begin(), held.begin() + static_cast<ptrdiff_t>(count));
  });
}

void Column::Truncate(size_t count) {
  ForHeld([count](auto& held) {
    if (!held.empty()) held.resize(count);
  });
}

}  // namespace fasti::exec
