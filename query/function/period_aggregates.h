#pragma once

#include <memory>

#include "query/function/aggregate.h"

namespace fasti::function {

// span(p): from the first start to the last end of all; null for none.
std::unique_ptr<Accumulator> MakeSpan(const Context& context);

// coalesced(p): the maximal periods, in order: those that overlap or meet become one.  A period
// with an end that nobody told joins no other, since it is not known to reach it.
std::unique_ptr<Accumulator> MakeCoalesced(const Context& context);

// integral(value, p): the sum of value times length of its period in days, a quantity in its unit
// times days.  ArgumentError for a period without both ends.
std::unique_ptr<Accumulator> MakeIntegral(const Context& context);

}  // namespace fasti::function
