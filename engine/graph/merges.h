#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "engine/graph/identity.h"
#include "engine/graph/view_filter.h"
#include "engine/model/row.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Every statement that two entities are one, also those that were taken back: the rows of
// `same_as`.  There are few, and none in most databases, so a state carries them along, as it does
// its catalog; where there never was one, it carries nothing, and nobody asks.
//
// Rows of facts are never rewritten when entities are merged.  Who reads asks for the identity in
// his view, looks for a node under the numbers of all that is one with it, and gives out the least
// of them.  So a statement can be taken back, and whoever asks AS RECORDED before it, or AS OF a
// day when nobody knew, meets two.
//
// Never changes.  All methods may be called from several threads at once.
class Merges {
 public:
  // Those of `earlier`, which may be null, and `rows`, each of which is one of `same_as`, or the
  // same again with its retraction.  Null if that is nothing.  Takes as long as all of them are
  // many.
  static std::shared_ptr<const Merges> With(const std::shared_ptr<const Merges>& earlier,
                                            absl::Span<const Row> rows);
  // Those that the blocks of a store hold, and `logged`, which may be null.
  static absl::StatusOr<std::shared_ptr<const Merges>> Load(
      const storage::Store& store, const std::shared_ptr<const Merges>& logged);

  // Null if nothing is one with another.
  std::shared_ptr<const Identity> In(const RecordedRange& recorded, const KnownRange& known) const;

 private:
  // Where the ends of a view lie among those of the statements: views that lie alike see the same.
  using Place = std::array<uint32_t, 4>;
  static constexpr size_t kPlacesMax = 64;

  explicit Merges(std::map<uint64_t, Row> rows);

  const std::map<uint64_t, Row> rows_;  // by version
  std::vector<Sequence> sequences_;     // at which any was recorded or taken back, ascending
  std::vector<Instant> instants_;       // at which any began or ceased to be known
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<Place, std::shared_ptr<const Identity>> identities_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::graph
