#pragma once

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/timeline.h"
#include "engine/model/row.h"
#include "fasti/pattern.h"

namespace fasti::graph {

inline constexpr Instant kDay = Instant{86400} * 1'000'000;

// Days, years, spans of any length, open and unknown ends, within about twenty years.
inline Period RandomPeriod(std::mt19937_64& random) {
  const auto instant = [&] { return static_cast<Instant>(random() % 7300) * kDay; };
  Period period =
      Period::Granule(instant(), random() % 3 != 0 ? Precision::kDay : Precision::kYear);
  switch (random() % 6) {
    case 0:
      period.to += static_cast<Instant>(uint64_t{1} << random() % 50);
      period.to_precision = Precision::kMicrosecond;
      break;
    case 1:
      period.to = kInstantMax;
      period.to_precision = random() % 2 == 0 ? Precision::kOpen : Precision::kUnknown;
      break;
    case 2:
      if (random() % 4 != 0) break;
      period.from = kInstantMin;
      period.from_precision = Precision::kUnknown;
      break;
    default:
      break;
  }
  return period;
}

inline std::vector<ValidTest> RandomTests(std::mt19937_64& random) {
  std::vector<ValidTest> tests;
  for (uint64_t i = random() % 8 == 0 ? 2 : 1; i > 0; --i) {
    tests.push_back({static_cast<ValidTest::Kind>(random() % 4), RandomPeriod(random)});
  }
  return tests;
}

// Facts of subject 1, in blocks of random size.
inline std::vector<std::shared_ptr<const StoredBlock>> BlocksOf(std::vector<Row> rows,
                                                                std::mt19937_64& random) {
  const auto key = [](const Row& row) { return codec::KeyOfRow(codec::Order::kOut, row); };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  std::vector<std::shared_ptr<const StoredBlock>> blocks;
  for (size_t i = 0, end = 0; i < rows.size(); i = end) {
    end = std::min(rows.size(), i + 1 + random() % codec::kBlockRows);
    const absl::Span<const Row> some = absl::MakeSpan(rows).subspan(i, end - i);
    blocks.push_back(*StoredBlock::Open(key(some.back()), codec::EncodeBlock(some)));
  }
  return blocks;
}

inline std::shared_ptr<const Timeline> TimelineOf(
    const std::vector<std::shared_ptr<const StoredBlock>>& blocks) {
  TimelineBuilder builder;
  for (const auto& block : blocks) {
    std::vector<uint16_t> rows(block->reader().size());
    for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<uint16_t>(i);
    builder.Add(block, rows);
  }
  return *builder.Build();
}

inline std::vector<Row> RandomRows(size_t count, std::mt19937_64& random) {
  std::vector<Row> rows;
  for (uint64_t version = 1; version <= count; ++version) {
    Row row = TimelessRow(static_cast<EntityId>(1),
                          static_cast<RelationId>(Raw(kFirstUserRelation) + random() % 40),
                          Term::Entity(static_cast<EntityId>(random() % 100)));
    row.version = row.lineage = version;
    SetRowValid(RandomPeriod(random), &row);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace fasti::graph
