#include "engine/graph/recovery.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/codec/fold_record.h"
#include "engine/graph/merges.h"
#include "fasti/relation.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

absl::StatusOr<bool> LogReplay::Run(const storage::Store& store) {
  absl::StatusOr<bool> whole = Replay(store);
  state_.head.merges = Merges::With(state_.head.merges, merges_);
  merges_.clear();
  return whole;
}

absl::StatusOr<bool> LogReplay::Replay(const storage::Store& store) {
  const std::unique_ptr<storage::Cursor> cursor = store.NewCursor(storage::Family::kLog);
  // Rows of an unfinished commit are read again from its beginning.
  rows_.clear();
  open_commit_.reset();
  Sequence expected = state_.sequence + 1;
  for (cursor->Seek(codec::SequenceKey(state_.sequence + 1)); cursor->Valid(); cursor->Next()) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t first, codec::DecodeSequenceKey(cursor->key()));
    absl::StatusOr<codec::LogRecord> record = codec::DecodeLogRecord(cursor->value());
    if (!record.ok()) {
      return absl::DataLossError(absl::StrCat("log row ", first, ": ", record.status().message()));
    }
    const bool continues = open_commit_ == record->commit_time;
    if (!continues && first != expected) return false;
    if (record->next_sequence <= first) {
      return absl::DataLossError(absl::StrCat("log row ", first, ": expected its commit to end ",
                                              "there or later, found ", record->next_sequence));
    }
    expected = record->next_sequence;
    Take(*record);
  }
  FASTI_RETURN_IF_ERROR(cursor->status());
  return true;
}

void LogReplay::Take(const codec::LogRecord& record) {
  if (open_commit_ != record.commit_time) {
    rows_.clear();  // what was open had no end
    open_commit_ = record.commit_time;
  }
  rows_.insert(rows_.end(), record.asserted.begin(), record.asserted.end());
  rows_.insert(rows_.end(), record.retracted.begin(), record.retracted.end());
  Head& head = state_.head;
  head.next_sequence = std::max(head.next_sequence, record.next_sequence);
  head.next_entity = std::max(head.next_entity, record.next_entity);
  head.next_literal = std::max(head.next_literal, record.next_literal);
  head.time = std::max(head.time, record.commit_time);
  if (!record.last_part) return;
  state_.active->Append(rows_);
  for (const Row& row : rows_) {
    if (row.relation == Raw(kSameAs)) merges_.push_back(row);
  }
  state_.sequence = record.next_sequence - 1;
  rows_.clear();
  open_commit_.reset();
}

absl::StatusOr<Recovered> ReadFolded(const storage::Store& store) {
  Recovered recovered;
  const absl::StatusOr<std::string> bytes = store.Get(storage::Family::kFold, codec::FoldKey());
  if (absl::IsNotFound(bytes.status())) return recovered;
  FASTI_RETURN_IF_ERROR(bytes.status());
  FASTI_ASSIGN_OR_RETURN(const codec::FoldRecord record, codec::DecodeFoldRecord(*bytes));
  recovered.base = record.watermark;
  recovered.base_rows = record.rows;
  recovered.sequence = record.watermark;
  recovered.head.next_sequence = record.watermark + 1;
  recovered.head.next_entity = record.next_entity;
  recovered.head.next_literal = record.next_literal;
  recovered.head.time = record.time;
  return recovered;
}

absl::StatusOr<Recovered> Recover(const storage::Store& store) {
  FASTI_ASSIGN_OR_RETURN(const Recovered folded, ReadFolded(store));
  LogReplay replay(folded);
  FASTI_ASSIGN_OR_RETURN(const bool whole, replay.Run(store));
  if (!whole) {
    return absl::DataLossError(absl::StrCat("log: a row is missing after the commit of sequence ",
                                            replay.state().sequence));
  }
  Recovered recovered = replay.state();
  FASTI_ASSIGN_OR_RETURN(recovered.head.catalog, Catalog::Load(store));
  return recovered;
}

}  // namespace fasti::graph
