#include "query/exec/edge_reader.h"

#include "fasti/status_macros.h"
#include "query/exec/run_context.h"

namespace fasti::exec {

const EdgeCache::Edges* EdgeCache::Find(EntityId node) const {
  const auto it = edges_.find(node);
  return it == edges_.end() ? nullptr : &it->second;
}

void EdgeCache::Keep(EntityId node, const Edges& edges) {
  const size_t size = edges.edges.size() + kEdgesPerNode;
  if (size_ + size > kEdgesMax) return;
  const size_t bytes = size * (sizeof(Edge) + sizeof(graph::Reach));
  if (!context_.ChargeIfSpare(bytes)) return;
  charged_ += bytes;
  edges_.insert_or_assign(node, edges);
  size_ += size;
}

void EdgeCache::Clear() {
  edges_.clear();
  size_ = 0;
  context_.Release(charged_);
  charged_ = 0;
}

void EdgeReader::Plan(const Snapshot& snapshot, std::vector<FactScan> scans) {
  planned_ = is_first_ = true;
  if (!order_.has_value()) return reader_.Start(snapshot, std::move(scans));
  sources_.clear();
  for (FactScan& scan : scans) {
    sources_.emplace_back().reader.Start(snapshot, {std::move(scan)}, order_);
  }
}

void EdgeReader::Clear() {
  reader_.Clear();
  sources_.clear();
  planned_ = false;
  cached_ = nullptr;
  next_ = 0;
  ForgetRead();
}

void EdgeReader::ForgetRead() {
  read_.edges.clear();
  read_.reaches.clear();
  keeps_ = false;
}

void EdgeReader::StartFrom(EntityId node, const graph::ReachBounds& bounds) {
  StartFrom(node);
  bounds_ = bounds;
}

void EdgeReader::StartFrom(EntityId node) {
  node_ = node;
  bounds_.reset();
  next_ = 0;
  ForgetRead();
  for (Source& source : sources_) {
    source.reader.StartFrom(node);
    source.has_item = source.done = false;
  }
  cached_ = cache_ == nullptr ? nullptr : cache_->Find(node);
  // Most expansions begin at one node only: what it leads to is not read again.
  keeps_ = cache_ != nullptr && cached_ == nullptr && !is_first_;
  is_first_ = false;
  if (cached_ == nullptr && !order_.has_value()) reader_.StartFrom(node);
}

absl::StatusOr<bool> EdgeReader::NextInOrder(FactReader::Item* item) {
  Source* first = nullptr;
  for (Source& source : sources_) {
    if (!source.has_item && !source.done) {
      FASTI_ASSIGN_OR_RETURN(source.has_item, source.reader.Next(&source.item));
      source.done = !source.has_item;
    }
    if (source.done) continue;
    const auto comes_before = [&](const Fact& a, const Fact& b) {
      return order_ == StartOrder::kEarliestFirst ? a.valid.from < b.valid.from
                                                  : a.valid.from > b.valid.from;
    };
    if (first == nullptr || comes_before(*source.item.fact, *first->item.fact)) first = &source;
  }
  if (first == nullptr) return false;
  *item = first->item;
  first->has_item = false;
  return true;
}

absl::StatusOr<bool> EdgeReader::Next(FactReader::Item* item) {
  if (cached_ != nullptr) {
    if (bounds_.has_value()) {
      while (next_ < cached_->reaches.size() && !bounds_->Contain(cached_->reaches[next_])) ++next_;
    }
    if (next_ == cached_->edges.size()) return false;
    const EdgeCache::Edge& edge = cached_->edges[next_++];
    *item = {&edge.fact, edge.anchor_is_subject};
    return true;
  }
  do {
    FASTI_ASSIGN_OR_RETURN(const bool more, ReadNext(item));
    if (!more) return false;
  } while (bounds_.has_value() && !bounds_->Contain(graph::ReachOf(item->fact->valid)));
  return true;
}

absl::StatusOr<bool> EdgeReader::ReadNext(FactReader::Item* item) {
  if (order_.has_value()) return NextInOrder(item);
  FASTI_ASSIGN_OR_RETURN(const bool more, reader_.Next(item));
  if (!keeps_) return more;
  if (!more) {
    cache_->Keep(node_, read_);
    ForgetRead();
  } else if (read_.edges.size() < EdgeCache::kEdgesOfNodeMax) {
    read_.edges.push_back({*item->fact, item->anchor_is_subject});
    read_.reaches.push_back(graph::ReachOf(item->fact->valid));
  } else {
    ForgetRead();
  }
  return more;
}

}  // namespace fasti::exec
