#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/crc32c.h"
#include "engine/codec/block.h"
#include "engine/codec/block_layout.h"
#include "fasti/status_macros.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"

// Blocks (docs/file_format.md, "Block"): rows that were drawn come back from their block, and bytes
// that are no block are refused or read within their bounds.

namespace fasti::fuzz {
namespace {

using codec::BlockReader;
using codec::Order;
using codec::PostKey;

constexpr Order kOrders[] = {Order::kOut, Order::kIn, Order::kRel, Order::kId};

// Exactly as many bytes as the block has, so that a sanitizer sees a read behind the last one.
std::vector<char> Exactly(absl::string_view bytes) {
  return std::vector<char>(bytes.begin(), bytes.end());
}
absl::string_view ViewOf(const std::vector<char>& bytes) {
  return {bytes.data(), bytes.size()};
}

std::vector<Row> SortedRows(Order order, std::vector<Row> rows) {
  const auto key = [order](const Row& row) { return codec::KeyOfRow(order, row); };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  rows.erase(std::unique(rows.begin(), rows.end(),
                         [&](const Row& a, const Row& b) { return key(a) == key(b); }),
             rows.end());
  return rows;
}

absl::Status CheckColumns(const BlockReader& block, int64_t least, int64_t greatest) {
  std::vector<uint16_t> expected, found(block.size());
  for (size_t i = 0; i < block.size(); ++i) {
    const Row row = block.row(i);
    if (row.subject != block.subject(i) || row.object != block.object(i) ||
        row.version != block.version(i) || row.relation != block.relation(i) ||
        row.flags != block.flags(i) || row.from != block.from(i) ||
        row.duration != block.duration(i) || row.known_from != block.known_from(i)) {
      return Broken("row ", i, " is not what its columns say");
    }
    const bool is_within = row.from >= least && row.from <= greatest;
    if (is_within || row.from == kInstantMax) expected.push_back(static_cast<uint16_t>(i));
  }
  found.resize(block.RowsFrom(0, block.size(), least, greatest, found.data()));
  if (found == expected) return absl::OkStatus();
  return Broken("RowsFrom(", least, ", ", greatest, ") gives ", found.size(), " rows, not ",
                expected.size());
}

// Rows in the order of their keys come back as they were, and are found by their keys.
absl::Status CheckRows(Order order, const std::vector<Row>& rows) {
  if (rows.empty()) return absl::OkStatus();
  const std::vector<char> bytes = Exactly(codec::EncodeBlock(rows));
  FASTI_ASSIGN_OR_RETURN(const BlockReader block, BlockReader::Open(ViewOf(bytes)));
  if (block.size() != rows.size()) return Broken("a block loses rows");
  for (size_t i = 0; i < rows.size(); ++i) {
    if (block.row(i) != rows[i]) return Broken("row ", i, " comes back as another");
    if (block.key(order, i) != codec::KeyOfRow(order, rows[i])) {
      return Broken("key ", i, " is not that of its row");
    }
  }
  FASTI_RETURN_IF_ERROR(CheckColumns(block, rows.front().from, rows.back().from));
  for (size_t i = 0; i < rows.size(); ++i) {
    PostKey key = codec::KeyOfRow(order, rows[i]);
    if (block.LowerBound(key) != i) return Broken("row ", i, " is not found by its key");
    if (key.version == UINT64_MAX) continue;
    ++key.version;  // the least key behind it
    if (block.LowerBound(key) != i + 1) return Broken("what follows row ", i, " is not found");
  }
  return absl::OkStatus();
}

Row DrawRow(Draw* draw) {
  Row row;
  row.subject = draw->Number();
  row.object = draw->Number();
  row.version = draw->Number();
  row.relation = static_cast<uint32_t>(draw->Number());
  row.flags = static_cast<uint16_t>(draw->Number());
  row.from = static_cast<int64_t>(draw->Number());
  row.duration = draw->Number();
  row.known_from = draw->OneIn(2) ? static_cast<int64_t>(draw->Number()) : kInstantMin;
  row.known_to = draw->OneIn(2) ? static_cast<int64_t>(draw->Number()) : kInstantMax;
  row.gone = draw->OneIn(2) ? draw->Number() : 0;
  row.lineage = draw->OneIn(2) ? draw->Number() : row.version;
  return row;
}

// Most rows of a block are like the one before it.
absl::Status CheckDrawnRows(Order order, Draw draw) {
  std::vector<Row> rows = {DrawRow(&draw)};
  while (!draw.done() && rows.size() < codec::kBlockRows) {
    if (draw.OneIn(4)) {
      rows.push_back(DrawRow(&draw));
      continue;
    }
    Row row = rows.back();
    row.version += draw.Byte();
    row.object += draw.Byte();
    row.from = static_cast<int64_t>(static_cast<uint64_t>(row.from) + draw.Number());
    rows.push_back(row);
  }
  return CheckRows(order, SortedRows(order, std::move(rows)));
}

absl::Status CheckBytes(Order order, absl::string_view input) {
  std::vector<char> bytes = Exactly(input);
  if (input.size() >= codec::kChecksumBytes) {
    const uint32_t checksum = Crc32c(input.substr(codec::kChecksumBytes));
    for (size_t i = 0; i < codec::kChecksumBytes; ++i) {
      bytes[i] = static_cast<char>(checksum >> (8 * i));
    }
  }
  const absl::StatusOr<BlockReader> block = BlockReader::Open(ViewOf(bytes));
  if (absl::IsDataLoss(block.status())) return absl::OkStatus();
  if (!block.ok()) return Broken("a block is refused as ", block.status().ToString());
  std::vector<Row> rows;
  for (size_t i = 0; i < block->size(); ++i) {
    rows.push_back(block->row(i));
    if (block->LowerBound(block->key(order, i)) > block->size()) {
      return Broken("a row is found behind the last one");
    }
  }
  FASTI_RETURN_IF_ERROR(CheckColumns(*block, rows.front().from, rows.back().from));
  return CheckRows(order, SortedRows(order, std::move(rows)));
}

}  // namespace

absl::Status FuzzBlock(absl::string_view input) {
  Draw draw(input);
  const Order order = kOrders[draw.Below(std::size(kOrders))];
  return draw.OneIn(2) ? CheckDrawnRows(order, draw) : CheckBytes(order, draw.Rest());
}

}  // namespace fasti::fuzz
