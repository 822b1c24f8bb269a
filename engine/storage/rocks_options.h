#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/status.h"

// Every setting with which RocksDB runs here, in one place, since several of its defaults are
// unsafe in the version we link (7.8.3, built with assertions).  Never used, by any caller:
// DeleteRange, merge operators, CompactRange with change_level, SyncWAL, unordered writes,
// user-defined timestamps.

namespace fasti::storage {

enum class Role : uint8_t {
  kWriter,
  kReader,  // follows a writer in another process
  kFrozen,  // reads what nobody writes
  kMemory,
};

// `listeners` hear what happens in the background.
rocksdb::DBOptions DatabaseOptions(Role role, rocksdb::Env* env,
                                   std::vector<std::shared_ptr<rocksdb::EventListener>> listeners);

// One per family, in the order of the enum.
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(Role role, size_t cache_bytes);

// The only maker of ReadOptions.
rocksdb::ReadOptions ReadingOptions();

// NOT_FOUND, DATA_LOSS for damaged or missing files, RESOURCE_EXHAUSTED for a full disk,
// UNAVAILABLE for one that fails, INVALID_ARGUMENT; `context` comes first in the message.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view context);

}  // namespace fasti::storage
