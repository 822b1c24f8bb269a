#include "tools/ingest/read/article.h"

#include <simdjson.h>
#include <unicode/utf8.h>

#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fasti/status_macros.h"
#include "tools/ingest/read/date_header.h"
#include "tools/ingest/read/file_bytes.h"
#include "tools/ingest/read/html.h"

namespace fasti::ingest {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kStandardInputName = "stdin";
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// That they are UTF-8 without NUL; else says where they are not.
absl::Status CheckBytes(absl::string_view text) {
  const int32_t size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    const int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c > 0) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "byte ", begin, c == 0 ? ": expected text, found a binary file" : ": not valid UTF-8"));
  }
  return absl::OkStatus();
}

// Fields of the JSON object on a line.
class JsonLine {
 public:
  explicit JsonLine(simdjson::dom::object object) : object_(object) {}

  // "" if the field is missing or null.
  absl::StatusOr<std::string> String(const char* key) const {
    simdjson::dom::element element;
    if (object_[key].get(element) != simdjson::SUCCESS || element.is_null()) return std::string();
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) {
      return absl::InvalidArgumentError(absl::StrCat("field '", key, "': expected a string"));
    }
    return std::string(text);
  }

  absl::StatusOr<std::optional<Period>> Date(const char* key) const {
    FASTI_ASSIGN_OR_RETURN(const std::string text, String(key));
    if (text.empty()) return std::nullopt;
    absl::StatusOr<Period> period = ParsePeriod(text);
    if (!period.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("field '", key, "': ", period.status().message()));
    }
    if (!period->has_start())
      return absl::InvalidArgumentError(absl::StrCat("field '", key, "': expected a date"));
    return std::optional<Period>(*period);
  }

  absl::StatusOr<ArticleMetadata> Metadata() const {
    ArticleMetadata data;
    FASTI_ASSIGN_OR_RETURN(data.language, String("lang"));
    if (data.language.empty()) {
      FASTI_ASSIGN_OR_RETURN(data.language, String("language"));
    }
    FASTI_ASSIGN_OR_RETURN(data.published, Date("published"));
    FASTI_ASSIGN_OR_RETURN(data.report_date, Date("report_date"));
    FASTI_ASSIGN_OR_RETURN(data.url, String("url"));
    FASTI_ASSIGN_OR_RETURN(data.publisher, String("publisher"));
    FASTI_ASSIGN_OR_RETURN(data.title, String("title"));
    return data;
  }

 private:
  simdjson::dom::object object_;
};

absl::StatusOr<JsonLine> ParseLine(absl::string_view line, simdjson::dom::parser* parser) {
  FASTI_RETURN_IF_ERROR(CheckBytes(line));
  const simdjson::padded_string padded(line.data(), line.size());
  simdjson::dom::object object;
  const simdjson::error_code error = parser->parse(padded).get(object);
  if (error == simdjson::SUCCESS) return JsonLine(object);
  return absl::InvalidArgumentError(
      absl::StrCat("expected a JSON object: ", simdjson::error_message(error)));
}

// Calls `visit` for the object on each line that is not blank.  Where that fails, or there is none,
// the line goes to `rejected`, or, if that is null, the error is returned.
template <typename Visit>
absl::Status ForEachLine(absl::string_view text, absl::string_view file,
                         std::vector<RejectedLine>* rejected, const Visit& visit) {
  simdjson::dom::parser parser;
  int number = 0;
  absl::ConsumePrefix(&text, kByteOrderMark);
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    const absl::StatusOr<JsonLine> parsed = ParseLine(line, &parser);
    const absl::Status status = parsed.ok() ? visit(*parsed, number) : parsed.status();
    if (status.ok()) continue;
    std::string place = absl::StrCat(file, ":", number);
    if (rejected == nullptr) {
      return absl::Status(status.code(), absl::StrCat(place, ": ", status.message()));
    }
    rejected->push_back({std::move(place), std::string(status.message()), std::string(line)});
  }
  return absl::OkStatus();
}

// What the reader tells in `given` goes before what the file says of itself.
void Complete(const ArticleMetadata* given, ArticleMetadata& own) {
  if (given == nullptr) return;
  const auto prefer = [](const std::string& first, std::string& second) {
    if (!first.empty()) second = first;
  };
  prefer(given->language, own.language);
  prefer(given->url, own.url);
  prefer(given->publisher, own.publisher);
  prefer(given->title, own.title);
  if (given->published) own.published = given->published;
  if (given->report_date) own.report_date = given->report_date;
}

void ApplyDateHeader(Article& article) {
  const std::optional<DateHeader> header = FindDateHeader(article.text);
  if (!header) return;
  article.body_begin = header->end;
  if (!article.metadata.published) article.metadata.published = header->published;
}

