#include "engine/storage/rocks_bulk_load.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/slice.h"
#include "fasti/status_macros.h"
#include "rocksdb/sst_file_writer.h"

namespace fasti::storage {
namespace {

// Files of this size keep later compactions small.
constexpr uint64_t kFileBytes = uint64_t{64} << 20;

// One table file being written, from its first entry to its checksum.
class TableFile {
 public:
  TableFile(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, std::string path)
      : writer_(rocksdb::EnvOptions(), db.GetOptions(family), family,
                /*invalidate_page_cache=*/false),
        path_(std::move(path)) {}

  absl::Status Open() { return ToStatus(writer_.Open(path_), path_); }
  absl::Status Add(const Entry& entry) {
    return ToStatus(writer_.Put(entry.key, entry.value), path_);
  }
  bool full() { return writer_.FileSize() >= kFileBytes; }
  absl::Status Finish(rocksdb::ExternalSstFileInfo* info) {
    return ToStatus(writer_.Finish(info), path_);
  }

 private:
  rocksdb::SstFileWriter writer_;
  const std::string path_;
};

}  // namespace

std::string RocksBulkLoad::FolderOf(absl::string_view path) {
  return absl::StrCat(path, "/bulk");
}

// Installed files were moved out of the folder; what is left there belongs to nobody.
RocksBulkLoad::~RocksBulkLoad() {
  for (const File& file : files_) db_.GetEnv()->DeleteFile(file.path).PermitUncheckedError();
}

absl::Status RocksBulkLoad::Write(std::vector<SortedRun> runs) {
  FASTI_RETURN_IF_ERROR(ToStatus(db_.GetEnv()->CreateDirIfMissing(folder_), folder_));
  for (SortedRun& run : runs) {
    if (run.family == Family::kLog) {
      return absl::InvalidArgumentError("bulk load: the log takes commits only");
    }
    FASTI_RETURN_IF_ERROR(WriteRun(run));
  }
  return absl::OkStatus();
}

absl::Status RocksBulkLoad::WriteRun(SortedRun& run) {
  rocksdb::ColumnFamilyHandle* const family = families_[static_cast<int>(run.family)];
  Entry entry;
  FASTI_ASSIGN_OR_RETURN(bool more, run.next(&entry));
  while (more) {
    std::string name = absl::StrCat(folder_, "/", files_.size(), "-", FamilyName(run.family));
    files_.push_back({run.family, name, "", ""});
    TableFile file(db_, family, name);
    FASTI_RETURN_IF_ERROR(file.Open());
    while (more && !file.full()) {
      if (entry.key.size() > kKeyBytesMax || entry.value.size() > kValueBytesMax) {
        return absl::InvalidArgumentError(absl::StrCat("bulk load: entry of ", entry.key.size(),
                                                       " + ", entry.value.size(), " bytes"));
      }
      FASTI_RETURN_IF_ERROR(file.Add(entry));
      FASTI_ASSIGN_OR_RETURN(more, run.next(&entry));
    }
    rocksdb::ExternalSstFileInfo info;
    FASTI_RETURN_IF_ERROR(file.Finish(&info));
    files_.back().checksum = info.file_checksum;
    files_.back().checksum_name = info.file_checksum_func_name;
  }
  return absl::OkStatus();
}

absl::Status RocksBulkLoad::Install() {
  std::vector<rocksdb::IngestExternalFileArg> args;
  for (int i = 0; i < kFamilyCount; ++i) {
    rocksdb::IngestExternalFileArg arg;
    arg.column_family = families_[i];
    arg.options.move_files = true;
    arg.options.write_global_seqno = false;    // the file stays as it was when it was summed
    arg.options.verify_file_checksum = false;  // we have just computed it
    // Files beside a memtable that overlaps them are put in the wrong order (fixed in 7.10).
    arg.options.allow_blocking_flush = false;
    for (const File& file : files_) {
      if (static_cast<int>(file.family) != i) continue;
      arg.external_files.push_back(file.path);
      arg.files_checksums.push_back(file.checksum);
      arg.files_checksum_func_names.push_back(file.checksum_name);
    }
    if (!arg.external_files.empty()) args.push_back(std::move(arg));
  }
  if (args.empty()) return absl::OkStatus();
  return ToStatus(db_.IngestExternalFiles(args), "bulk load");
}

absl::Status RocksBulkLoad::DeleteLeftovers(rocksdb::Env* env, absl::string_view path) {
  const std::string folder = FolderOf(path);
  std::vector<std::string> names;
  const rocksdb::Status listed = env->GetChildren(folder, &names);
  if (listed.IsNotFound() || listed.IsPathNotFound()) return absl::OkStatus();
  FASTI_RETURN_IF_ERROR(ToStatus(listed, folder));
  for (const std::string& name : names) {
    if (name == "." || name == "..") continue;
    const std::string file = absl::StrCat(folder, "/", name);
    FASTI_RETURN_IF_ERROR(ToStatus(env->DeleteFile(file), file));
  }
  return absl::OkStatus();
}

}  // namespace fasti::storage
