#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// A store, in memory unless it is given one, that counts what is asked of it and fails when it is
// told to.
class ProbeStore final : public storage::Store {
 public:
  ProbeStore() : ProbeStore(*storage::OpenMemoryStore()) {}
  explicit ProbeStore(std::unique_ptr<storage::Store> store) : store_(std::move(store)) {}

  // Called before each write; what it returns is the outcome unless it is OK.
  std::function<absl::Status(const storage::Batch&)> before_write;
  std::function<absl::Status()> before_bulk_load;
  std::function<absl::Status()> before_scratch_file;
  mutable std::atomic<int> moves{0};  // seeks and steps of all cursors
  std::atomic<int> writes{0};

  absl::StatusOr<std::string> Get(storage::Family family, absl::string_view key) const override {
    return store_->Get(family, key);
  }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      storage::Family family, absl::Span<const std::string> keys) const override {
    return store_->MultiGet(family, keys);
  }
  std::unique_ptr<storage::Cursor> NewCursor(storage::Family family) const override {
    return std::make_unique<ProbeCursor>(store_->NewCursor(family), moves);
  }
  absl::Status Write(const storage::Batch& batch, storage::Durability durability) override {
    ++writes;
    if (before_write) {
      if (absl::Status status = before_write(batch); !status.ok()) return status;
    }
    return store_->Write(batch, durability);
  }
  absl::StatusOr<std::unique_ptr<storage::Installation>> NewInstallation() override {
    if (before_bulk_load) {
      if (absl::Status status = before_bulk_load(); !status.ok()) return status;
    }
    return store_->NewInstallation();
  }
  absl::StatusOr<std::unique_ptr<storage::ScratchFile>> NewScratchFile() override {
    if (before_scratch_file) {
      if (absl::Status status = before_scratch_file(); !status.ok()) return status;
    }
    return store_->NewScratchFile();
  }
  absl::Status Flush(absl::Span<const storage::Family> families) override {
    return store_->Flush(families);
  }
  absl::Status CatchUp() override { return absl::OkStatus(); }
  uint64_t ApproximateBytesBetween(storage::Family family, absl::string_view begin,
                                   absl::string_view end) const override {
    return store_->ApproximateBytesBetween(family, begin, end);
  }
  storage::WriteStalls write_stalls() const override { return store_->write_stalls(); }
  uint64_t ApproximateBytes(storage::Family family) const override {
    return store_->ApproximateBytes(family);
  }
  absl::StatusOr<std::vector<std::string>> Verify() const override { return store_->Verify(); }
  absl::Status Close() override { return store_->Close(); }

 private:
  class ProbeCursor final : public storage::Cursor {
   public:
    ProbeCursor(std::unique_ptr<storage::Cursor> cursor, std::atomic<int>& moves)
        : cursor_(std::move(cursor)), moves_(moves) {}
    void Seek(absl::string_view key) override {
      ++moves_;
      cursor_->Seek(key);
    }
    void SeekForPrevious(absl::string_view key) override {
      ++moves_;
      cursor_->SeekForPrevious(key);
    }
    void Next() override {
      ++moves_;
      cursor_->Next();
    }
    void Previous() override {
      ++moves_;
      cursor_->Previous();
    }
    bool Valid() const override { return cursor_->Valid(); }
    absl::string_view key() const override { return cursor_->key(); }
    absl::string_view value() const override { return cursor_->value(); }
    absl::Status status() const override { return cursor_->status(); }

   private:
    std::unique_ptr<storage::Cursor> cursor_;
    std::atomic<int>& moves_;
  };

  std::unique_ptr<storage::Store> store_;
};

}  // namespace fasti::graph
