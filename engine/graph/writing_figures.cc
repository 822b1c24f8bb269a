#include "engine/graph/writing_figures.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/codec/catalog_record.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

void AddWaits(absl::string_view name, const CommitQueue::Waits& waits, WritingFigures* figures) {
  (*figures)[absl::StrCat(name, "s")] = waits.count;
  (*figures)[absl::StrCat(name, "_us")] = waits.micros;
  (*figures)[absl::StrCat(name, "_us_max")] = waits.micros_max;
}

}  // namespace

WritingFigures WritingFiguresOf(const CommitQueue::Figures& figures, storage::WriteStalls stalls) {
  WritingFigures named = {{"commits", figures.commits},
                          {"commits_waiting", figures.commits_waiting},
                          {"store_slowdowns", stalls.slowdowns},
                          {"store_stops", stalls.stops},
                          {"writing_since", static_cast<uint64_t>(figures.since)},
                          {"writing_until", static_cast<uint64_t>(figures.until)}};
  AddWaits("commit_write", figures.writes, &named);
  AddWaits("fold_wait", figures.fold_waits, &named);
  AddWaits("fold", figures.folds, &named);
  return named;
}

absl::Status SaveWritingFigures(storage::Store& store, const CommitQueue::Figures& figures) {
  storage::Batch batch;
  batch.Put(storage::Family::kDefault, codec::FiguresKey(),
            codec::EncodeFigures(WritingFiguresOf(figures, store.write_stalls())));
  return store.Write(batch, storage::Durability::kBuffered);
}

absl::StatusOr<WritingFigures> LoadWritingFigures(const storage::Store& store) {
  const absl::StatusOr<std::string> bytes =
      store.Get(storage::Family::kDefault, codec::FiguresKey());
  if (absl::IsNotFound(bytes.status())) return WritingFigures();
  FASTI_RETURN_IF_ERROR(bytes.status());
  return codec::DecodeFigures(*bytes);
}

}  // namespace fasti::graph
