#pragma once

#include <vector>

#include "absl/types/span.h"
#include "tools/ingest/grammar/numbers.h"
#include "tools/ingest/grammar/quantities.h"
#include "tools/ingest/grammar/quantity_words.h"

// Reads the figures of one sentence: numbers with their units, hedges and signs.

namespace fasti::ingest {

// A figure being put together: what its sentence says of it.
struct Figure {
  QuantitySpan span;
  QuantityWords::UnitKind kind = QuantityWords::UnitKind::kOther;
  double scale = 1;
  bool open_unit = false;  // large and without unit: to be inferred
};

// The figures of `sentence`, in order; none overlaps one of `times`.  `decimal` sets fractions
// apart in this document.
std::vector<Figure> ReadFigures(const Document& document, const NumberParser& numbers, char decimal,
                                const QuantityWords& words, TokenRange sentence,
                                absl::Span<const TimeSpan> times);

}  // namespace fasti::ingest
