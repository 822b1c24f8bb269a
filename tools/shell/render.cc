#include "tools/shell/render.h"

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fasti/status_macros.h"
#include "tools/shell/json_value.h"
#include "tools/shell/render_table.h"

namespace fasti::shell {
namespace {

constexpr std::array<std::pair<const char*, Format>, 4> kFormats = {{
    {"table", Format::kTable},
    {"csv", Format::kCsv},
    {"json", Format::kJson},
    {"jsonl", Format::kJsonLines},
}};

// RFC 4180: quoted when needed, quotes doubled, lines end in CRLF.
std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

absl::StatusOr<size_t> RenderCsv(Result& result, std::ostream& out) {
  std::string line;
  for (const std::string& column : result.columns()) {
    absl::StrAppend(&line, line.empty() ? "" : ",", CsvField(column));
  }
  if (result.columns().empty()) return 0;
  out << line << "\r\n";
  size_t rows = 0;
  std::vector<Value> row;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, result.Next(&row));
    if (!more) return rows;
    line.clear();
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += ',';
      if (row[i].is_null()) continue;  // null is the empty field
      FASTI_ASSIGN_OR_RETURN(const std::string text, ShowValue(result, row[i]));
      absl::StrAppend(&line, text.empty() ? "\"\"" : CsvField(text));
    }
    out << line << "\r\n";
    ++rows;
  }
}

// One object per row; `array` puts them into one list.
absl::StatusOr<size_t> RenderJson(Result& result, bool array, std::ostream& out) {
  size_t rows = 0;
  std::vector<Value> row;
  if (array) out << "[";
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, result.Next(&row));
    if (!more) break;
    FASTI_ASSIGN_OR_RETURN(const std::string text, JsonObject(result, result.columns(), row));
    if (array) out << (rows == 0 ? "\n " : ",\n ");
    out << text;
    if (!array) out << '\n';
    ++rows;
  }
  if (array) out << (rows == 0 ? "]\n" : "\n]\n");
  return rows;
}

}  // namespace

std::optional<Format> FormatFromName(absl::string_view name) {
  for (const auto& [text, format] : kFormats) {
    if (absl::EqualsIgnoreCase(name, text)) return format;
  }
  return std::nullopt;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const auto& [text, format] : kFormats) names.emplace_back(text);
  return names;
}

absl::StatusOr<size_t> Render(Result& result, const RenderOptions& options, std::ostream& out) {
  switch (options.format) {
    case Format::kTable:
      return RenderTable(result, options, out);
    case Format::kCsv:
      return RenderCsv(result, out);
    case Format::kJson:
      return RenderJson(result, /*array=*/true, out);
    case Format::kJsonLines:
      return RenderJson(result, /*array=*/false, out);
  }
  return absl::InternalError("no such output format");
}

}  // namespace fasti::shell
