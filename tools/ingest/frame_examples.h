#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/ingest/frames/frame.h"
#include "tools/ingest/grammar/check.h"
#include "tools/ingest/pipeline.h"

namespace fasti::ingest {

// Reads the sentences of `examples` as articles in `language` and compares what is found: a `yes`
// must be among the facts that fit a rule well, a `no` must yield none of its frame's relation.
absl::StatusOr<std::vector<CheckedExample>> RunFrameExamples(const Extractor& extractor,
                                                             absl::Span<const Example> examples,
                                                             absl::string_view language);

}  // namespace fasti::ingest
