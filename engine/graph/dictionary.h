#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/graph/generation_cache.h"
#include "engine/storage/store.h"
#include "fasti/value.h"

namespace fasti::graph {

// Literals that one transaction adds to the dictionary.
struct LiteralWrites {
  absl::flat_hash_map<std::string, uint64_t> ids;  // by canonical bytes
  absl::flat_hash_map<uint64_t, Value> values;
  std::set<std::pair<std::string, uint64_t>> folded;  // names by which literals are looked up

  bool empty() const { return ids.empty() && folded.empty(); }
  // Writes every entry to the batch that `batch` gives for it.
  void AddTo(const std::function<storage::Batch*()>& batch) const;
};

// The records of a literal's body, in order of key.
absl::Status ForEachBodyChunk(
    uint64_t literal, absl::string_view bytes,
    absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view chunk)> visit);

// Numbers for the literals that do not fit into a term: long texts, lists, quantities.  Equal
// literals have one number, for ever.  Entities are never interned here: a name is a literal
// like any other, and entities that share it share its number.
//
// Lookups go through caches in both directions.  Literals of commits that are still on their way
// to the disk are found as well, because the transaction that waits behind them sees their facts;
// `own` adds those of the asking transaction and may be null.
class Dictionary {
 public:
  explicit Dictionary(const storage::Store& store);  // must outlive the dictionary

  // The number of a literal, given its canonical bytes; nullopt if it has none.
  absl::StatusOr<std::optional<uint64_t>> Find(absl::string_view literal_bytes,
                                               const LiteralWrites* own) const;
  // DATA_LOSS if there is no such number.
  absl::StatusOr<Value> Get(uint64_t literal, const LiteralWrites* own) const;
  // Numbers of the names that fold to `folded_text`.
  absl::StatusOr<std::vector<uint64_t>> FindFolded(absl::string_view folded_text,
                                                   const LiteralWrites* own) const;

  // From when a commit is handed over until its batch is written.
  void AddPending(std::shared_ptr<const LiteralWrites> writes);
  void RemovePending(const std::shared_ptr<const LiteralWrites>& writes);

 private:
  absl::StatusOr<std::string> ReadBody(uint64_t literal) const;

  const storage::Store& store_;
  mutable absl::Mutex mutex_;
  mutable GenerationCache<std::string, uint64_t> ids_ ABSL_GUARDED_BY(mutex_);
  mutable GenerationCache<uint64_t, Value> values_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<const LiteralWrites>> pending_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::graph
