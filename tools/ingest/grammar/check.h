#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/ingest/grammar/quantities.h"
#include "tools/ingest/grammar/times.h"
#include "tools/ingest/text/resources.h"

// The short notation for findings, in which the examples of the language files are written.
//
//   figures   14.3e9 USD    ~14e9 USD (about)    >10e9 USD (over)    <65e9 USD (up to)
//             66e9..72e9 USD (between)    10e9..100e9 USD order    "USD?" for an inferred unit
//             1.3e6 count:GPU    -22 percent    2 percent_points
//   times     at 2025-06    by ?..2025    since 2019..    during 2024..2026    by (unresolved)
//             at 2025-Q1 fiscal
//
// Several findings are separated by "; ", none is "-".

namespace fasti::ingest {

std::string FormatFindings(absl::Span<const QuantitySpan> quantities);
std::string FormatFindings(absl::Span<const TimeSpan> times);

// The same figures with their numbers written as FormatFindings writes them, so that "14.3e9" and
// "14300000000" compare equal.
std::string NormalizeFigures(absl::string_view notation);

// A line "[2025-06] text => findings": the date, which may be missing, is the reporting date.
struct GrammarExample {
  std::string text;
  std::optional<Period> reported;
  std::string expected;  // "-" if the line has none
};
absl::StatusOr<GrammarExample> ParseExample(absl::string_view line);

// An example of a language file, after it was run.
struct CheckedExample {
  std::string where;             // "it/times.txt:12"
  bool counter_example = false;  // `no`: nothing may be found
  std::string failure;           // what was expected and what was found; empty: it holds
};

// Runs every example (`yes: text => findings`) and counter-example (`no: text`) of the grammar
// files of a language, those that hold for every language among them.  INVALID_ARGUMENT names the
// line of one that cannot be understood.
absl::StatusOr<std::vector<CheckedExample>> RunGrammarExamples(const Resources& resources,
                                                               absl::string_view language);

}  // namespace fasti::ingest
