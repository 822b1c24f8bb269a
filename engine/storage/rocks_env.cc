#include "engine/storage/rocks_env.h"

#include <utility>

#include "absl/strings/match.h"

namespace fasti::storage {

void HeldDeletions::Hold() {
  absl::MutexLock lock(&mutex_);
  is_held_ = true;
}

rocksdb::IOStatus HeldDeletions::Release() {
  std::vector<std::string> noted;
  {
    absl::MutexLock lock(&mutex_);
    is_held_ = false;
    noted.swap(noted_);
  }
  rocksdb::IOStatus first_failure;
  for (const std::string& path : noted) {
    rocksdb::IOStatus status = target()->DeleteFile(path, rocksdb::IOOptions(), nullptr);
    if (first_failure.ok()) first_failure = std::move(status);
  }
  return first_failure;
}

rocksdb::IOStatus HeldDeletions::DeleteFile(const std::string& path,
                                            const rocksdb::IOOptions& options,
                                            rocksdb::IODebugContext* debug) {
  {
    absl::MutexLock lock(&mutex_);
    if (is_held_ && absl::EndsWith(path, ".sst")) {
      noted_.push_back(path);
      return rocksdb::IOStatus::OK();
    }
  }
  return target()->DeleteFile(path, options, debug);
}

RocksEnv::RocksEnv(rocksdb::Env* env)
    : EnvWrapper(env), deletions_(std::make_shared<HeldDeletions>(env->GetFileSystem())) {
  file_system_ = deletions_;
  system_clock_ = env->GetSystemClock();
}

}  // namespace fasti::storage
