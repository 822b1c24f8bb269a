#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fasti::ingest {

// The name of standard input among files.
inline constexpr absl::string_view kStandardInput = "-";

// All bytes of a file, of what it holds if it is compressed with gzip, or of kStandardInput.
//
// NOT_FOUND if there is no such file, INVALID_ARGUMENT for a folder, PERMISSION_DENIED,
// RESOURCE_EXHAUSTED above 256 MiB (no article is that large), DATA_LOSS if it is damaged or ends
// too soon.
absl::StatusOr<std::string> ReadFileBytes(absl::string_view path);

// The files below a folder that hold articles by their names (.txt, .html, .htm, .jsonl, and each
// with .gz behind), sorted; what begins with a period is passed over.  NOT_FOUND if there is none.
absl::StatusOr<std::vector<std::string>> ListArticleFiles(absl::string_view folder);

}  // namespace fasti::ingest
