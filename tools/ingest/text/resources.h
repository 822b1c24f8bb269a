#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// What the tool knows of a language is data: files of records under lang/xx/, compiled into the
// program, and replaced or completed at run time by the files of a folder laid out in the same way.
// The format is described in tools/ingest/lang/README.md; in short:
//
//   # a comment
//   month 1: gennaio, gen            a record of kind "month", name "1", one field "words"
//
//   rule day_month                   a record with fields, indented
//     pattern: <day> <month>
//     yes: 12 giugno => 2025-06-12

namespace fasti::ingest {

// The folder whose files hold for every language.
inline constexpr absl::string_view kCommon = "common";

struct Field {
  std::string key;
  std::string value;
  int line = 0;
};

struct Record {
  std::string kind;
  std::string name;  // may be empty
  std::vector<Field> fields;
  std::string file;  // "it/time.txt"
  int line = 0;

  // The value of the first field `key`, or "".
  absl::string_view Get(absl::string_view key) const ABSL_ATTRIBUTE_LIFETIME_BOUND;
  // The values of every field `key`, in order.
  std::vector<absl::string_view> GetAll(absl::string_view key) const ABSL_ATTRIBUTE_LIFETIME_BOUND;
  // The comma-separated parts of every field `key`.
  std::vector<std::string> List(absl::string_view key) const;
  // "it/time.txt:12: " and `message`, as every complaint about a resource begins.
  absl::Status Complain(absl::string_view message) const;
};

// Reads records.  INVALID_ARGUMENT names file and line.
absl::StatusOr<std::vector<Record>> ParseRecords(absl::string_view text, absl::string_view file);

// The parts of a comma-separated list, trimmed; "\," is a comma within a part.
std::vector<std::string> SplitList(absl::string_view text);

// All records of all languages.  Immutable after Load.
class Resources {
 public:
  // The files compiled into the program.  If `folder` is not empty its files xx/NAME.txt replace
  // those of the same name, and may bring new languages and new files.  NOT_FOUND if `folder` is
  // not a directory.
  static absl::StatusOr<Resources> Load(absl::string_view folder = "");

  // The languages there are, sorted: "en", "fr", "it".
  std::vector<std::string> languages() const;
  bool HasLanguage(absl::string_view language) const;
  // The files of a folder ("it", or kCommon), sorted, as complaints name them: "it/times.txt".
  std::vector<std::string> Files(absl::string_view folder) const;

  // The records of file NAME.txt: those of every language first, then those of `language`.
  std::vector<const Record*> Records(absl::string_view language,
                                     absl::string_view name) const ABSL_ATTRIBUTE_LIFETIME_BOUND;

 private:
  absl::Status Add(absl::string_view path, absl::string_view text);

  std::map<std::string, std::vector<Record>, std::less<>> files_;  // by "it/time"
};

}  // namespace fasti::ingest
