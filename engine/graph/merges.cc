#include "engine/graph/merges.h"

#include <algorithm>
#include <utility>

#include "engine/graph/block_cursor.h"
#include "engine/graph/block_source.h"
#include "engine/graph/run_cursor.h"
#include "fasti/relation.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

template <typename T>
uint32_t CountUpTo(const std::vector<T>& sorted, T last) {
  return static_cast<uint32_t>(std::upper_bound(sorted.begin(), sorted.end(), last) -
                               sorted.begin());
}
template <typename T>
uint32_t CountBelow(const std::vector<T>& sorted, T end) {
  return static_cast<uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), end) -
                               sorted.begin());
}

template <typename T>
void SortUnique(std::vector<T>* values) {
  std::sort(values->begin(), values->end());
  values->erase(std::unique(values->begin(), values->end()), values->end());
}

}  // namespace

std::shared_ptr<const Merges> Merges::With(const std::shared_ptr<const Merges>& earlier,
                                           absl::Span<const Row> rows) {
  if (rows.empty()) return earlier;
  std::map<uint64_t, Row> all;
  if (earlier != nullptr) all = earlier->rows_;
  for (const Row& row : rows) {
    const auto [it, is_new] = all.try_emplace(row.version, row);
    if (!is_new && row.gone != 0) it->second = row;
  }
  return std::shared_ptr<const Merges>(new Merges(std::move(all)));
}

absl::StatusOr<std::shared_ptr<const Merges>> Merges::Load(
    const storage::Store& store, const std::shared_ptr<const Merges>& logged) {
  const Run run{.order = codec::Order::kRel, .anchor = 0, .relation = Raw(kSameAs)};
  const codec::PostKey end = EndKey(run);
  std::vector<Row> rows;
  BlockCursor blocks(std::make_shared<BlockSource>(store, nullptr, nullptr));
  FASTI_RETURN_IF_ERROR(blocks.Seek(FirstKey(run)));
  while (blocks.valid()) {
    const codec::BlockReader& block = blocks.block();
    for (size_t i = blocks.index(); i < block.size(); ++i) {
      if (block.key(run.order, i) >= end) return With(logged, rows);
      rows.push_back(block.row(i));
    }
    FASTI_RETURN_IF_ERROR(blocks.NextBlock());
  }
  return With(logged, rows);
}

Merges::Merges(std::map<uint64_t, Row> rows) : rows_(std::move(rows)) {
  for (const auto& [version, row] : rows_) {
    sequences_.push_back(version);
    if (row.gone != 0) sequences_.push_back(row.gone);
    instants_.push_back(row.known_from);
    instants_.push_back(row.known_to);
  }
  SortUnique(&sequences_);
  SortUnique(&instants_);
}

std::shared_ptr<const Identity> Merges::In(const RecordedRange& recorded,
                                           const KnownRange& known) const {
  const Place place = {CountUpTo(sequences_, recorded.first), CountUpTo(sequences_, recorded.last),
                       CountUpTo(instants_, known.from), CountBelow(instants_, known.to)};
  absl::MutexLock lock(&mutex_);
  if (const auto found = identities_.find(place); found != identities_.end()) return found->second;
  std::vector<Identity::Pair> pairs;
  for (const auto& [version, row] : rows_) {
    if (IsRecorded(row, recorded) && IsKnown(row, known)) {
      pairs.emplace_back(static_cast<EntityId>(row.subject), Term::FromBits(row.object).entity());
    }
  }
  if (identities_.size() == kPlacesMax) identities_.clear();
  std::shared_ptr<const Identity>& kept = identities_[place];
  if (!pairs.empty()) kept = std::make_shared<Identity>(pairs);
  return kept;
}

}  // namespace fasti::graph
