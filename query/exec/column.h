#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "engine/base/check.h"
#include "fasti/fact.h"
#include "fasti/value.h"

namespace fasti::exec {

// The values of one slot, row by row.  Nodes and facts come from scans by the thousand, counts from
// groups, and most of them are only compared or followed, so a column keeps them as they came,
// without the allocation and the reference counts of a Value, for as long as there is nothing else
// in it.
class Column {
 public:
  size_t size() const;
  void Clear();

  void Push(Value value);
  void Push(EntityId node);
  void Push(const Fact& fact);
  void Push(int64_t integer);
  void Push(absl::Span<const EntityId> nodes);
  void Push(absl::Span<const int64_t> integers);
  void PushFrom(const Column& other, size_t row);

  Value at(size_t row) const;
  // The same; the row is not read again.
  Value Take(size_t row);
  // Without making a value: null and nullopt if the row holds something else.
  const Fact* fact(size_t row) const;
  std::optional<EntityId> node(size_t row) const;
  // All rows, if the column holds them as such; else nothing.
  absl::Span<const EntityId> nodes() const { return nodes_; }
  absl::Span<const int64_t> integers() const { return integers_; }
  absl::Span<const Fact> facts() const { return facts_; }

  // Keeps the rows whose numbers are given, in that order.  REQUIRES: ascending.
  void Keep(const std::vector<size_t>& rows);
  void DropFront(size_t count);
  void Truncate(size_t count);

 private:
  enum class Form : uint8_t { kValues, kNodes, kFacts, kIntegers };

  // Calls `change` with the one vector that holds the rows.
  template <typename Change>
  void ForHeld(Change change);
  template <typename Item>
  void PushAll(absl::Span<const Item> items, Form form, std::vector<Item>* held);
  void MakeValues();  // out of what it holds in another form

  // Of these only one has elements, that of `form_`.
  std::vector<Value> values_;
  std::vector<EntityId> nodes_;
  std::vector<Fact> facts_;
  std::vector<int64_t> integers_;
  Form form_ = Form::kValues;
};

inline size_t Column::size() const {
  switch (form_) {
    case Form::kNodes:
      return nodes_.size();
    case Form::kFacts:
      return facts_.size();
    case Form::kIntegers:
      return integers_.size();
    case Form::kValues:
      break;
  }
  return values_.size();
}

inline void Column::Push(Value value) {
  if (value.is(Value::Kind::kNode) && (form_ == Form::kNodes || size() == 0)) {
    return Push(value.as_node());
  }
  if (form_ != Form::kValues) MakeValues();
  values_.push_back(std::move(value));
}

inline void Column::Push(EntityId node) {
  if (form_ != Form::kNodes) {
    if (size() > 0) return Push(Value(node));
    form_ = Form::kNodes;
  }
  nodes_.push_back(node);
}

inline void Column::Push(const Fact& fact) {
  if (form_ != Form::kFacts) {
    if (size() > 0) return Push(Value(std::make_shared<const Fact>(fact)));
    form_ = Form::kFacts;
  }
  facts_.push_back(fact);
}

inline void Column::Push(int64_t integer) {
  if (form_ != Form::kIntegers) {
    if (size() > 0) return Push(Value(integer));
    form_ = Form::kIntegers;
  }
  integers_.push_back(integer);
}

inline void Column::PushFrom(const Column& other, size_t row) {
  switch (other.form_) {
    case Form::kNodes:
      return Push(other.nodes_[row]);
    case Form::kFacts:
      return Push(other.facts_[row]);
    case Form::kIntegers:
      return Push(other.integers_[row]);
    case Form::kValues:
      return Push(other.values_[row]);
  }
}

inline const Fact* Column::fact(size_t row) const {
  FASTI_DCHECK(row < size());
  if (form_ == Form::kFacts) return &facts_[row];
  if (form_ != Form::kValues || !values_[row].is(Value::Kind::kFact)) return nullptr;
  return values_[row].as_fact().get();
}

inline std::optional<EntityId> Column::node(size_t row) const {
  FASTI_DCHECK(row < size());
  if (form_ == Form::kNodes) return nodes_[row];
  if (form_ != Form::kValues || !values_[row].is(Value::Kind::kNode)) return std::nullopt;
  return values_[row].as_node();
}

}  // namespace fasti::exec
