#pragma once

#include <ostream>

#include "absl/status/statusor.h"
#include "tools/shell/render.h"

namespace fasti::shell {

// Render (render.h) for Format::kTable.
absl::StatusOr<size_t> RenderTable(Result& result, const RenderOptions& options, std::ostream& out);

}  // namespace fasti::shell
