#include "engine/storage/rocks_options.h"

#include <cstdarg>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/storage/rocks_checksum.h"
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/table.h"

namespace fasti::storage {
namespace {

// RocksDB's own log is switched off: on a full disk the second line written to it hits an assertion
// of this build and ends the process, readers must not write into the writer's directory, and a
// store in memory has none.  What goes wrong reaches the caller as a Status.
class NullLogger : public rocksdb::Logger {
 public:
  NullLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

size_t WriteBufferBytes(Role role, Family family) {
  if (role == Role::kMemory) return size_t{1} << 20;
  return family == Family::kLog ? size_t{32} << 20 : size_t{16} << 20;
}

rocksdb::CompressionType Compression(Role role, Family family) {
  if (role == Role::kMemory) return rocksdb::kNoCompression;
  switch (family) {
    case Family::kPost:  // its blocks are packed already, and are read in place
      return rocksdb::kNoCompression;
    case Family::kDict:
    case Family::kExtra:
    case Family::kTime:
    case Family::kText:
      return rocksdb::kZSTD;
    default:
      return rocksdb::kLZ4Compression;
  }
}

rocksdb::BlockBasedTableOptions TableOptions(Family family,
                                             const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = size_t{16} << 10;
  if (family == Family::kPost) {
    // A key here stands for 256 rows, so a seek that must not decode neighbours is worth the bytes.
    table.block_restart_interval = 1;
  }
  if (family == Family::kDict) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  return table;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Role role, Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.compaction_style = rocksdb::kCompactionStyleLevel;
  options.level_compaction_dynamic_level_bytes = true;
  options.force_consistency_checks = true;
  options.write_buffer_size = WriteBufferBytes(role, family);
  if (role == Role::kMemory) options.arena_block_size = size_t{16} << 10;
  options.compression = Compression(role, family);
  // Every fold adds a file on top of level 0, and each of them costs every seek.
  if (family == Family::kPost) options.level0_file_num_compaction_trigger = 2;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(family, cache)));
  return options;
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(Role role, rocksdb::Env* env,
                                   std::vector<std::shared_ptr<rocksdb::EventListener>> listeners) {
  rocksdb::DBOptions options;
  options.env = env;
  options.listeners = std::move(listeners);

  // Recovery.  This mode alone checks that sequence numbers are continuous, but takes damage for a
  // torn tail; the scan before opening (log_scan.h) tells the two apart.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = false;  // reports sound logs as missing
  options.max_total_wal_size = uint64_t{64} << 20;    // bounds the time of recovery
  options.recycle_log_file_num = 0;
  options.wal_compression = rocksdb::kNoCompression;
  options.manual_wal_flush = false;

  // Checks.
  options.paranoid_checks = true;
  options.flush_verify_memtable_count = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.file_checksum_gen_factory = FileChecksums();
  options.max_open_files = -1;  // every file is opened, and so checked, at open

  // Resuming by itself after an error in the background ends in an assertion.
  options.max_bgerror_resume_count = 0;
  options.unordered_write = false;

  // No threads and no writes for statistics.
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_background_jobs = 2;
  options.max_file_opening_threads = 2;

  // The default depends on whether the *library* was built for debugging.
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  options.info_log = std::make_shared<NullLogger>();
  // Nothing in memory outlives the process, so nothing is logged for recovery there (see Write).
  options.avoid_flush_during_shutdown = role == Role::kMemory;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(Role role, size_t cache_bytes) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (int i = 0; i < kFamilyCount; ++i) {
    const auto family = static_cast<Family>(i);
    families.emplace_back(std::string(FamilyName(family)), FamilyOptions(role, family, cache));
  }
  return families;
}

rocksdb::ReadOptions ReadingOptions() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  // Without it, a scan that meets a damaged first block of a file silently skips that file.
  options.ignore_range_deletions = true;
  return options;
}

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view context) {
  if (status.ok()) return absl::OkStatus();
  // For a missing table RocksDB gives the last name it tried, which is LevelDB's.
  const std::string message =
      absl::StrReplaceAll(absl::StrCat(context, ": ", status.ToString()), {{".ldb", ".sst"}});
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsCorruption() || status.IsPathNotFound()) {
    return absl::DataLossError(absl::StrCat(message, "; restore a backup"));
  }
  if (status.IsNoSpace() || status.IsMemoryLimit()) {
    return absl::ResourceExhaustedError(absl::StrCat(message, "; free some and open it again"));
  }
  if (status.IsIOError() || status.IsBusy() || status.IsTryAgain() || status.IsTimedOut() ||
      status.IsIncomplete()) {
    return absl::UnavailableError(message);
  }
  if (status.IsInvalidArgument()) return absl::InvalidArgumentError(message);
  if (status.IsAborted() || status.IsShutdownInProgress()) {
    return absl::FailedPreconditionError(message);
  }
  return absl::InternalError(message);
}

}  // namespace fasti::storage
