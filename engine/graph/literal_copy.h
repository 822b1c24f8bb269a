#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/base/number_set.h"
#include "engine/graph/batch_writer.h"
#include "engine/graph/rewrite.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// The dictionary's part in a rewrite.  A literal can be read if its body is there, or the key by
// which it is found, which for all but long ones holds the same bytes.
class LiteralCopy {
 public:
  explicit LiteralCopy(const storage::Store& from) : from_(from) {}  // must outlive the copy

  // Finds out which literals can be read.
  absl::Status Survey();
  bool CanRead(uint64_t literal) const {
    return whole_.Contains(literal) || from_keys_.count(literal) != 0;
  }
  // Of one that cannot be read, as a value to be found by: says that it is lost.
  static std::string StandIn(uint64_t literal);

  // Writes the literals in `used`, those in `names` with their folded form, those in `stand_ins` by
  // a stand-in.  Both are part of `used`.
  absl::Status Write(const NumberSet& used, const NumberSet& names, const NumberSet& stand_ins,
                     const Erasure& erasure, BatchWriter* writer, RewriteReport* report) const;

 private:
  absl::Status ForEachBody(
      absl::FunctionRef<absl::Status(uint64_t literal, absl::string_view bytes)> visit) const;

  const storage::Store& from_;
  NumberSet whole_;                            // whose body can be read
  std::map<uint64_t, std::string> from_keys_;  // others
};

}  // namespace fasti::graph
