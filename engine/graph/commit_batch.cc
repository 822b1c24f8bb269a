#include "engine/graph/commit_batch.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/codec/catalog_record.h"
#include "engine/codec/log_record.h"

namespace fasti::graph {

namespace {

using storage::Batch;
using storage::Family;

// A row takes at most 100 bytes in the log, and a value of the store at most 64 KiB.
constexpr size_t kLogRowsMax = 600;

Sequence SequenceOf(const Row& row) {
  return row.gone != 0 ? row.gone : row.version;
}

codec::LogRecord EmptyPart(const WriteSet& writes, const Head& after) {
  codec::LogRecord part;
  part.commit_time = after.time;
  part.next_entity = after.next_entity;
  part.next_literal = after.next_literal;
  part.next_sequence = after.next_sequence;
  part.batch_id = writes.batch_id;
  part.last_part = false;
  return part;
}

// The rows of the commit, in parts that fit into one value each.
struct Part {
  Sequence first = 0;
  std::vector<Row> asserted;
  std::vector<Row> retracted;
};

std::vector<Part> SplitRows(const WriteSet& writes, Sequence first) {
  std::vector<Part> parts(1);
  parts.back().first = first;
  parts.back().asserted.reserve(std::min(writes.rows->size(), kLogRowsMax));
  size_t rows = 0;
  writes.rows->ForEach([&](const Row& row) {
    if (rows == kLogRowsMax) {
      parts.push_back({.first = SequenceOf(row), .asserted = {}, .retracted = {}});
      rows = 0;
    }
    (row.gone == 0 ? parts.back().asserted : parts.back().retracted).push_back(row);
    ++rows;
  });
  return parts;
}

size_t RecordBytes(const WriteSet& writes) {
  size_t bytes = 0;
  for (const auto& [key, value] : writes.records) bytes += key.second.size() + value.size();
  for (const auto& [literal, id] : writes.literals.ids) bytes += 2 * literal.size() + 64;
  for (const auto& [text, id] : writes.literals.folded) bytes += text.size() + 64;
  return bytes;
}

void AddNames(const WriteSet& writes, const Catalog& catalog, Batch* batch) {
  for (const RelationId id : writes.relations) {
    batch->Put(Family::kDefault, codec::RelationKey(id),
               codec::EncodeRelation(*catalog.GetRelation(id)));
  }
  for (const LabelId id : writes.labels) {
    batch->Put(Family::kDefault, codec::LabelKey(id), codec::EncodeLabel(*catalog.GetLabel(id)));
  }
}

}  // namespace

CommitBatches BuildCommit(const WriteSet& writes, Sequence first, size_t batch_bytes_max,
                          Head* after) {
  std::vector<Part> parts = SplitRows(writes, first);
  const bool large = RecordBytes(writes) + parts.size() * (kLogRowsMax * 100) > batch_bytes_max;
  // A commit of names only takes a sequence for its log row; a large one takes one for its end.
  if (large || after->next_sequence == first) {
    if (large) parts.push_back({.first = after->next_sequence, .asserted = {}, .retracted = {}});
    ++after->next_sequence;
  }

  CommitBatches commit;
  commit.sequence = after->next_sequence - 1;
  commit.batches.emplace_back();
  const auto add_part = [&](Part& part, bool last) {
    codec::LogRecord record = EmptyPart(writes, *after);
    record.asserted = std::move(part.asserted);
    record.retracted = std::move(part.retracted);
    record.last_part = last;
    commit.batches.back().Put(Family::kLog, codec::SequenceKey(part.first),
                              codec::EncodeLogRecord(record));
  };
  const auto make_room = [&] {
    if (commit.batches.back().bytes() > batch_bytes_max) commit.batches.emplace_back();
  };

  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    add_part(parts[i], false);
    make_room();
  }
  for (const auto& [key, value] : writes.records) {
    commit.batches.back().Put(key.first, key.second, value);
    make_room();
  }
  writes.literals.AddTo([&]() -> Batch* {
    make_room();
    return &commit.batches.back();
  });
  AddNames(writes, *after->catalog, &commit.batches.back());
  commit.batches.back().Put(Family::kTime, codec::SequenceKey(commit.sequence),
                            codec::EncodeTime(after->time));
  add_part(parts.back(), true);
  FASTI_CHECK(large || commit.batches.size() == 1);
  return commit;
}

}  // namespace fasti::graph
