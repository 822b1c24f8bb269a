#include "tools/shell/render.h"

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "fasti/status_macros.h"
#include "tools/shell/display.h"
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

// A line break is part of the format; other control characters only harm a terminal.
std::string EscapeWithinLines(absl::string_view text) {
  return absl::StrJoin(
      absl::StrSplit(text, '\n'), "\n",
      [](std::string* out, absl::string_view line) { absl::StrAppend(out, EscapeControls(line)); });
}

absl::StatusOr<size_t> RenderCsv(Result& result, bool escape, std::ostream& out) {
  const auto field = [escape](const std::string& text) {
    return CsvField(escape ? EscapeWithinLines(text) : text);
  };
  std::string line;
  for (const std::string& column : result.columns()) {
    absl::StrAppend(&line, line.empty() ? "" : ",", field(column));
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
      absl::StrAppend(&line, text.empty() ? "\"\"" : field(text));
    }
    out << line << "\r\n";
    ++rows;
  }
}

// One object per row; `array` puts them into one list.
absl::StatusOr<size_t> RenderJson(Result& result, bool array, bool escape, std::ostream& out) {
  size_t rows = 0;
  std::vector<Value> row;
  if (array) out << "[";
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, result.Next(&row));
    if (!more) break;
    FASTI_ASSIGN_OR_RETURN(const std::string text, JsonObject(result, result.columns(), row));
    if (array) out << (rows == 0 ? "\n " : ",\n ");
    out << (escape ? EscapeControls(text) : text);
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
      return RenderCsv(result, options.escape, out);
    case Format::kJson:
      return RenderJson(result, /*array=*/true, options.escape, out);
    case Format::kJsonLines:
      return RenderJson(result, /*array=*/false, options.escape, out);
  }
  return absl::InternalError("no such output format");
}

}  // namespace fasti::shell
