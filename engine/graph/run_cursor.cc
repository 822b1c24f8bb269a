#include "engine/graph/run_cursor.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/relation.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

}  // namespace

PostKey FirstKey(const Run& run) {
  return {.order = run.order,
          .anchor = run.anchor,
          .relation = run.relation.value_or(Raw(kFirstUserRelation)),
          .from = kInstantMin};
}

PostKey EndKey(const Run& run) {
  if (run.relation.has_value() && *run.relation < std::numeric_limits<uint32_t>::max()) {
    return {.order = run.order,
            .anchor = run.anchor,
            .relation = *run.relation + 1,
            .from = kInstantMin};
  }
  if (run.order != Order::kRel && run.anchor < std::numeric_limits<uint64_t>::max()) {
    return {.order = run.order, .anchor = run.anchor + 1, .from = kInstantMin};
  }
  return LastKey(run.order);
}

PostKey FirstOfClass(const PostKey& key) {
  PostKey first = key;
  first.from = kInstantMin;
  first.version = 0;
  return first;
}

PostKey NextClass(const PostKey& key) {
  PostKey next = FirstOfClass(key);
  ++next.duration_class;
  return next;
}

OverlayRows::OverlayRows(const Layers& layers, const Run& run) : base_(layers.base) {
  // Newest first, so that a retraction is met before what it retracts.
  for (const auto& overlay : layers.overlays) {
    Overlay::Heads heads;
    overlay->Find(run.order, run.anchor, run.relation, &heads);
    for (const Overlay::Node* node : heads) {
      for (; node != nullptr; node = Overlay::Next(node, run.order)) {
        const Row& row = node->row;
        if (row.gone != 0) {
          if (replaced_.insert(row.version).second) rows_.push_back(&row);
        } else if (!replaced_.contains(row.version)) {
          rows_.push_back(&row);
        }
      }
    }
  }
}

RunCursor::RunCursor(const ReadState& state, BlockCursor& blocks, const Run& run,
                     const ValidRanges* valid)
    : state_(state),
      blocks_(blocks),
      run_(run),
      valid_(valid),
      overlay_(state.layers, run),
      end_(EndKey(run)),
      step_(state.layers.base == 0 ? Step::kEnd : Step::kSeek),  // kEnd: nothing was ever folded
      target_(FirstKey(run)),
      runs_(run.order == Order::kRel || run.relation.has_value() ? nullptr : state.blocks->runs()) {
  if (runs_ != nullptr && step_ != Step::kEnd) known_ = runs_->Find(run.order, run.anchor);
}

absl::StatusOr<bool> RunCursor::NextBlock() {
  if (known_.timeline != nullptr && valid_ != nullptr) return NextPart();
  if (known_.block != nullptr) return OnlyBlock();
  while (step_ != Step::kEnd) {
    FASTI_RETURN_IF_ERROR(step_ == Step::kSeek ? blocks_.Seek(target_) : blocks_.NextBlock());
    ++passed_;
    if (!blocks_.valid()) {
      step_ = Step::kEnd;
      break;
    }
    ChooseRows();
    if (count_ > 0) return true;
  }
  const size_t passed = std::exchange(passed_, 0);
  if (runs_ != nullptr && valid_ != nullptr && passed > 1 &&
      runs_->IsWorthTimeline(run_.order, run_.anchor, passed)) {
    FASTI_RETURN_IF_ERROR(MakeTimeline());
  }
  return false;
}

// For the next question: this one has been answered.
absl::Status RunCursor::MakeTimeline() const {
  // Others may have other overlays above the same base.
  ReadState base = state_;
  base.layers.overlays.clear();
  BlockCursor blocks(state_.blocks);
  RunCursor cursor(base, blocks, run_, nullptr);
  TimelineBuilder builder;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, cursor.NextBlock());
    if (!more) break;
    builder.Add(cursor.shared_block(), cursor.rows());
  }
  FASTI_ASSIGN_OR_RETURN(auto timeline, builder.Build());
  runs_->Insert(run_.order, run_.anchor, std::move(timeline));
  return absl::OkStatus();
}

bool RunCursor::NextPart() {
  const Timeline& timeline = *known_.timeline;
  while (step_ != Step::kEnd) {
    part_ = timeline.NextWithin(valid_->windows, step_ == Step::kSeek ? 0 : part_ + 1);
    step_ = part_ < timeline.parts() ? Step::kNextBlock : Step::kEnd;
    if (step_ == Step::kEnd) break;
    block_ = &timeline.part(part_).block;
    ChooseAmong(timeline.RowsWithin(valid_->windows, part_));
    if (count_ > 0) return true;
  }
  return false;
}

