#include "engine/storage/rocks_live_logs.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_sealed_file.h"
#include "fasti/status_macros.h"

// The lines of the file are names, by ascending name, those of finished logs with their size:
//
//   000012.log 8192
//   000017.log

namespace fasti::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr absl::string_view kLiveLogsFile = "LIVE_LOGS";

}  // namespace

// A log as RocksDB writes it.  It is written and synced by one thread at a time.
class LiveLogs::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(LiveLogs& logs, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), logs_(logs), name_(std::move(name)) {}
  ~File() override { logs_.Forget(this); }

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    bytes_ += data.size();
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& checksum, IODebugContext* debug) override {
    bytes_ += data.size();
    return FSWritableFileOwnerWrapper::Append(data, options, checksum, debug);
  }

  const std::string& name() const { return name_; }
  uint64_t bytes() const { return bytes_; }

 private:
  LiveLogs& logs_;
  const std::string name_;
  uint64_t bytes_ = 0;
};

LiveLogs::LiveLogs(rocksdb::Env* env, absl::string_view folder,
                   const std::vector<std::string>& logs)
    : env_(env), folder_(folder) {
  for (const std::string& name : logs) sizes_[name] = std::nullopt;
}

IOStatus LiveLogs::Begin(const std::string& name, std::unique_ptr<rocksdb::FSWritableFile>* file) {
  // A list that names a log which a power cut takes away would keep a sound database shut.
  IOStatus status = rocksdb::status_to_io_status(SyncNamesForRocks(env_, folder_));
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  status = FinishLast();
  if (!status.ok()) return status;
  sizes_[name] = std::nullopt;
  status = Write();
  if (!status.ok()) return status;
  auto log = std::make_unique<File>(*this, name, std::move(*file));
  last_ = log.get();
  *file = std::move(log);
  return status;
}

// Of commits that were not synced a power cut may take the last, but none before one that it
// leaves.
IOStatus LiveLogs::FinishLast() {
  if (last_ == nullptr) return IOStatus::OK();
  IOStatus status = last_->Sync(IOOptions(), nullptr);
  if (!status.ok()) return status;
  sizes_[last_->name()] = last_->bytes();
  last_ = nullptr;
  return status;
}

void LiveLogs::Forget(const File* file) {
  absl::MutexLock lock(&mutex_);
  if (last_ == file) last_ = nullptr;
}

IOStatus LiveLogs::Remove(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  if (sizes_.erase(name) == 0) return IOStatus::OK();
  return Write();
}

IOStatus LiveLogs::Write() {
  std::string lines;
  for (const auto& [name, size] : sizes_) {
    absl::StrAppend(&lines, name, size ? absl::StrCat(" ", *size) : "", "\n");
  }
  return rocksdb::status_to_io_status(WriteSealedFile(env_, folder_, kLiveLogsFile, lines));
}

absl::StatusOr<LogSizes> ReadLiveLogs(rocksdb::Env* env, absl::string_view folder) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<std::string> lines,
                         ReadSealedFile(env, folder, kLiveLogsFile));
  LogSizes sizes;
  for (const absl::string_view line : absl::StrSplit(lines.value_or(""), '\n', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> words = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    uint64_t size = 0;
    const bool is_finished = absl::SimpleAtoi(words.second, &size);
    sizes[words.first] = is_finished ? std::optional<uint64_t>(size) : std::nullopt;
  }
  return sizes;
}

absl::StatusOr<std::vector<std::string>> MissingLogs(rocksdb::Env* env, absl::string_view folder) {
  FASTI_ASSIGN_OR_RETURN(const LogSizes listed, ReadLiveLogs(env, folder));
  std::vector<std::string> missing;
  for (const auto& [name, size] : listed) {
    if (!env->FileExists(absl::StrCat(folder, "/", name)).ok()) missing.push_back(name);
  }
  if (missing.empty()) return missing;
  // Of these the writer may have deleted some since; then they are not listed any more.
  FASTI_ASSIGN_OR_RETURN(const LogSizes still, ReadLiveLogs(env, folder));
  std::erase_if(missing, [&](const std::string& name) { return !still.contains(name); });
  return missing;
}

absl::Status RemoveLiveLogs(rocksdb::Env* env, absl::string_view folder) {
  return RemoveSealedFile(env, folder, kLiveLogsFile);
}

}  // namespace fasti::storage
