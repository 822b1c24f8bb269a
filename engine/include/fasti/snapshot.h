#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fasti/fact.h"
#include "fasti/pattern.h"
#include "fasti/relation.h"
#include "fasti/value.h"

namespace fasti {

// A stream of what a scan finds.  Used by one thread.
template <typename Item>
class ScanCursor {
 public:
  virtual ~ScanCursor() = default;

  // Fills `out` from its beginning and returns how many were written; 0 means the end.
  // DATA_LOSS if the store holds bytes that do not check.
  virtual absl::StatusOr<size_t> Next(absl::Span<Item> out) = 0;
  // Begins anew with the facts of `anchor` in the place of the entity that the pattern names: a
  // walk asks the same of one entity after the other, and most of what a scan costs is spent on
  // opening it.  REQUIRES: the pattern names a subject, or an entity as object, and not both.
  virtual absl::Status Restart(EntityId anchor) = 0;
};
using FactCursor = ScanCursor<Fact>;

// What a fact joins.
struct FactEnds {
  EntityId subject = EntityId::kNone;
  Term object;
};
using EndsCursor = ScanCursor<FactEnds>;

// Asked from time to time by what may take long: a status that is not OK ends it, and is its own.
// An empty one is not asked.
using InterruptCheck = std::function<absl::Status()>;

// The order of facts by the earliest instant at which their start may lie; facts without a known
// start count as the earliest.
enum class StartOrder : uint8_t { kEarliestFirst, kLatestFirst };

// How many facts may have begun in each granule of the UTC calendar, by the earliest instant of
// their start.
struct StartCounts {
  struct Granule {
    Instant from;  // its first instant
    uint64_t facts;
    friend bool operator==(const Granule&, const Granule&) = default;
  };
  std::vector<Granule> granules;  // ascending; none is empty
  uint64_t without_start = 0;     // facts whose start is open or unknown: they are in no granule
};

// One state of the database: it answers the same for as long as it lives, whatever is written
// meanwhile.  All methods may be called from several threads at once, except those of the
// snapshot inside a transaction.  It must not outlive its Database.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // The commit this state ends with.  Every answer can be asked again AS RECORDED there.
  virtual Sequence sequence() const = 0;
  // The moment "now" means for every question to this snapshot.
  virtual Instant now() const = 0;

  // Facts.  Order is unspecified; a fact is returned once.  Cost: one seek per relation and
  // duration class named by the pattern, then only rows of the answer, when subject, object or
  // relation is given; otherwise a scan of everything.
  virtual absl::StatusOr<std::unique_ptr<FactCursor>> Scan(const Pattern& pattern) const = 0;
  // The ends of the facts of Scan, once for each fact: for who counts them or follows them and
  // asks for nothing else.  Most are read without making facts of them.
  virtual absl::StatusOr<std::unique_ptr<EndsCursor>> ScanEnds(const Pattern& pattern) const = 0;
  // The facts of Scan in order of their start; the order of equals is unspecified.  For readers
  // that stop early: who wants all of them in order may as well sort what Scan returns.
  virtual absl::StatusOr<std::unique_ptr<FactCursor>> ScanByStart(const Pattern& pattern,
                                                                  StartOrder order) const = 0;
  // Counts the facts of Scan by the granule of `precision` in which they start, without making
  // facts of them.  INVALID_ARGUMENT unless IsGranule(precision).
  virtual absl::StatusOr<StartCounts> CountByStart(const Pattern& pattern, Precision precision,
                                                   const InterruptCheck& check) const = 0;
  // One version by its id, whether or not it is visible now.  NOT_FOUND if it never was.
  virtual absl::StatusOr<Fact> FindVersion(VersionId version) const = 0;
  // A fact that may have been read in another view, with the ends that it has in this one.
  virtual absl::StatusOr<Fact> AsSeen(Fact fact, const View& view) const = 0;
  // The qualifiers of a version, without the figures of its claims.
  virtual absl::StatusOr<Map> Qualifiers(const Fact& fact) const = 0;
  // The claims on a fact that this snapshot, and `as_of` if given, lets see, in order of
  // publication.
  virtual absl::StatusOr<std::vector<Claim>> Claims(const Fact& fact,
                                                    const std::optional<Period>& as_of) const = 0;
  // The figures of a fact among those claims, one value per name, chosen by `policy` (absent:
  // the relation's own).
  virtual absl::StatusOr<Map> Figures(const Fact& fact, const std::optional<Period>& as_of,
                                      std::optional<Policy> policy) const = 0;
  // From the commit of this version until its retraction, as wall-clock time to the microsecond.
  virtual absl::StatusOr<Period> Recorded(const Fact& fact) const = 0;
  // True if no version of the fact's lineage is recorded now.
  virtual absl::StatusOr<bool> Withdrawn(const Fact& fact) const = 0;
  // Facts of a functional relation that contradict `fact`: same subject and qualifiers, another
  // object, and valid times that may overlap, unless one begins where the other ends.
  virtual absl::StatusOr<std::vector<Fact>> Conflicts(const Fact& fact) const = 0;
  // Facts that have only denials.
  virtual absl::StatusOr<std::vector<Fact>> Denied() const = 0;

