#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/codec/post_key.h"
#include "engine/model/row.h"
#include "engine/storage/store.h"

namespace fasti::graph {

inline constexpr codec::Order kAllOrders[] = {codec::Order::kOut, codec::Order::kIn,
                                              codec::Order::kRel, codec::Order::kId};

// Sorts any number of rows of any kind into all four orders with bounded memory, where RowSorter
// sorts those of a load into one.  Rows come in any order, and a version may come several times; if
// one of them is retracted, that is the one that counts.  Chunks of rows are sorted by each order
// and put aside, packed as blocks, in scratch files, which are merged at the end.
class RowSpool {
 public:
  static constexpr size_t kChunkRows = size_t{1}
                                       << 19;  // about 120 bytes each while they are sorted

  // The store must outlive the spool, which keeps scratch files there.
  explicit RowSpool(storage::Store& store, size_t chunk_rows = kChunkRows)
      : store_(store), chunk_rows_(chunk_rows) {}

  absl::Status Add(const Row& row);
  // Ends the adding.
  absl::Status Seal();

  // Visits the rows that an order holds, each version once, by ascending key; in ID only what that
  // keeps of them.  REQUIRES: Seal succeeded.
  absl::Status ForEach(codec::Order order,
                       absl::FunctionRef<absl::Status(const Row& row)> visit) const;

 private:
  // A chunk in one order: blocks, one behind the other, and how long each is.
  struct Run {
    std::unique_ptr<storage::ScratchFile> file;
    std::vector<uint32_t> block_bytes;
  };
  class RunReader;

  absl::Status PutAside();
  absl::StatusOr<Run> WriteRun(codec::Order order) const;
  const std::vector<Run>& RunsOf(codec::Order order) const {
    return runs_[static_cast<size_t>(order) - 1];
  }

  storage::Store& store_;
  const size_t chunk_rows_;
  std::vector<Row> chunk_;
  std::array<std::vector<Run>, 4> runs_;  // by order
};

}  // namespace fasti::graph
