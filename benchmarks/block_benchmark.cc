// What a block costs: to write, to open, to find a row in, to read.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"

namespace fasti {
namespace {

using codec::Order;

constexpr int64_t kDay = int64_t{86'400} * 1'000'000;

// Rows of a few dozen subjects over twenty years, seven in ten of them a day long.
std::vector<Row> MakeRows(size_t count) {
  std::mt19937_64 random(7);
  std::vector<Row> rows(count);
  for (size_t i = 0; i < count; ++i) {
    Row& row = rows[i];
    row.subject = 1000 + random() % 40;
    row.relation = 16 + static_cast<uint32_t>(random() % 12);
    row.object = (random() % 1'000'000) << 3;
    row.version = row.lineage = 1'000'000 + i;
    const Instant from = static_cast<int64_t>(random() % 7305) * kDay;
    const int64_t days = random() % 10 < 7 ? 1 : 1 + static_cast<int64_t>(random() % 900);
    SetRowValid({from, from + days * kDay, Precision::kDay, Precision::kDay}, &row);
    row.known_from = kInstantMin;
    row.known_to = kInstantMax;
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return codec::KeyOfRow(Order::kOut, a) < codec::KeyOfRow(Order::kOut, b);
  });
  return rows;
}

void BM_EncodeBlock(benchmark::State& state) {
  const std::vector<Row> rows = MakeRows(codec::kBlockRows);
  size_t bytes = 0;
  for (auto _ : state) {
    const std::string block = codec::EncodeBlock(rows);
    bytes = block.size();
    benchmark::DoNotOptimize(block.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows.size()));
  state.counters["bytes_per_row"] = static_cast<double>(bytes) / static_cast<double>(rows.size());
}
BENCHMARK(BM_EncodeBlock);

void BM_OpenBlock(benchmark::State& state) {
  const std::string block = codec::EncodeBlock(MakeRows(codec::kBlockRows));
  for (auto _ : state) {
    auto reader = codec::BlockReader::Open(block);
    benchmark::DoNotOptimize(reader->size());
  }
}
BENCHMARK(BM_OpenBlock);

void BM_FindRowInBlock(benchmark::State& state) {
  const std::vector<Row> rows = MakeRows(codec::kBlockRows);
  const std::string block = codec::EncodeBlock(rows);
  const auto reader = codec::BlockReader::Open(block);
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 97) % rows.size();
    benchmark::DoNotOptimize(reader->LowerBound(codec::KeyOfRow(Order::kOut, rows[i])));
  }
}
BENCHMARK(BM_FindRowInBlock);

void BM_ReadRowsOfBlock(benchmark::State& state) {
  const std::string block = codec::EncodeBlock(MakeRows(codec::kBlockRows));
  const auto reader = codec::BlockReader::Open(block);
  for (auto _ : state) {
    for (size_t i = 0; i < reader->size(); ++i) benchmark::DoNotOptimize(reader->row(i).version);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(reader->size()));
}
BENCHMARK(BM_ReadRowsOfBlock);

}  // namespace
}  // namespace fasti
