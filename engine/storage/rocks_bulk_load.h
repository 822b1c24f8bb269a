#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/storage/store.h"
#include "rocksdb/db.h"

// Installation of sorted runs: they are written as table files into a folder of their own inside
// the database, then taken over by one record of the MANIFEST, which makes them visible at once in
// all families.  A load that dies before that leaves only files in that folder.

namespace fasti::storage {

// The folder for files that are not yet, or never will be, part of the database.
class BulkFolder {
 public:
  BulkFolder(rocksdb::Env* env, absl::string_view path);  // `env` must outlive it

  // A path that no file has; makes the folder if need be.
  absl::StatusOr<std::string> NewPath(absl::string_view suffix);
  rocksdb::Env* env() const { return env_; }

  // Deletes what killed loads left behind in the database at `path`.
  static absl::Status DeleteLeftovers(rocksdb::Env* env, absl::string_view path);

 private:
  rocksdb::Env* const env_;
  const std::string folder_;
  std::atomic<uint64_t> next_ = 0;
};

class RocksInstallation : public Installation {
 public:
  // All must outlive this object.  `around` runs the step of RocksDB that installs, and what must
  // be done before and after it.
  using Step = std::function<absl::Status()>;
  RocksInstallation(rocksdb::DB& db, const std::vector<rocksdb::ColumnFamilyHandle*>& families,
                    BulkFolder& folder, std::function<absl::Status(const Step& install)> around)
      : db_(db), families_(families), folder_(folder), around_(std::move(around)) {}
  ~RocksInstallation() override;

  RocksInstallation(const RocksInstallation&) = delete;
  RocksInstallation& operator=(const RocksInstallation&) = delete;

  absl::StatusOr<std::unique_ptr<RunWriter>> NewRun(Family family) override;
  absl::Status Install() override;

 private:
  class TableWriter;
  struct File {
    Family family;
    std::string path;
    std::string checksum;
    std::string checksum_name;
  };

  // A new file, to be deleted with this object unless it is installed.
  absl::StatusOr<std::string> NewFile(Family family);
  void NoteFinished(const std::string& path, std::string checksum, std::string checksum_name);
  absl::Status Ingest();

  rocksdb::DB& db_;
  const std::vector<rocksdb::ColumnFamilyHandle*>& families_;
  BulkFolder& folder_;
  const std::function<absl::Status(const Step&)> around_;
  absl::Mutex mutex_;
  std::vector<File> files_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<std::unique_ptr<ScratchFile>> NewRocksScratchFile(BulkFolder& folder);

}  // namespace fasti::storage
