#pragma once

#include "absl/status/status.h"
#include "engine/base/number_set.h"
#include "engine/graph/batch_writer.h"
#include "engine/graph/rewrite.h"
#include "engine/storage/store.h"
#include "fasti/ids.h"

namespace fasti::graph {

// The part of `extra` and `text` in a rewrite: qualifiers, claims and what sources said.
class EvidenceCopy {
 public:
  explicit EvidenceCopy(const storage::Store& from) : from_(from) {}  // must outlive the copy

  // Finds out which qualifiers can be read.
  absl::Status Survey();
  bool HasQualifiers(uint64_t version) const { return qualified_.Contains(version); }

  // What of the database is kept.
  struct Kept {
    const NumberSet& versions;
    const NumberSet& lineages;
    const NumberSet& sources;  // with the attribute by which a source is known
    Sequence last = 0;         // commit; later records belong to one that never was
  };
  absl::Status Write(const Kept& kept, const Erasure& erasure, BatchWriter* writer,
                     RewriteReport* report) const;

 private:
  absl::Status WriteQualifiers(const Kept& kept, BatchWriter* writer) const;
  absl::Status WriteClaims(const Kept& kept, const Erasure& erasure, BatchWriter* writer,
                           RewriteReport* report) const;
  absl::Status WriteTexts(const Erasure& erasure, BatchWriter* writer, RewriteReport* report) const;

  const storage::Store& from_;
  NumberSet qualified_;  // versions
};

}  // namespace fasti::graph
