#include "query/exec/edge_reader.h"

#include "fasti/status_macros.h"

namespace fasti::exec {

const EdgeCache::Edges* EdgeCache::Find(EntityId node) const {
  const auto it = edges_.find(node);
  return it == edges_.end() ? nullptr : &it->second;
}

void EdgeCache::Keep(EntityId node, Edges edges) {
  const size_t size = edges.size() + kEdgesPerNode;
  if (size_ + size > kEdgesMax) return;
  if (edges_.try_emplace(node, std::move(edges)).second) size_ += size;
}

void EdgeCache::Clear() {
  edges_.clear();
  size_ = 0;
}

void EdgeReader::Plan(const Snapshot& snapshot, std::vector<FactScan> scans) {
  reader_.Start(snapshot, std::move(scans));
  planned_ = true;
}

void EdgeReader::Clear() {
  reader_.Clear();
  planned_ = false;
  cached_ = nullptr;
  next_ = 0;
  read_.clear();
  keeps_ = false;
}

void EdgeReader::StartFrom(EntityId node) {
  node_ = node;
  next_ = 0;
  read_.clear();
  cached_ = cache_ == nullptr ? nullptr : cache_->Find(node);
  keeps_ = cache_ != nullptr && cached_ == nullptr;
  if (cached_ == nullptr) reader_.StartFrom(node);
}

absl::StatusOr<bool> EdgeReader::Next(FactReader::Item* item) {
  if (cached_ != nullptr) {
    if (next_ == cached_->size()) return false;
    const EdgeCache::Edge& edge = (*cached_)[next_++];
    *item = {&edge.fact, edge.anchor_is_subject};
    return true;
  }
  FASTI_ASSIGN_OR_RETURN(const bool more, reader_.Next(item));
  if (!keeps_) return more;
  if (!more) {
    cache_->Keep(node_, std::move(read_));
    keeps_ = false;
    read_.clear();
  } else if (read_.size() < EdgeCache::kEdgesOfNodeMax) {
    read_.push_back({*item->fact, item->anchor_is_subject});
  } else {
    keeps_ = false;
    read_.clear();
  }
  return more;
}

}  // namespace fasti::exec
