#include "query/exec/relations.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "fasti/status_macros.h"

namespace fasti::exec {

namespace {

bool Contains(const std::vector<RelationId>& relations, RelationId relation) {
  return std::find(relations.begin(), relations.end(), relation) != relations.end();
}

void AddOnce(RelationId relation, std::vector<RelationId>* relations) {
  if (!Contains(*relations, relation)) relations->push_back(relation);
}

}  // namespace

bool Relations::MatchesStraight(const Fact& fact) const {
  if (fact.object.is_entity() ? any_entity : any_attribute) return true;
  return Contains(straight, fact.relation);
}

bool Relations::MatchesTurned(const Fact& fact) const {
  return Contains(turned, fact.relation);
}

Relations FindRelations(const Snapshot& snapshot, const plan::RelationFilter& filter) {
  Relations result;
  result.any_attribute = filter.any_attribute;
  if (filter.names.empty() && !filter.any_attribute) {
    result.any_entity = true;
    for (const RelationInfo& relation : snapshot.Relations()) {
      if (relation.symmetric && !relation.is_attribute) result.turned.push_back(relation.id);
    }
    return result;
  }
  for (const plan::RelationName& name : filter.names) {
    if (name.is_attribute && filter.any_attribute) continue;  // One of all.
    const std::optional<RelationInfo> relation =
        name.is_attribute ? snapshot.FindAttribute(name.name) : snapshot.FindRelation(name.name);
    if (!relation.has_value()) continue;
    AddOnce(relation->id, &result.straight);
    if (relation->symmetric) AddOnce(relation->id, &result.turned);
    if (relation->inverse.empty()) continue;
    const std::optional<RelationInfo> inverse = snapshot.FindRelation(relation->inverse);
    if (inverse.has_value()) AddOnce(inverse->id, &result.turned);
  }
  return result;
}

std::vector<FactScan> PlanScans(const Relations& named, plan::Direction direction,
                                std::optional<EntityId> anchor, const View& view) {
  std::vector<FactScan> scans;
  scans.reserve(2);
  Relations either_way;
  if (direction == plan::Direction::kBoth) {
    // Either end may be the subject, so nothing is turned.
    either_way = named;
    for (RelationId relation : named.turned) {
      if (!named.any_entity) AddOnce(relation, &either_way.straight);
    }
    either_way.turned.clear();
  }
  const Relations& relations = direction == plan::Direction::kBoth ? either_way : named;
  const auto add = [&](bool anchor_is_subject, bool is_turned) {
    FactScan scan;
    scan.anchor_is_subject = anchor_is_subject;
    Pattern& pattern = scan.pattern;
    pattern.view = view;
    if (anchor.has_value() && anchor_is_subject) pattern.subject = *anchor;
    if (anchor.has_value() && !anchor_is_subject) pattern.object = Term::Entity(*anchor);
    if (is_turned) {
      if (relations.turned.empty()) return;
      pattern.relations = relations.turned;
      scans.push_back(std::move(scan));
      return;
    }
    if (relations.any_entity || relations.any_attribute) {
      pattern.relationships = relations.any_entity;
      pattern.attributes = relations.any_attribute;
      // The value of an attribute is no entity.
      if (anchor_is_subject || relations.any_entity) scans.push_back(scan);
    }
    if (!relations.straight.empty()) {
      pattern.relations = relations.straight;
      scans.push_back(std::move(scan));
    }
  };
  if (direction != plan::Direction::kIn) {
    add(true, false);
    add(false, true);
  }
  if (direction != plan::Direction::kOut) {
    add(false, false);
    add(true, true);
  }
  // Where a relation is looked for from both ends, a fact from an entity to itself is met twice.
  for (size_t i = 1; i < scans.size(); ++i) {
    const Pattern& later = scans[i].pattern;
    for (size_t j = 0; j < i; ++j) {
      const Pattern& earlier = scans[j].pattern;
      const bool same_end = scans[i].anchor_is_subject == scans[j].anchor_is_subject;
      const bool covered =
          earlier.relations.empty() ||
          std::all_of(later.relations.begin(), later.relations.end(),
                      [&](RelationId relation) { return Contains(earlier.relations, relation); });
      scans[i].skip_loops = scans[i].skip_loops || (!same_end && covered);
    }
  }
  return scans;
}

template <typename Found>
void ScanReader<Found>::Start(const Snapshot& snapshot, std::vector<FactScan> scans,
                              std::optional<StartOrder> order) {
  Clear();
  snapshot_ = &snapshot;
  scans_ = std::move(scans);
  cursors_.resize(scans_.size());
  order_ = order;
}

template <typename Found>
void ScanReader<Found>::StartFrom(EntityId anchor) {
  scan_ = next_ = count_ = 0;
  is_open_ = false;
  anchor_ = anchor;
  for (FactScan& scan : scans_) {
    if (scan.anchor_is_subject) {
      scan.pattern.subject = anchor;
    } else {
      scan.pattern.object = Term::Entity(anchor);
    }
  }
}

template <typename Found>
void ScanReader<Found>::Clear() {
  cursors_.clear();
  scans_.clear();
  scan_ = next_ = count_ = 0;
  is_open_ = false;
}

template <>
absl::StatusOr<std::unique_ptr<FactCursor>> FactReader::Open(const Pattern& pattern) const {
  return order_.has_value() ? snapshot_->ScanByStart(pattern, *order_) : snapshot_->Scan(pattern);
}

template <>
absl::StatusOr<std::unique_ptr<EndsCursor>> EndsReader::Open(const Pattern& pattern) const {
  FASTI_DCHECK(!order_.has_value());
  return snapshot_->ScanEnds(pattern);
}

template <typename Found>
absl::StatusOr<bool> ScanReader<Found>::Refill() {
  next_ = count_ = 0;
  while (count_ == 0) {
    if (!is_open_) {
      if (scan_ == scans_.size()) return false;
      auto& cursor = cursors_[scan_];
      if (cursor == nullptr) {
        FASTI_ASSIGN_OR_RETURN(cursor, Open(scans_[scan_].pattern));
      } else {
        FASTI_RETURN_IF_ERROR(cursor->Restart(anchor_));
      }
      is_open_ = true;
      found_.resize(order_.has_value() ? kReadAtFirst : kReadAtOnce);
    } else if (found_.size() < kReadAtOnce) {
      found_.resize(2 * found_.size());
    }
    FASTI_ASSIGN_OR_RETURN(count_, cursors_[scan_]->Next(absl::MakeSpan(found_)));
    if (count_ == 0) {
      is_open_ = false;
      ++scan_;
    } else if (scans_[scan_].skip_loops) {
      const auto is_loop = [](const Found& fact) {
        return fact.object == Term::Entity(fact.subject);
      };
      const auto end = found_.begin() + static_cast<ptrdiff_t>(count_);
      count_ = static_cast<size_t>(std::remove_if(found_.begin(), end, is_loop) - found_.begin());
    }
  }
  return true;
}

template class ScanReader<Fact>;
template class ScanReader<FactEnds>;

}  // namespace fasti::exec
