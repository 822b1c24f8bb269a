#include <zlib.h>

#include <algorithm>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/slow_calendar.h"
#include "tests/fuzz/target.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tools/transfer/fact_line.h"
#include "tools/transfer/line_blocks.h"
#include "tools/transfer/load_facts.h"

// Files of facts: each line is read as a second reader reads it, and of a file every line is loaded
// or rejected; a damaged one loads nothing.

namespace fasti::fuzz {
namespace {

using transfer::EmptyEnd;

constexpr size_t kDateBytesMax = 100;  // the second reader's regular expressions recurse

std::optional<Period> SlowDate(absl::string_view text) {
  const std::optional<Period> period = SlowParsePeriod(std::string(text));
  if (!period.has_value() || !period->has_start()) return std::nullopt;
  if (*period == Period::Granule(period->from, period->from_precision)) return period;
  return std::nullopt;
}

// The valid period of a line, by its two last columns; nullopt if it should be refused.
std::optional<Period> SlowValid(absl::string_view from, absl::string_view to, EmptyEnd empty_end) {
  Period valid;
  if (from == "?") {
    valid.from_precision = Precision::kUnknown;
  } else {
    const std::optional<Period> date = SlowDate(from);
    if (!date.has_value()) return std::nullopt;
    valid = *date;
  }
  if (to.empty() && empty_end == EmptyEnd::kEvent) {
    return valid.has_start() ? std::optional(valid) : std::nullopt;
  }
  if (to.empty() || to == "?") {
    valid.to = kInstantMax;
    valid.to_precision = to.empty() ? Precision::kOpen : Precision::kUnknown;
    return valid;
  }
  const std::optional<Period> behind = SlowDate(to);
  if (!behind.has_value() || behind->from <= valid.from) return std::nullopt;
  valid.to = behind->from;
  valid.to_precision = behind->from_precision;
  return valid;
}

absl::Status CheckLine(absl::string_view line, EmptyEnd empty_end,
                       transfer::FactLineReader* reader) {
  const absl::StatusOr<BulkFact> fact = reader->Read(line);
  std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
  if (columns.size() == 4) columns.push_back("");
  if (columns.size() != 5) {
    return fact.ok() ? Broken("a line of ", columns.size(), " columns is read") : absl::OkStatus();
  }
  if (columns[3].size() > kDateBytesMax || columns[4].size() > kDateBytesMax) {
    return fact.ok() ? Broken("a long date is read") : absl::OkStatus();
  }
  const std::optional<Period> valid = SlowValid(columns[3], columns[4], empty_end);
  if (fact.ok() != valid.has_value()) {
    return Broken("line '", line, "': ", fact.ok() ? "read" : fact.status().ToString());
  }
  if (!fact.ok()) return absl::OkStatus();
  if (fact->subject == columns[0] && fact->relation == columns[1] && fact->object == columns[2] &&
      fact->valid == *valid) {
    return absl::OkStatus();
  }
  return Broken("line '", line, "' is read as valid ", FormatPeriod(fact->valid));
}

absl::Status CheckLines(absl::string_view text, EmptyEnd empty_end) {
  const auto reader = std::make_unique<transfer::FactLineReader>(empty_end);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    FASTI_RETURN_IF_ERROR(CheckLine(line, empty_end, reader.get()));
  }
  return absl::OkStatus();
}

std::string Compressed(absl::string_view text) {
  const TemporaryFolder folder;
  const std::string path = folder.File("facts.gz");
  const gzFile file = gzopen(path.c_str(), "wb1");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return ReadFile(path);
}

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  FASTI_ASSIGN_OR_RETURN(const auto blocks, transfer::LineBlocks::Open(path));
  std::string text;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const std::string block, blocks->Next());
    if (block.empty()) return text;
    absl::StrAppend(&text, block);
  }
}

uint64_t CountLines(absl::string_view text) {
  if (text.empty()) return 0;
  const auto newlines = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
  return newlines + (text.back() == '\n' ? 0 : 1);
}

// What a file holds is loaded or rejected, line by line.
absl::Status CheckLoad(const std::string& path, const transfer::LoadOptions& options) {
  const absl::StatusOr<std::string> text = ReadAll(path);
  Options in_memory;
  in_memory.background_fold = false;
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(":memory:", in_memory));
  const absl::StatusOr<transfer::LoadSummary> summary =
      transfer::LoadFacts(*database, {path}, options);
  if (!text.ok() || !summary.ok()) {
    if (database->GetSnapshot()->sequence() != 0) return Broken("a failed load left something");
    if (summary.ok()) return Broken("a file is loaded that cannot be read");
    if (text.ok() && !options.is_strict) return Broken(summary.status().ToString());
    return absl::OkStatus();
  }
  if (summary->lines != CountLines(*text)) {
    return Broken(summary->lines, " lines are read of ", CountLines(*text));
  }
  if (summary->loaded.facts + summary->rejected != summary->lines) {
    return Broken(summary->loaded.facts, " facts and ", summary->rejected, " rejects of ",
                  summary->lines, " lines");
  }
  if (options.is_strict && summary->rejected > 0) return Broken("a strict load rejects a line");
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, database->Check());
  return problems.empty() ? absl::OkStatus() : Broken("check: ", problems.front());
}

}  // namespace

absl::Status FuzzFactFile(absl::string_view input) {
  Draw draw(input);
  const uint8_t form = draw.Byte();
  transfer::LoadOptions options;
  options.empty_end = (form & 1) != 0 ? EmptyEnd::kEvent : EmptyEnd::kOpen;
  options.is_strict = (form & 2) != 0;
  options.jobs = options.bulk.threads = 1;
  options.bulk.memory_bytes = size_t{1} << 20;
  const bool compress = (form & 4) != 0, load = (form & 56) == 0;
  std::string bytes(draw.Rest());
  if (compress) {
    const size_t damage = bytes.empty() ? 0 : static_cast<uint8_t>(bytes.back());
    bytes = Compressed(bytes);
    if (damage >= 128) bytes.resize(bytes.size() - std::min(bytes.size() - 3, damage - 128));
  } else {
    FASTI_RETURN_IF_ERROR(CheckLines(bytes, options.empty_end));
  }
  if (!load && !compress) return absl::OkStatus();
  const TemporaryFolder folder;
  const std::string path = folder.File("facts.tsv");
  WriteFile(path, bytes);
  if (load) return CheckLoad(path, options);
  const absl::StatusOr<std::string> text = ReadAll(path);
  if (text.ok() || absl::IsDataLoss(text.status())) return absl::OkStatus();
  return Broken("a damaged file is refused as ", text.status().ToString());
}

}  // namespace fasti::fuzz