bool RunCursor::OnlyBlock() {
  if (step_ == Step::kEnd) return false;
  step_ = Step::kEnd;
  block_ = &known_.block;
  ChooseAmong(known_.rows);
  return count_ > 0;
}

void RunCursor::ChooseRows() {
  block_ = &blocks_.shared_block();
  RowRange rows{blocks_.index(), blocks_.block().size()};
  if (blocks_.block_key() >= end_) {
    rows.end = blocks_.block().LowerBound(end_, rows.begin);
    step_ = Step::kEnd;
    if (runs_ != nullptr && passed_ == 1) {
      runs_->Insert(run_.order, run_.anchor, blocks_.shared_block(), rows);
    }
  } else {
    step_ = Step::kNextBlock;
    if (valid_ != nullptr) Narrow(&rows);
  }
  ChooseAmong(rows);
}

void RunCursor::ChooseAmong(RowRange range) {
  const StoredBlock& stored = **block_;
  const codec::BlockReader& block = stored.reader();
  size_t count = 0;
  if (valid_ == nullptr) {
    for (size_t i = range.begin; i < range.end; ++i) rows_[count++] = static_cast<uint16_t>(i);
  } else {
    // Mostly the starts alone leave few rows; an end without a start is in that column, too.
    const ReachBounds& reaches = valid_->reaches;
    const bool any = stored.has_bare_ends();
    count = block.RowsFrom(range.begin, range.end, any ? kInstantMin : reaches.least.start,
                           any ? kInstantMax : reaches.greatest.start, rows_.data());
    count =
        Keep(count, [&](size_t i) { return reaches.MayContain(block.from(i), block.duration(i)); });
  }
  if (!overlay_.ReplacesNothing() || stored.greatest_version() > overlay_.base()) {
    count = Keep(count, [&](size_t i) { return overlay_.Leaves(block.version(i)); });
  }
  count_ = count;
}

// Keeps those of the first `count` rows for which `keeps` holds, and returns how many they are.
template <typename Keeps>
size_t RunCursor::Keep(size_t count, Keeps keeps) {
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint16_t row = rows_[i];
    rows_[kept] = row;
    kept += keeps(row) ? 1 : 0;
  }
  return kept;
}

void RunCursor::Narrow(RowRange* rows) {
  const codec::BlockReader& block = blocks_.block();
  const PostKey last = block.key(run_.order, rows->end - 1);
  const FromWindow& window = valid_->windows[last.duration_class];
  const bool ends_outside = window.empty() || last.from > window.max;
  if (ends_outside) {
    step_ = Step::kSeek;
    target_ = NextClass(last);
  } else if (last.from < window.min) {
    step_ = Step::kSeek;
    target_ = FirstOfClass(last);
    target_.from = window.min;
  }
  // The rows of one class ascend by `from`.
  const PostKey first = block.key(run_.order, rows->begin);
  if (FirstOfClass(first) != FirstOfClass(last)) return;
  if (window.empty()) {
    rows->end = rows->begin;
    return;
  }
  PostKey border = FirstOfClass(last);
  if (first.from < window.min) {
    border.from = window.min;
    rows->begin = block.LowerBound(border, rows->begin);
  }
  if (ends_outside) {
    border.from = window.max + 1;
    rows->end = block.LowerBound(border, rows->begin);
  }
}

absl::StatusOr<std::optional<Row>> FindRow(const ReadState& state, uint64_t version) {
  for (const auto& overlay : state.layers.overlays) {
    if (const Row* row = overlay->FindVersion(version)) return *row;
  }
  if (version > state.layers.base) return std::nullopt;
  BlockCursor blocks(state.blocks);
  const PostKey id_key{.order = Order::kId, .version = version};
  FASTI_RETURN_IF_ERROR(blocks.Seek(id_key));
  if (!blocks.valid() || blocks.block().key(Order::kId, blocks.index()) != id_key) {
    return std::nullopt;
  }
  const PostKey key = codec::KeyOfRow(Order::kOut, blocks.block().row(blocks.index()));
  FASTI_RETURN_IF_ERROR(blocks.Seek(key));
  if (!blocks.valid() || blocks.block().key(Order::kOut, blocks.index()) != key) {
    return absl::DataLossError(absl::StrCat(
        "version ", version, " stands in ID but not in OUT: fasti check --deep tells more"));
  }
  return blocks.block().row(blocks.index());
}

}  // namespace fasti::graph
