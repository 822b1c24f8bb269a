#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "fasti/fact.h"
#include "fasti/period.h"
#include "fasti/transaction.h"
#include "query/function/context.h"

namespace fasti::exec {

// What stays of a fact's valid period when `portion` is taken out: the part before it, the part
// after it.
std::vector<Period> Remainder(const Period& valid, const Period& portion);

// A claim from the map that CLAIM takes: {source, published, text, figures, stance, modality,
// confidence, extractor}.  A source that is text stands for the source of that key, created if
// new.
absl::StatusOr<Claim> ReadClaim(const Value& value, Transaction& transaction,
                                const function::Context& context);

}  // namespace fasti::exec
