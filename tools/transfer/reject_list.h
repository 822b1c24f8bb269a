#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "tools/transfer/reject_file.h"

namespace fasti::transfer {

// Counts the lines of blocks that are read in any order, and tells the bad ones in the order of
// their files.  May be used by several threads at once.
class RejectList {
 public:
  struct Reject {
    uint64_t line = 0;  // within its block, from 0
    std::string reason;
    std::string text;
  };
  struct Block {
    std::string file;
    bool begins_file = false;
    uint64_t lines = 0;
    std::vector<Reject> rejects;
  };

  // `path` as LoadOptions::rejects.
  explicit RejectList(std::string path) : file_(std::move(path)) {}

  // The result of block `number`, counted from 0 without gaps.  UNAVAILABLE if the rejects cannot
  // be written.
  absl::Status Add(uint64_t number, Block block);
  absl::Status Finish();

  uint64_t lines() const;
  uint64_t rejected() const;
  std::vector<std::string> first() const;

 private:
  absl::Status Tell(const Block& block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<uint64_t, Block> waiting_ ABSL_GUARDED_BY(mutex_);  // for a block before them
  uint64_t next_block_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t line_of_file_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t lines_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t rejected_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> first_ ABSL_GUARDED_BY(mutex_);
  RejectFile file_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::transfer
