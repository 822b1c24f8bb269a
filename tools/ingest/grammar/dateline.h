#pragma once

#include <optional>

#include "fasti/period.h"
#include "tools/ingest/grammar/times.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// The date by which an article dates itself in the words of its language: a line of its own among
// the first ones that holds a full date and little else, as in "Published 9 June 2025" or
// "Pubblicato l'11 giugno 2025".  A line that says more than four words around the date is a
// heading that speaks of the date, not a date line.
std::optional<Period> FindDateline(const Document& document, const TimeGrammar& times);

}  // namespace fasti::ingest
