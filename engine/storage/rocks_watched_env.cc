#include "engine/storage/rocks_watched_env.h"

#include <utility>

namespace fasti::storage {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

class SequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> file, Watchman& watchman)
      : FSSequentialFileOwnerWrapper(std::move(file)), watchman_(watchman) {}
  IOStatus Read(size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    IOStatus status = FSSequentialFileOwnerWrapper::Read(n, options, result, scratch, debug);
    return status.ok() ? watchman_.Pass(result->size()) : status;
  }

 private:
  Watchman& watchman_;
};

class RandomAccessFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(std::unique_ptr<rocksdb::FSRandomAccessFile> file, Watchman& watchman)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), watchman_(watchman) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    IOStatus status =
        FSRandomAccessFileOwnerWrapper::Read(offset, n, options, result, scratch, debug);
    return status.ok() ? watchman_.Pass(result->size()) : status;
  }

 private:
  Watchman& watchman_;
};

class WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> file, Watchman& watchman)
      : FSWritableFileOwnerWrapper(std::move(file)), watchman_(watchman) {}
  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    return status.ok() ? watchman_.Pass(data.size()) : status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& checksum, IODebugContext* debug) override {
    IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, checksum, debug);
    return status.ok() ? watchman_.Pass(data.size()) : status;
  }

 private:
  Watchman& watchman_;
};

// What was opened, as somebody who is watched.
template <typename Watched, typename File>
void Watch(std::unique_ptr<File>* file, Watchman& watchman) {
  *file = std::make_unique<Watched>(std::move(*file), watchman);
}

}  // namespace

void Watchman::Begin(absl::string_view doing) {
  {
    absl::MutexLock lock(&mutex_);
    doing_ = doing;
    bytes_ = 0;
  }
  Pass(0).PermitUncheckedError();
}

IOStatus Watchman::Pass(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  bytes_ += bytes;
  if (watch_.progress && !doing_.empty()) watch_.progress(doing_, bytes_);
  is_stopped_ = is_stopped_ || (watch_.should_stop && watch_.should_stop());
  return is_stopped_ ? IOStatus::Aborted("interrupted") : IOStatus::OK();
}

absl::Status Watchman::Judge(const absl::Status& status) const {
  absl::MutexLock lock(&mutex_);
  if (status.ok() || !is_stopped_) return status;
  return absl::CancelledError("interrupted; nothing was changed");
}

IOStatus WatchedFiles::NewSequentialFile(const std::string& path, const FileOptions& options,
                                         std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                         IODebugContext* debug) {
  IOStatus status = target()->NewSequentialFile(path, options, file, debug);
  if (status.ok()) Watch<SequentialFile>(file, watchman_);
  return status;
}

IOStatus WatchedFiles::NewRandomAccessFile(const std::string& path, const FileOptions& options,
                                           std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                           IODebugContext* debug) {
  IOStatus status = target()->NewRandomAccessFile(path, options, file, debug);
  if (status.ok()) Watch<RandomAccessFile>(file, watchman_);
  return status;
}

IOStatus WatchedFiles::NewWritableFile(const std::string& path, const FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       IODebugContext* debug) {
  IOStatus status = target()->NewWritableFile(path, options, file, debug);
  if (status.ok()) Watch<WritableFile>(file, watchman_);
  return status;
}

WatchedEnv::WatchedEnv(rocksdb::Env* env, Watchman& watchman) : EnvWrapper(env) {
  file_system_ = std::make_shared<WatchedFiles>(env->GetFileSystem(), watchman);
  system_clock_ = env->GetSystemClock();
}

}  // namespace fasti::storage