absl::StatusOr<std::vector<Article>> ReadJsonLines(absl::string_view text, absl::string_view path,
                                                   absl::string_view name,
                                                   const MetadataTable& metadata,
                                                   std::vector<RejectedLine>* rejected) {
  std::vector<Article> articles;
  const auto visit = [&](const JsonLine& line, int number) -> absl::Status {
    Article article;
    FASTI_ASSIGN_OR_RETURN(article.metadata, line.Metadata());
    FASTI_ASSIGN_OR_RETURN(article.text, line.String("text"));
    FASTI_ASSIGN_OR_RETURN(article.name, line.String("article"));
    if (article.name.empty()) article.name = absl::StrCat(name, ":", number);
    FASTI_RETURN_IF_ERROR(CheckText(article.text, "field 'text'"));
    Complete(metadata.Find(article.name), article.metadata);
    ApplyDateHeader(article);
    articles.push_back(std::move(article));
    return absl::OkStatus();
  };
  FASTI_RETURN_IF_ERROR(ForEachLine(text, path, rejected, visit));
  return articles;
}

}  // namespace

absl::Status CheckText(absl::string_view text, absl::string_view name) {
  if (absl::StripAsciiWhitespace(text).empty()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": expected text, found none"));
  }
  const absl::Status status = CheckBytes(text);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat(name, ": ", status.message()));
}

absl::StatusOr<std::string> ReadTextFile(absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(std::string text, ReadFileBytes(path));
  FASTI_RETURN_IF_ERROR(CheckText(text, path));
  return text;
}

absl::StatusOr<MetadataTable> MetadataTable::Read(absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path));
  MetadataTable table;
  const auto visit = [&](const JsonLine& line, int) -> absl::Status {
    FASTI_ASSIGN_OR_RETURN(const std::string name, line.String("article"));
    if (name.empty())
      return absl::InvalidArgumentError("expected a field 'article' with the file's name");
    FASTI_ASSIGN_OR_RETURN(ArticleMetadata data, line.Metadata());
    if (!table.by_name_.try_emplace(name, std::move(data)).second) {
      return absl::InvalidArgumentError(absl::StrCat("'", name, "' occurs a second time"));
    }
    return absl::OkStatus();
  };
  FASTI_RETURN_IF_ERROR(ForEachLine(text, path, /*rejected=*/nullptr, visit));
  return table;
}

const ArticleMetadata* MetadataTable::Find(absl::string_view name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : &it->second;
}

namespace {

enum class Form { kText, kHtml, kJsonLines };

// By the name; standard input by how it begins.
Form FormOf(absl::string_view name, absl::string_view bytes) {
  if (name == kStandardInputName) {
    absl::ConsumePrefix(&bytes, kByteOrderMark);
    bytes = absl::StripLeadingAsciiWhitespace(bytes);
    return absl::StartsWith(bytes, "{")   ? Form::kJsonLines
           : absl::StartsWith(bytes, "<") ? Form::kHtml
                                          : Form::kText;
  }
  const std::string extension =
      absl::AsciiStrToLower(fs::path(std::string(name)).extension().string());
  if (extension == ".jsonl") return Form::kJsonLines;
  return extension == ".html" || extension == ".htm" ? Form::kHtml : Form::kText;
}

}  // namespace

absl::StatusOr<std::vector<Article>> ReadArticles(absl::string_view path,
                                                  const MetadataTable& metadata,
                                                  std::vector<RejectedLine>* rejected) {
  FASTI_ASSIGN_OR_RETURN(const std::string bytes, ReadFileBytes(path));
  const std::string file_name = fs::path(std::string(path)).filename().string();
  const std::string name(path == kStandardInput ? kStandardInputName
                                                : absl::StripSuffix(file_name, ".gz"));
  const Form form = FormOf(name, bytes);
  // A page may be in another encoding, and each line of JSON lines is checked by itself.
  if (form == Form::kText || absl::StripAsciiWhitespace(bytes).empty()) {
    FASTI_RETURN_IF_ERROR(CheckText(bytes, path));
  }
  if (form == Form::kJsonLines) return ReadJsonLines(bytes, path, name, metadata, rejected);
  Article article;
  if (form == Form::kHtml) {
    FASTI_ASSIGN_OR_RETURN(article, ReadHtml(bytes, name));
  } else {
    article.name = name;
    article.text = bytes;
  }
  Complete(metadata.Find(name), article.metadata);
  ApplyDateHeader(article);
  return std::vector<Article>{std::move(article)};
}

}  // namespace fasti::ingest
