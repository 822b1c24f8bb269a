#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fasti/result.h"

// Rows of a result as text, one renderer per format.

namespace fasti::shell {

enum class Format { kTable, kCsv, kJson, kJsonLines };
std::optional<Format> FormatFromName(absl::string_view name);  // table, csv, json, jsonl
// Every name, for help and completion.
std::vector<std::string> FormatNames();

struct RenderOptions {
  Format format = Format::kTable;
  // Columns a table may take; longer cells wrap.  0: as wide as its rows.
  size_t width = 0;
  // Control characters and bidirectional overrides are escaped: for terminals.
  bool escape = true;
};

// Writes every row of `result` and returns how many there were.  A table is measured on its
// first thousand rows, so that long results begin to appear at once.
absl::StatusOr<size_t> Render(Result& result, const RenderOptions& options, std::ostream& out);

// A value as the shell shows it: nodes as (:Label {name: 'x'}), relationships as
// [:relation {..}], everything else as the language writes it, but text without quotes at the
// outermost level.
absl::StatusOr<std::string> ShowValue(const Result& result, const Value& value);

}  // namespace fasti::shell
