#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fasti/snapshot.h"
#include "tools/ingest/pipeline.h"

namespace fasti::ingest {

struct ExternalOptions {
  std::string command;  // for the shell
  absl::Duration timeout =
      absl::Seconds(120);       // for each article, the start of the program included
  std::string lang_folder;      // whose common/relations.txt counts, as elsewhere
  double confidence_min = 0.5;  // the gate
  InterruptCheck interrupted;   // what it says ends an article; may be empty
};

// An extractor that lets a program outside read the articles, over the JSON Lines of
// docs/extractor.md.  The program is started with the first article and keeps running.  If it ends,
// is late or cannot be understood, the article is refused with the reason, and the program is
// started anew for the next one.  Facts that are none are listed in Extraction::rejected, each by
// itself.  Extract may be called from several threads; they take turns.
//
// INVALID_ARGUMENT if the vocabulary cannot be read.
absl::StatusOr<std::unique_ptr<Extractor>> CreateExternalExtractor(const ExternalOptions& options);

}  // namespace fasti::ingest
