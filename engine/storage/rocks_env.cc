#include "engine/storage/rocks_env.h"

#include <utility>

#include "absl/strings/match.h"

namespace fasti::storage {
namespace {

std::string NameOf(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

bool RocksFiles::IsListed(absl::string_view path) const {
  return live_logs_.has_value() && absl::EndsWith(path, ".log");
}

void RocksFiles::HoldDeletions() {
  absl::MutexLock lock(&mutex_);
  is_held_ = true;
}

rocksdb::IOStatus RocksFiles::ReleaseDeletions() {
  std::vector<std::string> noted;
  {
    absl::MutexLock lock(&mutex_);
    is_held_ = false;
    noted.swap(noted_);
  }
  rocksdb::IOStatus first_failure;
  for (const std::string& path : noted) {
    rocksdb::IOStatus status = target()->DeleteFile(path, rocksdb::IOOptions(), nullptr);
    // A file that still lay there may have been found, and deleted, a second time.
    if (status.IsNotFound() || status.IsPathNotFound()) continue;
    if (first_failure.ok()) first_failure = std::move(status);
  }
  return first_failure;
}

rocksdb::IOStatus RocksFiles::NewWritableFile(const std::string& path,
                                              const rocksdb::FileOptions& options,
                                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                                              rocksdb::IODebugContext* debug) {
  if (absl::StrContains(path, "/OPTIONS-")) {
    return rocksdb::IOStatus::NotSupported("options are not kept");
  }
  rocksdb::IOStatus status = target()->NewWritableFile(path, options, file, debug);
  if (!status.ok() || !IsListed(path)) return status;
  return live_logs_->Begin(NameOf(path), file);
}

rocksdb::IOStatus RocksFiles::DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                                         rocksdb::IODebugContext* debug) {
  {
    absl::MutexLock lock(&mutex_);
    if (is_held_ && absl::EndsWith(path, ".sst")) {
      noted_.push_back(path);
      return rocksdb::IOStatus::OK();
    }
  }
  if (IsListed(path)) {
    rocksdb::IOStatus status = live_logs_->Remove(NameOf(path));
    if (!status.ok()) return status;
  }
  return target()->DeleteFile(path, options, debug);
}

RocksEnv::RocksEnv(rocksdb::Env* env)
    : EnvWrapper(env), files_(std::make_shared<RocksFiles>(env->GetFileSystem())) {
  file_system_ = files_;
  system_clock_ = env->GetSystemClock();
}

}  // namespace fasti::storage
