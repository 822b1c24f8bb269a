#pragma once

#include <functional>
#include <memory>

#include "engine/graph/catalog.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/overlay.h"
#include "engine/graph/write_set.h"
#include "engine/storage/store.h"

namespace fasti::graph {

class BlockSource;
class Merges;

// What a question is asked of: one state of the database.  A snapshot's never changes; that of a
// transaction follows its writes.
struct ReadState {
  const storage::Store& store;
  const Dictionary& dictionary;
  Layers layers;
  Sequence sequence = 0;
  Instant now = 0;
  std::shared_ptr<const Catalog> catalog;
  std::shared_ptr<const Merges> merges;  // null: no two entities were ever merged
  // What the asking transaction wrote and others cannot see; null in a snapshot.
  const WriteSet* own = nullptr;
  Sequence own_first = 0;  // the first sequence of the asking transaction
  // Set with `own`: the records of commits before it that are not yet in the store, and a wait
  // until they are.
  std::function<RecordMap(storage::Family, absl::string_view prefix)> pending_records;
  std::function<absl::Status()> settle;
  // Shared by all who read the store, which must not be closed while anybody does.
  std::shared_ptr<const void> use;
  // Shared with other readers of the same base.
  std::shared_ptr<BlockSource> blocks;

  const LiteralWrites* own_literals() const { return own == nullptr ? nullptr : &own->literals; }
};

}  // namespace fasti::graph
