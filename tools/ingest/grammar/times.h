#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "fasti/period.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// How an expression of time bears on what is told.
enum class TimeAnchor : uint8_t {
  kAt,      // nel 2025, il 12 giugno, per il 2025
  kDuring,  // tra il 2024 e il 2026, negli ultimi tre anni
  kSince,   // dal 2019
  kUntil,   // fino al 2027
  kBy,      // entro la fine dell'anno
  kBefore,  // prima del 2020
  kAfter,   // dopo il 2020
};
absl::string_view TimeAnchorName(TimeAnchor anchor);  // "at", "during", "since", ...

// An expression of time in the text: "entro la fine dell'anno", "nel secondo trimestre 2025".
struct TimeSpan {
  TokenRange tokens;  // with its preposition
  TimeAnchor anchor = TimeAnchor::kAt;
  // The time that the words name, at their precision: 2025 in "entro la fine del 2025".  Absent
  // where they count from a reporting date that is not known, or known too coarsely ("ieri" in an
  // article of June 2025).
  std::optional<Period> named;
  // What it says with the anchor: "?..2025" for "by", "2019.." for "since".
  std::optional<Period> period;
  bool from_published = false;  // counted from the reporting date, not told by the text alone
  bool fiscal = false;          // of a business year, whose months the text does not tell
};

// Finds expressions of time; knows one language.
class TimeGrammar {
 public:
  // INVALID_ARGUMENT names the line of a language file that cannot be understood.
  static absl::StatusOr<TimeGrammar> Make(const Resources& resources, absl::string_view language);
  ~TimeGrammar();
  TimeGrammar(TimeGrammar&&);

  // All expressions of time of the document, in order, without overlaps.  `reported` is when the
  // article was published or, failing that, read; relative expressions stay unresolved without it.
  std::vector<TimeSpan> Find(const Document& document, const std::optional<Period>& reported) const;
  // Those of one of its sentences.
  std::vector<TimeSpan> FindIn(const Document& document, const Sentence& sentence,
                               const std::optional<Period>& reported) const;

 private:
  class Rep;
  explicit TimeGrammar(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace fasti::ingest
