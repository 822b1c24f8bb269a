#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

// Writes any number of records, some at a time.  They are durable when the store was closed.
class BatchWriter {
 public:
  explicit BatchWriter(storage::Store& store) : store_(store) {}

  absl::Status Put(storage::Family family, absl::string_view key, absl::string_view value) {
    batch_.Put(family, key, value);
    return WriteIfFull();
  }
  // To which the caller adds records before the next call.
  absl::StatusOr<storage::Batch*> batch() {
    FASTI_RETURN_IF_ERROR(WriteIfFull());
    return &batch_;
  }
  // Writes what is left.
  absl::Status Finish() { return batch_.empty() ? absl::OkStatus() : Write(); }

 private:
  static constexpr size_t kBytes = size_t{4} << 20;

  absl::Status WriteIfFull() { return batch_.bytes() < kBytes ? absl::OkStatus() : Write(); }
  absl::Status Write() {
    FASTI_RETURN_IF_ERROR(store_.Write(batch_, storage::Durability::kBuffered));
    batch_.Clear();
    return absl::OkStatus();
  }

  storage::Store& store_;
  storage::Batch batch_;
};

}  // namespace fasti::graph
