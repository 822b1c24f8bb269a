#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/ids.h"

// Erasure: what a retraction only ends, a purge removes from every file (docs/operations.md).

namespace fasti {

// What is to be erased.  At least one thing.
struct PurgeRequest {
  // All facts, labels and attributes that name one of them, in all versions, with their claims.
  std::vector<EntityId> entities;
  std::vector<std::string> entity_names;  // or aliases; each must name exactly one
  // The sources with these keys (url or hash): their claims, their texts, and themselves.  A fact
  // told by nobody else goes; one that others tell stays as they tell it, without the versions in
  // which the source had a part.
  std::vector<std::string> sources;
  // The facts that one of these versions belongs to, with all their versions and claims.
  std::vector<VersionId> facts;
};

struct PurgeSummary {
  bool is_done = false;   // or else nothing has changed
  uint64_t versions = 0;  // erased; of facts, attributes, labels and entities
  uint64_t claims = 0;
  uint64_t literals = 0;  // names and other values that nothing else refers to
  uint64_t texts = 0;     // of sources
  uint64_t relations = 0;
  // Where the name of an erased entity still stands, as part of a longer text: sources that have it
  // in their text or in a claim's sentence, and values such as titles.
  std::vector<EntityId> naming_sources;
  uint64_t naming_literals = 0;
};

struct PurgeOptions {
  // Asked once, when all that is left is to put the new database in the place of the old one; false
  // leaves everything as it was.  Empty: that is what is wanted.
  std::function<bool(const PurgeSummary&)> confirm;
};

// Writes the database `path` anew without what is to be erased and without everything that nothing
// refers to then: names, values, sentences, qualifiers, index entries.  What stays keeps its
// numbers and clocks, so questions AS RECORDED lose what was erased and nothing else.  The new
// database is made and checked beside the old one and takes its place in one step; whenever the
// process dies, either of the two is there, and what is left of the other is deleted by the next
// purge or by whoever opens the database for writing.  That it was purged is logged in it, and how
// much, not what.
//
// Nobody may have the database open.  UNAVAILABLE if somebody writes it, NOT_FOUND if there is no
// such thing, FAILED_PRECONDITION if a name is that of several entities, DATA_LOSS if the database
// is damaged.  Backups are not touched: they still hold it.
absl::StatusOr<PurgeSummary> Purge(absl::string_view path, const PurgeRequest& request,
                                   const PurgeOptions& options);

}  // namespace fasti
