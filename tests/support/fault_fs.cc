#include "tests/support/fault_fs.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "rocksdb/system_clock.h"

namespace fasti {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

// After an error in the background RocksDB sleeps for a second, which a test need not.
class ShortSleeps : public rocksdb::SystemClockWrapper {
 public:
  ShortSleeps() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "ShortSleeps"; }
  void SleepForMicroseconds(int micros) override {
    SystemClockWrapper::SleepForMicroseconds(std::min(micros, 500));
  }
};

class ImpatientEnv : public rocksdb::EnvWrapper {
 public:
  explicit ImpatientEnv(const std::shared_ptr<rocksdb::FileSystem>& files)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<ShortSleeps>();
  }
  const char* Name() const override { return "ImpatientEnv"; }
  void SleepForMicroseconds(int micros) override { system_clock_->SleepForMicroseconds(micros); }
};

}  // namespace

class FaultFs::WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(FaultFs& faults, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), faults_(faults), name_(std::move(name)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const IOStatus fault = faults_.Count();
    if (!fault.ok()) {
      if (faults_.is_torn()) PassOn(Slice(data.data(), data.size() / 2), options, debug);
      return fault;
    }
    return PassOn(data, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*checksum*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus fault = faults_.Count();
    if (!fault.ok()) return fault;
    const IOStatus status = FSWritableFileOwnerWrapper::Sync(options, debug);
    if (status.ok()) faults_.NoteSynced(name_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();  // it promises nothing
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus fault = faults_.Count();
    const IOStatus status = FSWritableFileOwnerWrapper::Close(options, debug);
    return fault.ok() ? status : fault;
  }

 private:
  IOStatus PassOn(const Slice& data, const IOOptions& options, IODebugContext* debug) {
    const IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) faults_.NoteAppended(name_, data.size());
    return status;
  }

  FaultFs& faults_;
  const std::string name_;
};

class FaultFs::Directory : public rocksdb::FSDirectory {
 public:
  Directory(FaultFs& faults, std::string name, std::unique_ptr<rocksdb::FSDirectory> directory)
      : faults_(faults), name_(std::move(name)), directory_(std::move(directory)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return FsyncWithDirOptions(options, debug, rocksdb::DirFsyncOptions());
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& sync_options) override {
    const IOStatus fault = faults_.Count();
    if (!fault.ok()) return fault;
    const IOStatus status = directory_->FsyncWithDirOptions(options, debug, sync_options);
    if (status.ok()) faults_.NoteFolderSynced(name_);
    return status;
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return directory_->Close(options, debug);
  }
  size_t GetUniqueId(char* id, size_t size) const override {
    return directory_->GetUniqueId(id, size);
  }

 private:
  FaultFs& faults_;
  const std::string name_;
  const std::unique_ptr<rocksdb::FSDirectory> directory_;
};

FaultFs::FaultFs() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

std::unique_ptr<rocksdb::Env> FaultFs::NewEnv() {
  // The caller owns us, and outlives every environment it makes.
  return std::make_unique<ImpatientEnv>(
      std::shared_ptr<rocksdb::FileSystem>(this, [](rocksdb::FileSystem*) {}));
}

void FaultFs::FailAt(long call, Fault fault) {
  calls_ = 0;
  has_failed_ = false;
  fault_ = fault;
  fail_at_ = call;
}

void FaultFs::Heal() {
  const bool power_was_cut = has_failed_ && fault_ == Fault::kPowerCut;
  fail_at_ = 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [name, file] : files_) {
    if (!power_was_cut || !std::filesystem::exists(name)) continue;
    if (!file.named && file.synced == 0) {
      std::filesystem::remove(name);
    } else if (file.synced < std::filesystem::file_size(name)) {
      std::filesystem::resize_file(name, file.synced);
    }
  }
  files_.clear();
}

IOStatus FaultFs::Count() {
  const long call = ++calls_;
  const long fail_at = fail_at_;
  const Fault fault = fault_;
  const bool is_single = fault == Fault::kError || fault == Fault::kRetryable;
  if (fail_at == 0 || call < fail_at || (call > fail_at && is_single)) return IOStatus::OK();
  has_failed_ = true;
  if (fault == Fault::kNoSpace || fault == Fault::kTornNoSpace) {
    return IOStatus::NoSpace("No space left on device");
  }
  IOStatus error = IOStatus::IOError("Input/output error");
  error.SetRetryable(fault == Fault::kRetryable);
  return error;
}

bool FaultFs::is_torn() const {
  return fault_ == Fault::kTornNoSpace;
}

void FaultFs::NoteAppended(const std::string& name, size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  files_[name].written += bytes;
}

void FaultFs::NoteSynced(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  files_[name].synced = files_[name].written;
}

void FaultFs::NoteFolderSynced(const std::string& folder) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& [name, file] : files_) {
    if (std::filesystem::path(name).parent_path() == folder) file.named = true;
  }
}

// The new name of a file that was written here holds the same bytes.
void FaultFs::NoteRenamed(const std::string& from, const std::string& to, bool keep_from) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = files_.find(from);
  if (found == files_.end()) return;
  files_[to] = found->second;
  if (!keep_from) files_.erase(found);
}

IOStatus FaultFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* file,
                                  IODebugContext* debug) {
  const IOStatus fault = Count();
  if (!fault.ok()) return fault;
  const IOStatus status = target()->NewWritableFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<WritableFile>(*this, name, std::move(*file));
  const std::lock_guard<std::mutex> lock(mutex_);
  files_[name] = OnDisk();
  return status;
}

IOStatus FaultFs::NewDirectory(const std::string& name, const IOOptions& options,
                               std::unique_ptr<rocksdb::FSDirectory>* directory,
                               IODebugContext* debug) {
  const IOStatus status = target()->NewDirectory(name, options, directory, debug);
  if (status.ok()) {
    *directory = std::make_unique<Directory>(*this, name, std::move(*directory));
  }
  return status;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to,
                             const IOOptions& options, IODebugContext* debug) {
  const IOStatus fault = Count();
  if (!fault.ok()) return fault;
  const IOStatus status = target()->RenameFile(from, to, options, debug);
  if (status.ok()) NoteRenamed(from, to, /*keep_from=*/false);
  return status;
}

IOStatus FaultFs::LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                           IODebugContext* debug) {
  const IOStatus fault = Count();
  if (!fault.ok()) return fault;
  const IOStatus status = target()->LinkFile(from, to, options, debug);
  if (status.ok()) NoteRenamed(from, to, /*keep_from=*/true);
  return status;
}

IOStatus FaultFs::DeleteFile(const std::string& name, const IOOptions& options,
                             IODebugContext* debug) {
  const IOStatus fault = Count();
  if (!fault.ok()) return fault;
  const IOStatus status = target()->DeleteFile(name, options, debug);
  if (status.ok()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_.erase(name);
  }
  return status;
}

}  // namespace fasti
