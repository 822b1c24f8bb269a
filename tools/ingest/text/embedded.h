#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fasti::ingest {

// A file of tools/ingest/lang as it was when the program was built.
struct EmbeddedFile {
  absl::string_view path;  // "it/time.txt"
  absl::string_view text;
};

// Defined by the source that cmake/Embed.cmake writes.
absl::Span<const EmbeddedFile> EmbeddedFiles();

}  // namespace fasti::ingest