  // Values.  The object of a fact as a value; an entity becomes a node.
  virtual absl::StatusOr<Value> ValueOf(Term term) const = 0;
  // The term that stands for a literal, or nullopt if no fact can have it for object.
  virtual absl::StatusOr<std::optional<Term>> FindTerm(const Value& value) const = 0;

  // Entities.  Those that were merged are one, in every answer: it has the least of their numbers,
  // and the facts, labels and names of all.  Which are one depends on what of a view speaks of the
  // known and the recorded clock; whether an entity exists and what labels it has does not.
  //
  // False where no two ever were.
  virtual bool AnyMerged() const = 0;
  // All that is one with an entity, itself among them, in order of number.
  virtual absl::StatusOr<std::vector<EntityId>> Members(EntityId entity,
                                                        const View& view) const = 0;
  virtual absl::StatusOr<bool> Exists(EntityId entity) const = 0;
  virtual absl::StatusOr<std::vector<EntityId>> AllEntities(const View& view) const = 0;
  // Entities with the label or one of its subtypes.
  virtual absl::StatusOr<std::vector<EntityId>> EntitiesWithLabel(LabelId label,
                                                                  const View& view) const = 0;
  virtual absl::StatusOr<std::vector<LabelId>> Labels(EntityId entity, const View& view) const = 0;
  // The value of an unqualified attribute as seen in a view: of those that may hold at some
  // instant of the time that its valid tests speak of, the one that began last (with no valid
  // test: last before now); null if there is none.
  virtual absl::StatusOr<Value> Attribute(EntityId entity, RelationId key,
                                          const View& view) const = 0;
  // All of them, by key name.
  virtual absl::StatusOr<Map> Attributes(EntityId entity, const View& view) const = 0;
  // Entities that have `name` as name or alias in any language, case and accents folded.
  virtual absl::StatusOr<std::vector<EntityId>> EntitiesNamed(absl::string_view name,
                                                              const View& view) const = 0;
  // The same, as of now.
  absl::StatusOr<std::vector<EntityId>> AllEntities() const { return AllEntities(View()); }
  absl::StatusOr<std::vector<EntityId>> EntitiesWithLabel(LabelId label) const {
    return EntitiesWithLabel(label, View());
  }
  absl::StatusOr<std::vector<LabelId>> Labels(EntityId entity) const {
    return Labels(entity, View());
  }
  absl::StatusOr<std::vector<EntityId>> EntitiesNamed(absl::string_view name) const {
    return EntitiesNamed(name, View());
  }

  // Names.  nullopt where the name is not in the catalog.
  virtual std::optional<RelationInfo> FindRelation(absl::string_view name) const = 0;
  virtual std::optional<RelationInfo> FindAttribute(absl::string_view key) const = 0;
  virtual std::optional<LabelInfo> FindLabel(absl::string_view name) const = 0;
  // REQUIRES: the id was given out by this database.
  virtual RelationInfo GetRelation(RelationId id) const = 0;
  virtual LabelInfo GetLabel(LabelId id) const = 0;
  virtual std::vector<RelationInfo> Relations() const = 0;  // attributes included, reserved not
  virtual std::vector<LabelInfo> AllLabels() const = 0;

  // About how many facts match the subject, object and relations of a pattern, or, of relations
  // without either end, those of the valid time asked for; for planning, never an answer.  Cost: at
  // most a few seeks and some dozens of blocks for each relation named.
  virtual uint64_t EstimateFacts(const Pattern& pattern) const = 0;
};

}  // namespace fasti
