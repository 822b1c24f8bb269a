#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

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

// Calls `visit` for each line of a file, plain or gzipped.  `empty_to` tells what an empty `to`
// means in it: no end, or an instant, which is a day here.  Errors name file and line.
enum class EmptyTo { kOpen, kInstant };
absl::Status ReadFactFile(const std::string& path, EmptyTo empty_to,
                          const std::function<absl::Status(const FactLine&)>& visit);

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
