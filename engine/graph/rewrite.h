#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/base/number_set.h"
#include "engine/model/row.h"
#include "engine/storage/store.h"
#include "fasti/period.h"

namespace fasti::graph {

// What a rewrite leaves out, with everything that nothing else refers to then.
struct Erasure {
  // Rows that name one of them, and the claims and texts of those that are sources.
  absl::flat_hash_set<uint64_t> entities;
  // All versions and claims of a fact.
  absl::flat_hash_set<uint64_t> lineages;
  // Of facts that a source told among others: its versions from this one on that are retracted.
  absl::flat_hash_map<uint64_t, uint64_t> retracted_since;
  // Texts whose bytes are looked for in what stays (RewriteReport::naming).
  std::vector<std::string> names;

  bool empty() const { return entities.empty() && lineages.empty() && retracted_since.empty(); }
  bool Takes(const Row& row) const;
  bool IsNamedIn(absl::string_view bytes) const;  // one of the names
};

struct RewriteReport {
  NumberSet versions;  // that the new database holds
  uint64_t literals = 0, claims = 0, texts = 0;
  // Left out by the erasure.
  NumberSet erased_versions;
  uint64_t erased_literals = 0, erased_claims = 0, erased_texts = 0, erased_relations = 0;
  // Sources of whose text, or of whose claims' sentences, an erased name is a part.
  std::set<uint64_t> naming;
  uint64_t naming_literals = 0;  // and titles and other values
  // What was there and could not be kept, or not as it was, since something that belongs to it is
  // lost; a line each, with the family.
  std::vector<std::string> losses;
};

// What a rewrite reads.  Nothing of it needs to be complete.
struct RewriteSource {
  const storage::Store& records;  // of every family but post
  // Whether nothing is damaged: then the blocks hold everything up to the watermark, and what the
  // log repeats of that is passed over.
  bool is_whole = false;
  // Versions of which anything tells, known when all rows were visited; null if only rows do.
  const NumberSet* named = nullptr;
  // Visits the rows of all blocks, in any order, in any number of copies.
  std::function<absl::Status(absl::FunctionRef<absl::Status(const Row& row)> visit)> for_each_row;
};

// Writes a database anew into the empty store `target`: every version of `source` that is whole
// (its literal and its qualifiers can be read) and that the erasure does not take, with its numbers
// and clocks; the literals, names, claims, texts and times that belong to what is kept; all orders
// and whatever else can be derived.  What it wrote passes CheckConsistency and has no log.
//
//   records ──▶ which literals, qualifiers are there? ─┐
//   rows ──▶ whole and not erased? ──▶ RowSpool ───────┼──▶ post, fold
//   records ──▶ does what is kept refer to it? ────────┴──▶ default, dict, extra, time, text
//
// Memory: some bits for each version and literal, and a chunk of rows.  `now` is for a database
// whose format record is lost.  DATA_LOSS if a read fails.
absl::StatusOr<RewriteReport> Rewrite(const RewriteSource& source, const Erasure& erasure,
                                      Instant now, storage::Store& target);

}  // namespace fasti::graph
