#include "engine/graph/overlay.h"

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

void Overlay::AppendRow(const Row& row) {
  Node& node = nodes_.emplace_back();
  node.row = row;
  for (const codec::Order order : kListOrders) {
    if (!codec::OrderHolds(order, row)) continue;
    List& list = indexes_[ListOf(order)].Intern(AnchorOf(order, row), row.relation);
    node.next[ListOf(order)] = list.head;
    list.head = &node;
    ++list.rows;
  }
  by_version_[row.version] = &node;
}

void Overlay::Append(absl::Span<const Row> rows) {
  absl::MutexLock lock(&mutex_);
  for (const Row& row : rows) AppendRow(row);
  size_.store(nodes_.size(), std::memory_order_release);
}

void Overlay::Append(const Overlay& other) {
  absl::MutexLock lock(&mutex_);
  other.ForEach([this](const Row& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { AppendRow(row); });
  size_.store(nodes_.size(), std::memory_order_release);
}

void Overlay::Find(codec::Order order, uint64_t anchor, std::optional<uint32_t> relation,
                   Heads* heads) const {
  if (empty()) return;
  absl::ReaderMutexLock lock(&mutex_);
  indexes_[ListOf(order)].ForEachList(anchor, relation,
                                      [&](const List& list) { heads->push_back(list.head); });
}

uint64_t Overlay::Count(codec::Order order, uint64_t anchor,
                        std::optional<uint32_t> relation) const {
  if (empty()) return 0;
  uint64_t rows = 0;
  absl::ReaderMutexLock lock(&mutex_);
  indexes_[ListOf(order)].ForEachList(anchor, relation,
                                      [&](const List& list) { rows += list.rows; });
  return rows;
}

const Row* Overlay::FindVersion(uint64_t version) const {
  if (empty()) return nullptr;
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = by_version_.find(version);
  return it == by_version_.end() ? nullptr : &it->second->row;
}

}  // namespace fasti::graph
