#include "engine/graph/overlay.h"

#include <algorithm>

#include "engine/base/spin.h"
#include "fasti/relation.h"

namespace fasti::graph {

namespace {

constexpr codec::Order kListOrders[] = {codec::Order::kOut, codec::Order::kIn, codec::Order::kRel};

uint64_t AnchorOf(codec::Order order, const Row& row) {
  switch (order) {
    case codec::Order::kOut:
      return row.subject;
    case codec::Order::kIn:
      return row.object;
    case codec::Order::kRel:
    case codec::Order::kId:
      return 0;
  }
  return 0;
}

}  // namespace

Overlay::List& Overlay::Index::Intern(uint64_t anchor, uint32_t relation) {
  const auto [it, inserted] =
      by_run.try_emplace({anchor, relation}, static_cast<uint32_t>(lists.size()));
  if (inserted) {
    uint32_t& newest = by_anchor.try_emplace(anchor, kNone).first->second;
    lists.push_back({.relation = relation, .next_of_anchor = newest});
    newest = it->second;
  }
  return lists[it->second];
}

template <typename Visit>
void Overlay::Index::ForEachList(uint64_t anchor, std::optional<uint32_t> relation,
                                 Visit visit) const {
  if (relation.has_value()) {
    if (const auto it = by_run.find({anchor, *relation}); it != by_run.end()) {
      visit(lists[it->second]);
    }
    return;
  }
  const auto it = by_anchor.find(anchor);
  if (it == by_anchor.end()) return;
  for (uint32_t i = it->second; i != kNone; i = lists[i].next_of_anchor) {
    if (lists[i].relation >= Raw(kFirstUserRelation)) visit(lists[i]);
  }
}

void Overlay::LinkNodes() const {
  size_t linked = linked_.load(std::memory_order_relaxed);
  for (; linked < nodes_.size(); ++linked) {
    Node& node = nodes_[linked];
    const Row& row = node.row;
    for (const codec::Order order : kListOrders) {
      if (!codec::OrderHolds(order, row)) continue;
      List& list = indexes_[ListOf(order)].Intern(AnchorOf(order, row), row.relation);
      node.next[ListOf(order)] = list.head;
      list.head = &node;
      ++list.rows;
    }
    if (row.gone == 0) {
      asserted_.push_back(&node);
    } else {
      retracted_[row.version] = &node;
    }
  }
  linked_.store(linked, std::memory_order_release);
}

void Overlay::LinkAll() const {
  if (linked_.load(std::memory_order_acquire) >= size()) return;
  absl::MutexLock lock(&mutex_);
  LinkNodes();
}

template <typename Iterator, typename RowOf>
void Overlay::AppendRange(Iterator begin, Iterator end, RowOf row_of) {
  while (begin != end) {
    absl::MutexLock lock(&mutex_);
    const Iterator slice_end = begin + std::min(kRowsAtOnce, end - begin);
    for (; begin != slice_end; ++begin) nodes_.emplace_back().row = row_of(*begin);
    LinkNodes();
    size_.store(nodes_.size(), std::memory_order_release);
  }
}

void Overlay::Append(absl::Span<const Row> rows) {
  AppendRange(rows.begin(), rows.end(), [](const Row& row) { return row; });
}

void Overlay::Append(const Overlay& other) {
  AppendRange(other.nodes_.begin(), other.nodes_.end(), [](const Node& node) { return node.row; });
}

void Overlay::AppendUnlinked(const Row& row) {
  absl::MutexLock lock(&mutex_);
  nodes_.emplace_back().row = row;
  size_.store(nodes_.size(), std::memory_order_release);
}

void Overlay::Find(codec::Order order, uint64_t anchor, std::optional<uint32_t> relation,
                   Heads* heads) const {
  if (empty()) return;
  LinkAll();
  SpinningReaderLock lock(mutex_);
  indexes_[ListOf(order)].ForEachList(anchor, relation,
                                      [&](const List& list) { heads->push_back(list.head); });
}

uint64_t Overlay::Count(codec::Order order, uint64_t anchor,
                        std::optional<uint32_t> relation) const {
  if (empty()) return 0;
  LinkAll();
  uint64_t rows = 0;
  SpinningReaderLock lock(mutex_);
  indexes_[ListOf(order)].ForEachList(anchor, relation,
                                      [&](const List& list) { rows += list.rows; });
  return rows;
}

const Row* Overlay::FindVersion(uint64_t version) const {
  if (empty()) return nullptr;
  LinkAll();
  SpinningReaderLock lock(mutex_);
  if (const auto it = retracted_.find(version); it != retracted_.end()) return &it->second->row;
  const auto it = std::lower_bound(
      asserted_.begin(), asserted_.end(), version,
      [](const Node* node, uint64_t wanted) { return node->row.version < wanted; });
  return it == asserted_.end() || (*it)->row.version != version ? nullptr : &(*it)->row;
}

}  // namespace fasti::graph
