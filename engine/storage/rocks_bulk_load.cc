#include "engine/storage/rocks_bulk_load.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/slice.h"
#include "fasti/status_macros.h"
#include "rocksdb/env.h"
#include "rocksdb/sst_file_writer.h"

namespace fasti::storage {
namespace {

// Files of this size keep later compactions small.
constexpr uint64_t kFileBytes = uint64_t{64} << 20;

std::string FolderOf(absl::string_view path) {
  return absl::StrCat(path, "/bulk");
}

// Written through RocksDB's environment, so that a store in memory has its files there as well and
// tests can make them fail.
class RocksScratchFile : public ScratchFile {
 public:
  static absl::StatusOr<std::unique_ptr<ScratchFile>> Create(BulkFolder& folder) {
    FASTI_ASSIGN_OR_RETURN(std::string path, folder.NewPath("scratch"));
    auto file = std::make_unique<RocksScratchFile>(folder.env(), std::move(path));
    FASTI_RETURN_IF_ERROR(
        ToStatus(folder.env()->NewWritableFile(file->path_, &file->writer_, rocksdb::EnvOptions()),
                 file->path_));
    return file;
  }

  RocksScratchFile(rocksdb::Env* env, std::string path) : env_(env), path_(std::move(path)) {}
  ~RocksScratchFile() override {
    writer_.reset();
    reader_.reset();
    env_->DeleteFile(path_).PermitUncheckedError();
  }

  absl::Status Append(absl::string_view bytes) override {
    return ToStatus(writer_->Append(ToSlice(bytes)), path_);
  }
  absl::Status Seal() override {
    FASTI_RETURN_IF_ERROR(ToStatus(writer_->Close(), path_));
    writer_.reset();
    return ToStatus(env_->NewRandomAccessFile(path_, &reader_, rocksdb::EnvOptions()), path_);
  }
  absl::Status Read(uint64_t offset, absl::Span<char> out) const override {
    rocksdb::Slice read;
    FASTI_RETURN_IF_ERROR(ToStatus(reader_->Read(offset, out.size(), &read, out.data()), path_));
    if (read.size() != out.size()) {
      return absl::UnavailableError(absl::StrCat(
          path_, ": expected ", out.size(), " bytes at offset ", offset, ", found ", read.size()));
    }
    // An environment may answer from its own memory.
    if (read.data() != out.data()) std::copy_n(read.data(), read.size(), out.data());
    return absl::OkStatus();
  }

 private:
  rocksdb::Env* const env_;
  const std::string path_;
  std::unique_ptr<rocksdb::WritableFile> writer_;
  std::unique_ptr<rocksdb::RandomAccessFile> reader_;
};

}  // namespace

BulkFolder::BulkFolder(rocksdb::Env* env, absl::string_view path)
    : env_(env), folder_(FolderOf(path)) {}

absl::StatusOr<std::string> BulkFolder::NewPath(absl::string_view suffix) {
  FASTI_RETURN_IF_ERROR(ToStatus(env_->CreateDirIfMissing(folder_), folder_));
  return absl::StrCat(folder_, "/", next_++, "-", suffix);
}

absl::Status BulkFolder::DeleteLeftovers(rocksdb::Env* env, absl::string_view path) {
  const std::string folder = FolderOf(path);
  return env->FileExists(folder).IsNotFound() ? absl::OkStatus() : DeleteFiles(env, folder);
}

// Writes a run into as many files as its size asks for.
class RocksInstallation::TableWriter : public RunWriter {
 public:
  TableWriter(RocksInstallation& installation, Family family)
      : installation_(installation), family_(family) {}

  absl::Status Add(absl::string_view key, absl::string_view value) override {
    if (key.size() > kKeyBytesMax || value.size() > kValueBytesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("bulk load: entry of ", key.size(), " + ", value.size(), " bytes"));
    }
    if (table_.has_value() && table_->FileSize() >= kFileBytes) FASTI_RETURN_IF_ERROR(Finish());
    if (!table_.has_value()) FASTI_RETURN_IF_ERROR(Open());
    return ToStatus(table_->Put(ToSlice(key), ToSlice(value)), path_);
  }

  absl::Status Finish() override {
    if (!table_.has_value()) return absl::OkStatus();
    rocksdb::ExternalSstFileInfo info;
    FASTI_RETURN_IF_ERROR(ToStatus(table_->Finish(&info), path_));
    table_.reset();
    installation_.NoteFinished(path_, info.file_checksum, info.file_checksum_func_name);
    return absl::OkStatus();
  }

 private:
  absl::Status Open() {
    FASTI_ASSIGN_OR_RETURN(path_, installation_.NewFile(family_));
    rocksdb::ColumnFamilyHandle* const handle = installation_.families_[static_cast<int>(family_)];
    table_.emplace(rocksdb::EnvOptions(), installation_.db_.GetOptions(handle), handle,
                   /*invalidate_page_cache=*/false);
    return ToStatus(table_->Open(path_), path_);
  }

  RocksInstallation& installation_;
  const Family family_;
  std::string path_;
  std::optional<rocksdb::SstFileWriter> table_;
};

// Installed files were moved out of the folder; what is left there belongs to nobody.
RocksInstallation::~RocksInstallation() {
  absl::MutexLock lock(&mutex_);
  for (const File& file : files_) folder_.env()->DeleteFile(file.path).PermitUncheckedError();
}

absl::StatusOr<std::unique_ptr<RunWriter>> RocksInstallation::NewRun(Family family) {
  if (family == Family::kLog) {
    return absl::InvalidArgumentError("bulk load: the log takes commits only");
  }
  return std::make_unique<TableWriter>(*this, family);
}

absl::StatusOr<std::string> RocksInstallation::NewFile(Family family) {
  FASTI_ASSIGN_OR_RETURN(std::string path, folder_.NewPath(FamilyName(family)));
  absl::MutexLock lock(&mutex_);
  files_.push_back({family, path, "", ""});
  return path;
}

void RocksInstallation::NoteFinished(const std::string& path, std::string checksum,
                                     std::string checksum_name) {
  absl::MutexLock lock(&mutex_);
  for (File& file : files_) {
    if (file.path != path) continue;
    file.checksum = std::move(checksum);
    file.checksum_name = std::move(checksum_name);
    return;
  }
}

absl::Status RocksInstallation::Install() {
  return around_([this] { return Ingest(); });
}

absl::Status RocksInstallation::Ingest() {
  absl::MutexLock lock(&mutex_);
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

absl::StatusOr<std::unique_ptr<ScratchFile>> NewRocksScratchFile(BulkFolder& folder) {
  return RocksScratchFile::Create(folder);
}

}  // namespace fasti::storage
