#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/name_table.h"
#include "engine/graph/read_state.h"
#include "engine/graph/snapshot_impl.h"
#include "engine/model/row.h"
#include "fasti/bulk_load.h"
#include "fasti/fact.h"
#include "fasti/relation.h"
#include "fasti/value.h"

namespace fasti::graph {

// What the names, relations and literals of a bulk load stand for: those of the database it is
// loaded into, looked up when they are first met, and new numbers for the others.  All methods may
// be called from several threads at once unless they say otherwise.
class BulkNames {
 public:
  // `base` is the state under the load, `head` where its numbers begin.
  BulkNames(std::shared_ptr<const ReadState> base, const Head& head, NameMatching matching);

  // The entities of a fact.  Of an entity that is new, the rows are appended to `rows`.
  // INVALID_ARGUMENT for what is no name or fits several entities, and says which: nothing was
  // created then.
  struct Name {
    absl::string_view text;
    uint64_t hash = 0;  // HashOf(text)
  };
  absl::StatusOr<EntityId> FindEntity(const Name& name, std::vector<Row>* rows);
  absl::StatusOr<std::pair<EntityId, EntityId>> FindEntities(const Name& subject,
                                                             const Name& object,
                                                             std::vector<Row>* rows);
  static uint64_t HashOf(absl::string_view name);
  // As in NameTable.
  void PrefetchSlot(uint64_t hash) const { literals_.PrefetchSlot(hash); }
  void PrefetchEntry(uint64_t hash) const { literals_.PrefetchEntry(hash); }
  // A relation, or the key of an attribute, which becomes one of the database with its first fact.
  // INVALID_ARGUMENT for what is no name.
  using Relation = const NameTable::Entry*;
  absl::StatusOr<Relation> FindRelation(absl::string_view name, bool is_attribute);
  static RelationKind KindOf(Relation relation);
  absl::StatusOr<RelationId> IdOf(Relation relation);
  // The term of a literal that is the object of `attribute`.
  absl::StatusOr<Term> FindTerm(absl::string_view attribute, const Value& value);

  // What the load adds.  REQUIRES for the rest: nobody calls the methods above.
  Head HeadBehind() const;  // but for sequence and time
  std::vector<RelationId> new_relations() const;
  uint64_t new_entities() const { return next_entity_ - first_entity_; }
  // Each new literal, by number from `first_literal` on.
  std::vector<const NameTable::Entry*> NewLiterals() const;
  uint64_t first_literal() const { return first_literal_; }
  // Whether a new literal is the name in the row of a new entity.
  bool NamesNewEntity(const NameTable::Entry& literal) const;
  // The other names of entities, each as often as it was met: folded text and literal.
  std::vector<std::pair<std::string, uint64_t>> given_names() const;

 private:
  using Entry = NameTable::Entry;

  EntityId Known(const Name& name) const;  // kNone if that takes more than a look
  absl::StatusOr<const Entry*> LookUp(absl::string_view what, const Name& name);
  absl::Status LookUpInBase(absl::string_view name, Entry& entry);
  absl::StatusOr<std::vector<EntityId>> NamedExactly(absl::string_view name) const;
  absl::StatusOr<EntityId> EntityOf(const Entry& entry, std::vector<Row>* rows);
  absl::StatusOr<EntityId> CreateEntity(Entry& entry, std::vector<Row>* rows);
  absl::Status NumberLiteral(Entry& entry);
  // Notes a name that NamesNewEntity does not tell.
  void GiveName(absl::string_view name, uint64_t literal);

  const SnapshotImpl base_;
  const bool base_is_empty_;
  const NameMatching matching_;
  const uint64_t first_entity_;
  const uint64_t first_literal_;
  std::atomic<uint64_t> next_entity_;
  std::atomic<uint64_t> next_literal_;
  // By canonical bytes: the number of a literal, and, if it was met as a name, its entity.
  NameTable literals_;
  NameTable folded_;     // by folded text: entity; kFolded only
  NameTable relations_;  // by name: id, kind + 1
  mutable absl::Mutex mutex_;
  std::shared_ptr<Catalog> catalog_ ABSL_GUARDED_BY(mutex_);
  std::vector<RelationId> new_relations_ ABSL_GUARDED_BY(mutex_);
  // Of literals that are no names of new entities, or are not new.
  std::vector<std::pair<std::string, uint64_t>> given_names_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::graph
