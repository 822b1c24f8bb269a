#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fasti/quantity.h"
#include "tools/ingest/grammar/times.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// A figure in the text: "oltre 10 miliardi di dollari", "tra i 66 e i 72 miliardi", "-22%",
// "1,3 milioni di GPU", "six ans".  The numbers are in full units, with the hedge of the words;
// a decline told in words ("in calo del 22%", "lost more than 60%") is negative.
struct QuantitySpan {
  TokenRange tokens;  // with the hedge and the unit, without a preposition or article before them
  // The unit is an ISO 4217 code, "percent", "count", "ratio", "year" (a duration), "gigawatt" ...,
  // or "" where the text gives none and none could be inferred.
  Quantity quantity;
  // What a "count" counts, by its name in the language files ("employees", "GPU"), or else the word
  // of the text.
  std::string item;
  bool unit_inferred = false;  // the unit stands elsewhere in the text
  bool points = false;         // percentage points: a difference of two percentages
  bool decline = false;        // a word of decline made the number negative

  bool is_money() const;  // the unit is an ISO 4217 code
};

// Finds figures; knows one language.
class QuantityGrammar {
 public:
  // INVALID_ARGUMENT names the line of a language file that cannot be understood.
  static absl::StatusOr<QuantityGrammar> Make(const Resources& resources,
                                              absl::string_view language);
  ~QuantityGrammar();
  QuantityGrammar(QuantityGrammar&&);

  // All figures of the document, in order, none overlapping another or one of `times`.
  std::vector<QuantitySpan> Find(const Document& document, absl::Span<const TimeSpan> times) const;

 private:
  class Rep;
  explicit QuantityGrammar(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace fasti::ingest
