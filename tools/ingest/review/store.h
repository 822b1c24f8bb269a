#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/database.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/review/corroboration.h"

namespace fasti::ingest {

struct StoredArticle {
  ReportSummary summary;                   // of the facts of the article
  std::vector<ConfirmedCandidate> others;  // of earlier articles, stored with it
  size_t waiting = 0;                      // facts that are new among those that wait for review
};

// Stores what was read of an article in one commit: its facts that are sure enough, by themselves
// or by what other sources tell, and the rest as candidates.  `extraction` tells then which facts
// were kept.  INVALID_ARGUMENT, and nothing is stored, if the report is none (Database::Report).
absl::StatusOr<StoredArticle> StoreArticle(absl::string_view name, double gate,
                                           Extraction* extraction, Database* database);

}  // namespace fasti::ingest
