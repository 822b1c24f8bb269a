#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "rocksdb/db.h"

// Installation of sorted runs: they are written as table files into a folder of their own inside
// the database, then taken over by one record of the MANIFEST, which makes them visible at once in
// all families.  A load that dies before that leaves only files in that folder.

namespace fasti::storage {

class RocksBulkLoad {
 public:
  // All must outlive this object.
  RocksBulkLoad(rocksdb::DB& db, const std::vector<rocksdb::ColumnFamilyHandle*>& families,
                absl::string_view path)
      : db_(db), families_(families), folder_(FolderOf(path)) {}
  ~RocksBulkLoad();

  RocksBulkLoad(const RocksBulkLoad&) = delete;
  RocksBulkLoad& operator=(const RocksBulkLoad&) = delete;

  // Writes the runs to files.  The database has not changed.
  absl::Status Write(std::vector<SortedRun> runs);
  // The atomic step.  REQUIRES: Write succeeded.
  absl::Status Install();

  // Deletes what killed loads left behind.
  static absl::Status DeleteLeftovers(rocksdb::Env* env, absl::string_view path);

 private:
  struct File {
    Family family;
    std::string path;
    std::string checksum;
    std::string checksum_name;
  };

  static std::string FolderOf(absl::string_view path);
  absl::Status WriteRun(SortedRun& run);

  rocksdb::DB& db_;
  const std::vector<rocksdb::ColumnFamilyHandle*>& families_;
  const std::string folder_;
  std::vector<File> files_;
};

}  // namespace fasti::storage
