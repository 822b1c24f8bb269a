#include "engine/storage/rocks_closed_state.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/rocks_sealed_file.h"
#include "fasti/status_macros.h"

// The file is text, a line for each log and for CURRENT, by ascending name, and one for itself:
//
//   000012.log 0 00000000
//   CURRENT 16 e1d2c3b4
//   MANIFEST-000005 1234 89abcdef
//   STATE 57 01234567
//
// A line gives name, size in bytes and crc32c; the last one those of the lines before it.

namespace fasti::storage {
namespace {

constexpr absl::string_view kStateFile = "STATE";

std::string PathOf(absl::string_view path, absl::string_view file) {
  return absl::StrCat(path, "/", file);
}

bool IsLog(absl::string_view name) {
  return absl::EndsWith(name, ".log");
}

bool IsNamedByState(absl::string_view name) {
  return name == "CURRENT" || absl::StartsWith(name, "MANIFEST-") || IsLog(name);
}

// Sorted.
absl::StatusOr<std::vector<std::string>> NamesIn(rocksdb::Env* env, absl::string_view path) {
  std::vector<std::string> names;
  FASTI_RETURN_IF_ERROR(ToStatus(env->GetChildren(std::string(path), &names), path));
  std::sort(names.begin(), names.end());
  return names;
}

// The lines for the files as they are now.
absl::StatusOr<std::string> DescribeFiles(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(env, path));
  std::string lines;
  for (const std::string& name : names) {
    if (!IsNamedByState(name)) continue;
    const std::string file = PathOf(path, name);
    std::string bytes;
    FASTI_RETURN_IF_ERROR(ToStatus(rocksdb::ReadFileToString(env, file, &bytes), file));
    absl::StrAppend(&lines, SealLine(name, bytes));
  }
  return lines;
}

// The name in the first line that stands in one text and not in the other.
absl::string_view FirstDifference(absl::string_view a, absl::string_view b) {
  const std::vector<absl::string_view> lines_a = absl::StrSplit(a, '\n', absl::SkipEmpty());
  const std::vector<absl::string_view> lines_b = absl::StrSplit(b, '\n', absl::SkipEmpty());
  std::vector<absl::string_view> differing;
  std::set_symmetric_difference(lines_a.begin(), lines_a.end(), lines_b.begin(), lines_b.end(),
                                std::back_inserter(differing));
  if (differing.empty()) return kStateFile;
  return differing.front().substr(0, differing.front().find(' '));
}

}  // namespace

absl::Status RemoveEmptyLogs(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(env, path));
  std::string last;  // empty log that was met
  for (const std::string& name : names) {
    if (!IsLog(name)) continue;
    const std::string file = PathOf(path, name);
    uint64_t bytes = 0;
    FASTI_RETURN_IF_ERROR(ToStatus(env->GetFileSize(file, &bytes), file));
    if (bytes > 0) continue;
    if (!last.empty()) FASTI_RETURN_IF_ERROR(ToStatus(env->DeleteFile(last), last));
    last = file;
  }
  return absl::OkStatus();
}

absl::Status WriteClosedState(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::string lines, DescribeFiles(env, path));
  return ToStatus(WriteSealedFile(env, path, kStateFile, lines), PathOf(path, kStateFile));
}

absl::Status CheckClosedState(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<std::string> lines,
                         ReadSealedFile(env, path, kStateFile));
  if (!lines.has_value()) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const std::string found, DescribeFiles(env, path));
  if (found == *lines) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(PathOf(path, FirstDifference(*lines, found)),
                                          ": not what it was when the database was closed; "
                                          "restore a backup"));
}

absl::Status RemoveClosedState(rocksdb::Env* env, absl::string_view path) {
  // Durably, or else it might be back after a power cut, and speak of logs that have grown since.
  return RemoveSealedFile(env, path, kStateFile);
}

}  // namespace fasti::storage
