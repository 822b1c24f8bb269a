#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/period.h"

namespace fasti::ingest {

// What is known of an article besides its text.  Empty or absent: not told.
struct ArticleMetadata {
  std::string language;               // "it"
  std::optional<Period> published;    // by the article itself
  std::optional<Period> report_date;  // given by the reader, where the article does not say
  std::string url;
  std::string publisher;
  std::string title;
};

// An article as it came from a file: valid UTF-8, not empty, without NUL.
struct Article {
  std::string name;  // of the file, without its folder; "file.jsonl:12" for a nameless line
  std::string text;
  uint32_t body_begin = 0;  // after a line or word that only dates the article
  ArticleMetadata metadata;
};

// Metadata of many articles, by file name: a JSON Lines file with a field "article" and any of
// "lang" (or "language"), "published", "report_date" (period forms: 2025-06, 2025-06-12 ...),
// "url", "publisher", "title"; other fields are ignored.
class MetadataTable {
 public:
  MetadataTable() = default;
  // INVALID_ARGUMENT names file and line.
  static absl::StatusOr<MetadataTable> Read(absl::string_view path);

  // Null if there is none.  `name` is a file name without folder.
  const ArticleMetadata* Find(absl::string_view name) const ABSL_ATTRIBUTE_LIFETIME_BOUND;

 private:
  std::map<std::string, ArticleMetadata, std::less<>> by_name_;
};

// A line that holds no article, and why.
struct RejectedLine {
  std::string place;  // "folder/file.jsonl:12"
  std::string reason;
  std::string text;
};

// Reads the articles of a file: *.jsonl holds one JSON object a line with a field "text" and those
// above; *.html and *.htm a page whose main text is taken; anything else is plain text.  A file
// compressed with gzip is read as what it holds, whatever its name; ".gz" is no part of an
// article's name.  "-" is standard input; what it holds is told from how it begins ("{", "<").
//
// Errors are those of ReadFileBytes, and INVALID_ARGUMENT if it is empty, binary or not UTF-8 (with
// the offset of the first bad byte), or malformed.  Bad lines of a JSON Lines file go to
// `rejected`, each for itself; if that is null, the first one fails the file.
absl::StatusOr<std::vector<Article>> ReadArticles(absl::string_view path,
                                                  const MetadataTable& metadata,
                                                  std::vector<RejectedLine>* rejected = nullptr);

// The text of a file, checked as above.
absl::StatusOr<std::string> ReadTextFile(absl::string_view path);

// The same check for a text that comes from elsewhere; `name` begins the message.
absl::Status CheckText(absl::string_view text, absl::string_view name);

}  // namespace fasti::ingest
