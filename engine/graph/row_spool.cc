#include "engine/graph/row_spool.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "engine/codec/block.h"
#include "engine/graph/row_sort.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

// Of two copies of a version: retractions are only ever added.
void Unite(const Row& other, Row* row) {
  if (row->gone == 0) row->gone = other.gone;
}

}  // namespace

// Reads a run from front to back, a block at a time.
class RowSpool::RunReader {
 public:
  RunReader(const Run& run, Order order) : run_(run), order_(order) {}

  // False at the end.
  absl::StatusOr<bool> Next() {
    if (++next_ >= rows_.size()) {
      FASTI_RETURN_IF_ERROR(ReadBlock());
      if (rows_.empty()) return false;
    }
    key_ = codec::KeyOfRow(order_, rows_[next_]);
    return true;
  }
  const Row& row() const { return rows_[next_]; }
  const PostKey& key() const { return key_; }

 private:
  absl::Status ReadBlock() {
    rows_.clear();
    next_ = 0;
    if (block_ == run_.block_bytes.size()) return absl::OkStatus();
    std::string bytes(run_.block_bytes[block_++], '\0');
    FASTI_RETURN_IF_ERROR(run_.file->Read(offset_, absl::MakeSpan(bytes)));
    offset_ += bytes.size();
    FASTI_ASSIGN_OR_RETURN(const codec::BlockReader block, codec::BlockReader::Open(bytes));
    for (size_t i = 0; i < block.size(); ++i) rows_.push_back(block.row(i));
    return absl::OkStatus();
  }

  const Run& run_;
  const Order order_;
  size_t block_ = 0;  // the next one
  uint64_t offset_ = 0;
  std::vector<Row> rows_;
  size_t next_ = 0;  // the row at hand
  PostKey key_;
};

absl::Status RowSpool::Add(const Row& row) {
  chunk_.push_back(row);
  return chunk_.size() < chunk_rows_ ? absl::OkStatus() : PutAside();
}

absl::Status RowSpool::Seal() {
  FASTI_RETURN_IF_ERROR(PutAside());
  chunk_ = {};
  return absl::OkStatus();
}

absl::Status RowSpool::PutAside() {
  if (chunk_.empty()) return absl::OkStatus();
  for (const Order order : kAllOrders) {
    FASTI_ASSIGN_OR_RETURN(Run run, WriteRun(order));
    runs_[static_cast<size_t>(order) - 1].push_back(std::move(run));
  }
  chunk_.clear();
  return absl::OkStatus();
}

absl::StatusOr<RowSpool::Run> RowSpool::WriteRun(Order order) const {
  Run run;
  FASTI_ASSIGN_OR_RETURN(run.file, store_.NewScratchFile());
  std::vector<Row> rows;
  rows.reserve(codec::kBlockRows);
  const auto write = [&]() -> absl::Status {
    const std::string block = codec::EncodeBlock(rows);
    rows.clear();
    run.block_bytes.push_back(static_cast<uint32_t>(block.size()));
    return run.file->Append(block);
  };
  for (const Row* const row : SortedRows(order, chunk_)) {
    const Row kept = order == Order::kId ? codec::IdRow(*row) : *row;
    if (!rows.empty() && codec::KeyOfRow(order, rows.back()) == codec::KeyOfRow(order, kept)) {
      Unite(kept, &rows.back());
      continue;
    }
    if (rows.size() == codec::kBlockRows) FASTI_RETURN_IF_ERROR(write());
    rows.push_back(kept);
  }
  if (!rows.empty()) FASTI_RETURN_IF_ERROR(write());
  FASTI_RETURN_IF_ERROR(run.file->Seal());
  return run;
}

absl::Status RowSpool::ForEach(Order order,
                               absl::FunctionRef<absl::Status(const Row& row)> visit) const {
  std::vector<std::unique_ptr<RunReader>> heap;  // the reader with the least key in front
  const auto is_behind = [](const auto& a, const auto& b) { return a->key() > b->key(); };
  const auto advance = [&](std::unique_ptr<RunReader> reader) -> absl::Status {
    FASTI_ASSIGN_OR_RETURN(const bool more, reader->Next());
    if (!more) return absl::OkStatus();
    heap.push_back(std::move(reader));
    std::push_heap(heap.begin(), heap.end(), is_behind);
    return absl::OkStatus();
  };
  for (const Run& run : RunsOf(order)) {
    FASTI_RETURN_IF_ERROR(advance(std::make_unique<RunReader>(run, order)));
  }
  while (!heap.empty()) {
    Row row = heap.front()->row();
    const PostKey key = heap.front()->key();
    do {
      std::pop_heap(heap.begin(), heap.end(), is_behind);
      std::unique_ptr<RunReader> reader = std::move(heap.back());
      heap.pop_back();
      Unite(reader->row(), &row);
      FASTI_RETURN_IF_ERROR(advance(std::move(reader)));
    } while (!heap.empty() && heap.front()->key() == key);
    FASTI_RETURN_IF_ERROR(visit(row));
  }
  return absl::OkStatus();
}

}  // namespace fasti::graph
