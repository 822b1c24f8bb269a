#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/sst_file_reader.h"

namespace fasti::storage {

// Reads one table by itself, and goes on behind damaged blocks.
//
// An iterator of RocksDB stops at a damaged block, and says neither which keys it held nor where
// the next one begins.  But it reads a block at a time through a file of ours, so that we know at
// which byte it stopped; and which byte a seek for some key reads tells on which side of the damage
// that key is.  So the last key that leads to the damaged block is found byte by byte.
class TableScan {
 public:
  // DATA_LOSS if the table's own index cannot be read: then nothing of it can.
  static absl::StatusOr<std::unique_ptr<TableScan>> Open(const std::string& path);
  ~TableScan();

  // Of the family to which the table belongs.
  std::string family() const;

  struct Gap {
    uint64_t byte = 0;                // of the damaged block
    std::string first_key, last_key;  // not before and not after which its keys are
  };
  // Visits what can be read, by ascending key.  The status is that of `visit`.
  absl::Status ForEach(
      absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view value)> visit,
      std::vector<Gap>* gaps) const;

 private:
  class LastRead;

  TableScan();
  std::unique_ptr<rocksdb::Iterator> NewIterator() const;
  // The byte of the block that a seek for `key` reads; nullopt behind the last one.
  std::optional<uint64_t> BlockOf(const std::string& key) const;
  // The greatest key, existing or not, that leads to the block at `byte`, or to one before it.
  std::string LastKeyOf(uint64_t byte) const;

  const std::shared_ptr<LastRead> last_read_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::SstFileReader> reader_;
};

}  // namespace fasti::storage
