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

template <typename Item>
void Column::PushAll(absl::Span<const Item> items, Form form, std::vector<Item>* held) {
  if (items.empty()) return;
  Push(items[0]);
  if (form_ == form) {
    held->insert(held->end(), items.begin() + 1, items.end());
  } else {
    for (const Item item : items.subspan(1)) Push(item);
  }
}

void Column::Push(absl::Span<const EntityId> nodes) {
  PushAll(nodes, Form::kNodes, &nodes_);
}

void Column::Push(absl::Span<const int64_t> integers) {
  PushAll(integers, Form::kIntegers, &integers_);
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
