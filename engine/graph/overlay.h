#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/model/row.h"
#include "fasti/ids.h"

namespace fasti::graph {

// The rows that were written since the last fold, in memory, so that a commit costs one log row
// and a fold can sort once instead of every commit sorting a little.
//
// Rows are only ever appended.  Each is linked into three lists, one per order: by (subject,
// relation), by (object, relation) and by relation; a fact of one subject and relation is found
// without passing the others, also on a subject with a million of them.  A retraction is the same
// row again with `gone` set; walking a list newest first meets it before the row it retracts.
//
// One thread appends, any number read meanwhile: a list that was handed out never changes.
class Overlay {
 public:
  struct Node {
    Row row;
    // The rows appended before it to the same list, by ListOf(order).
    std::array<const Node*, 3> next = {};
  };
  using Heads = absl::InlinedVector<const Node*, 4>;

  Overlay() = default;
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  // REQUIRES: no two threads append at once; versions that are asserted ascend.
  void Append(absl::Span<const Row> rows);
  void Append(const Overlay& other);
  // As Append, but the next question links the row: most transactions never read what they wrote.
  void AppendUnlinked(const Row& row);

  size_t size() const { return size_.load(std::memory_order_acquire); }
  bool empty() const { return size() == 0; }

  // Adds the heads of the lists with `anchor` (0 in REL), of one relation or of all that are not
  // reserved.  REQUIRES: order is kOut, kIn or kRel.
  void Find(codec::Order order, uint64_t anchor, std::optional<uint32_t> relation,
            Heads* heads) const;
  // How many rows those lists hold, retractions counted, too.
  uint64_t Count(codec::Order order, uint64_t anchor, std::optional<uint32_t> relation) const;
  // The newest row of a version, or null.
  const Row* FindVersion(uint64_t version) const;

  // Every row, in the order they were appended.  REQUIRES: nobody appends meanwhile.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const Node& node : nodes_) visit(node.row);
  }

  // The row appended before `node` to the same list of `order`.
  static const Node* Next(const Node* node, codec::Order order) {
    return node->next[ListOf(order)];
  }

 private:
  static size_t ListOf(codec::Order order) { return static_cast<size_t>(order) - 1; }

  struct List {
    const Node* head = nullptr;
    uint64_t rows = 0;
    uint32_t relation = 0;
    uint32_t next_of_anchor = kNone;  // another list with the same anchor
  };
  static constexpr uint32_t kNone = UINT32_MAX;

  // The lists of one order.
  struct Index {
    std::vector<List> lists;
    absl::flat_hash_map<std::pair<uint64_t, uint32_t>, uint32_t> by_run;
    absl::flat_hash_map<uint64_t, uint32_t> by_anchor;  // the newest list of the anchor

    List& Intern(uint64_t anchor, uint32_t relation);
    template <typename Visit>
    void ForEachList(uint64_t anchor, std::optional<uint32_t> relation, Visit visit) const;
  };

  // A question that comes while rows are appended waits for no more than so many of them.
  static constexpr ptrdiff_t kRowsAtOnce = 16;

  template <typename Iterator, typename RowOf>
  void AppendRange(Iterator begin, Iterator end, RowOf row_of);
  void LinkNodes() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LinkAll() const;

  // Grown by the appending thread; readers only follow pointers.
  mutable std::deque<Node> nodes_;
  std::atomic<size_t> size_{0};
  // What finds rows again, and is made of them.
  mutable absl::Mutex mutex_;
  mutable std::atomic<size_t> linked_{0};  // so many of the rows are in it
  mutable std::array<Index, 3> indexes_ ABSL_GUARDED_BY(mutex_);
  mutable std::vector<const Node*> asserted_ ABSL_GUARDED_BY(mutex_);  // in order of version
  mutable absl::flat_hash_map<uint64_t, const Node*> retracted_ ABSL_GUARDED_BY(mutex_);
};

// The overlays that lie above the blocks at some moment, and where the blocks begin to be
// repeated by them: blocks hold every row up to `base`, the overlays every row after it, and
// every retraction after it.  So a row of a block with a version above `base`, which a fold put
// there meanwhile, is one that the overlays hold as well, and is passed over.
struct Layers {
  Sequence base = 0;
  absl::InlinedVector<std::shared_ptr<const Overlay>, 3> overlays;  // newest first
};

}  // namespace fasti::graph
