#pragma once

#include <zlib.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

// The data sets of the comparison: one fact per line, `subject TAB relation TAB object TAB from TAB
// to`, dates as YYYY-MM-DD, `to` exclusive and empty where there is no end.  Facts are distinct and
// ascend by `from`.

namespace fasti::bench {

using Day = int32_t;                         // since 1970-01-01
inline constexpr Day kNoEnd = INT32_MAX;     // the `to` of a fact without end
inline constexpr int kSecondsOfDay = 86400;  // UTC has no others here

// A fact in numbers.  Entities and relations are numbered in the order in which a data set first
// names them, subject before object; every engine answers in these numbers.
struct FactRow {
  uint32_t subject = 0;
  uint32_t relation = 0;
  uint32_t object = 0;
  Day from = 0;
  Day to = kNoEnd;
  friend auto operator<=>(const FactRow&, const FactRow&) = default;
};

// Gives names their numbers.
class Names {
 public:
  Names() = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // True if the name is new: it then has the greatest number.
  bool Intern(absl::string_view name, uint32_t* number);
  uint32_t size() const { return static_cast<uint32_t>(names_.size()); }
  const std::string& operator[](uint32_t number) const { return names_[number]; }

 private:
  std::deque<std::string> names_;  // never moves its strings, which the map refers to
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;
};

// A line as it is read; the names hold until the next one.
struct FactLine {
  absl::string_view subject, relation, object;
  Day from = 0;
  Day to = kNoEnd;
};

// What an empty `to` means in a file: no end, or an instant, which is a day here.
enum class EmptyTo { kOpen, kInstant };

// The lines of a file, plain or gzipped, in blocks of whole ones that several threads may take.
class FactFile {
 public:
  static absl::StatusOr<std::unique_ptr<FactFile>> Open(const std::string& path);

  // The next lines; none at the end.
  absl::StatusOr<std::string> Next();

 private:
  FactFile(std::string path, gzFile_s* file) : path_(std::move(path)), file_(file, gzclose) {}

  const std::string path_;
  absl::Mutex mutex_;
  const std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> file_;
  std::string rest_ ABSL_GUARDED_BY(mutex_);  // the beginning of a line
};

// Calls `visit` for each line of a block, or of a whole file.  Errors name the line.
using VisitFact = std::function<absl::Status(const FactLine&)>;
absl::Status ReadFactBlock(absl::string_view block, EmptyTo empty_to, const VisitFact& visit);
absl::Status ReadFactFile(const std::string& path, EmptyTo empty_to, const VisitFact& visit);

// Writes a data set; the caller keeps its order.
class FactWriter {
 public:
  static absl::StatusOr<std::unique_ptr<FactWriter>> Create(const std::string& path);
  ~FactWriter();
  void Write(const FactLine& line);
  absl::Status Close();

 private:
  FactWriter(std::string path, FILE* file) : path_(std::move(path)), file_(file) {}
  const std::string path_;
  FILE* file_;
  std::string buffer_;
  bool failed_ = false;
};

// A data set in numbers, with its names.
struct Facts {
  Names entities;
  Names relations;
  std::vector<FactRow> rows;
};
absl::Status ReadFacts(const std::string& path, Facts* facts);
// The number of the line's fact, its names interned.
FactRow Intern(const FactLine& line, Names* entities, Names* relations);

}  // namespace fasti::bench
