#pragma once

#include <vector>

#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/model/row.h"

namespace fasti::graph {

// The rows that an order holds, by their keys.  They must outlive the result.
std::vector<const Row*> SortedRows(codec::Order order, absl::Span<const Row> rows);

}  // namespace fasti::graph
