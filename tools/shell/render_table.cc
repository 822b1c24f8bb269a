#include "tools/shell/render_table.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tools/shell/display.h"

namespace fasti::shell {
namespace {

constexpr size_t kMeasuredRows = 1000;
constexpr size_t kNarrowest = 8;  // a column is not wrapped below this width

struct Cell {
  std::string text;
  bool number = false;
};
using Cells = std::vector<Cell>;

// The widths of the columns, the widest ones narrowed until the table fits `limit`.
std::vector<size_t> FitWidths(std::vector<size_t> widths, size_t limit) {
  if (limit == 0) return widths;
  const size_t frame = 3 * widths.size() - 1;
  auto total = [&] { return std::accumulate(widths.begin(), widths.end(), frame); };
  while (total() > limit) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) break;
    // Down to the next widest, or to what is needed, whichever is less of a change.
    size_t next = kNarrowest;
    for (size_t width : widths) {
      if (width < *widest) next = std::max(next, width);
    }
    const size_t excess = total() - limit;
    *widest -= std::min(excess, std::max<size_t>(1, *widest - next));
  }
  return widths;
}

void PrintRow(const Cells& cells, const std::vector<size_t>& widths, std::ostream& out) {
  std::vector<std::vector<std::string>> lines;
  size_t height = 1;
  for (size_t i = 0; i < cells.size(); ++i) {
    lines.push_back(WrapText(cells[i].text, std::max<size_t>(2, widths[i])));
    height = std::max(height, lines.back().size());
  }
  for (size_t line = 0; line < height; ++line) {
    std::string text;
    for (size_t i = 0; i < cells.size(); ++i) {
      absl::string_view part;
      if (line < lines[i].size()) part = lines[i][line];
      absl::StrAppend(&text, i == 0 ? " " : " │ ", Pad(part, widths[i], cells[i].number));
    }
    const size_t end = text.find_last_not_of(' ');
    out << absl::string_view(text).substr(0, end == std::string::npos ? 0 : end + 1) << '\n';
  }
}

void PrintRule(const std::vector<size_t>& widths, std::ostream& out) {
  for (size_t i = 0; i < widths.size(); ++i) {
    if (i > 0) out << "┼";
    for (size_t n = 0; n < widths[i] + 2; ++n) out << "─";
  }
  out << '\n';
}

absl::StatusOr<bool> NextCells(Result& result, bool escape, Cells* cells) {
  std::vector<Value> row;
  FASTI_ASSIGN_OR_RETURN(const bool more, result.Next(&row));
  if (!more) return false;
  cells->clear();
  for (const Value& value : row) {
    FASTI_ASSIGN_OR_RETURN(std::string text, ShowValue(result, value));
    cells->push_back({escape ? EscapeControls(text) : std::move(text), value.is_number()});
  }
  return true;
}

}  // namespace

absl::StatusOr<size_t> RenderTable(Result& result, const RenderOptions& options,
                                   std::ostream& out) {
  Cells header;
  std::vector<size_t> widths;
  for (const std::string& column : result.columns()) {
    header.push_back({options.escape ? EscapeControls(column) : column, false});
    widths.push_back(DisplayWidth(header.back().text));
  }
  if (header.empty()) return 0;

  std::vector<Cells> measured;
  bool more = true;
  while (measured.size() < kMeasuredRows) {
    Cells cells;
    FASTI_ASSIGN_OR_RETURN(more, NextCells(result, options.escape, &cells));
    if (!more) break;
    for (size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(cells[i].text));
    }
    measured.push_back(std::move(cells));
  }

  widths = FitWidths(std::move(widths), options.width);
  PrintRow(header, widths, out);
  PrintRule(widths, out);
  for (const Cells& cells : measured) PrintRow(cells, widths, out);
  size_t rows = measured.size();
  while (more) {
    Cells cells;
    FASTI_ASSIGN_OR_RETURN(more, NextCells(result, options.escape, &cells));
    if (!more) break;
    PrintRow(cells, widths, out);
    ++rows;
  }
  out << absl::StrCat("(", rows, rows == 1 ? " row" : " rows", ")\n");
  return rows;
}

}  // namespace fasti::shell
