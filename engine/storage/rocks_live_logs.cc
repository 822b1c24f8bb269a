#include "engine/storage/rocks_live_logs.h"

#include <algorithm>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_sealed_file.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

constexpr absl::string_view kLiveLogsFile = "LIVE_LOGS";

absl::StatusOr<std::vector<std::string>> ReadNames(rocksdb::Env* env, absl::string_view folder) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<std::string> lines,
                         ReadSealedFile(env, folder, kLiveLogsFile));
  return absl::StrSplit(lines.value_or(""), '\n', absl::SkipEmpty());
}

}  // namespace

LiveLogs::LiveLogs(rocksdb::Env* env, absl::string_view folder,
                   const std::vector<std::string>& logs)
    : env_(env), folder_(folder), names_(logs.begin(), logs.end()) {}

rocksdb::Status LiveLogs::Add(const std::string& name) {
  // A list that names a log which a power cut takes away would keep a sound database shut.
  rocksdb::Status status = SyncNamesForRocks(env_, folder_);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  names_.insert(name);
  return Write();
}

rocksdb::Status LiveLogs::Remove(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  if (names_.erase(name) == 0) return rocksdb::Status::OK();
  return Write();
}

rocksdb::Status LiveLogs::Write() {
  const std::string lines = names_.empty() ? "" : absl::StrCat(absl::StrJoin(names_, "\n"), "\n");
  return WriteSealedFile(env_, folder_, kLiveLogsFile, lines);
}

absl::StatusOr<std::vector<std::string>> MissingLogs(rocksdb::Env* env, absl::string_view folder) {
  FASTI_ASSIGN_OR_RETURN(std::vector<std::string> missing, ReadNames(env, folder));
  missing.erase(std::remove_if(missing.begin(), missing.end(),
                               [&](const std::string& name) {
                                 return env->FileExists(absl::StrCat(folder, "/", name)).ok();
                               }),
                missing.end());
  if (missing.empty()) return missing;
  // Of these the writer may have deleted some since; then they are not listed any more.
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> still, ReadNames(env, folder));
  missing.erase(
      std::remove_if(missing.begin(), missing.end(),
                     [&](const std::string& name) { return !absl::c_linear_search(still, name); }),
      missing.end());
  return missing;
}

absl::Status RemoveLiveLogs(rocksdb::Env* env, absl::string_view folder) {
  return RemoveSealedFile(env, folder, kLiveLogsFile);
}

}  // namespace fasti::storage
