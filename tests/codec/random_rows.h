#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/codec/post_key.h"
#include "engine/model/row.h"

// Rows for random tests: small pools, so that equal anchors, relations and times are common, and
// now and then the edges of every number.

namespace fasti::codec {

class RandomRows {
 public:
  explicit RandomRows(uint32_t seed) : random_(seed) {}

  std::mt19937& random() { return random_; }
  bool OneIn(uint32_t n) { return random_() % n == 0; }

  // Any 64 bits, often extreme ones.
  uint64_t Edge() {
    constexpr uint64_t kEdges[] = {0,
                                   1,
                                   127,
                                   128,
                                   255,
                                   256,
                                   UINT32_MAX,
                                   uint64_t{1} << 32,
                                   INT64_MAX,
                                   1ull << 63,
                                   UINT64_MAX - 1,
                                   UINT64_MAX};
    if (OneIn(2)) return kEdges[random_() % std::size(kEdges)];
    return static_cast<uint64_t>(random_()) << 32 | random_();
  }

  // A row that the engine could have stored.
  Row Plausible(uint64_t version) {
    constexpr int64_t kDay = int64_t{86400} * 1000000;
    Row row;
    row.version = version;
    row.lineage = OneIn(8) ? version / 2 + 1 : version;
    row.subject = random_() % 8 + 1;
    row.object = static_cast<uint64_t>(random_() % 8) << 3 | random_() % 6;
    row.relation = random_() % 4 + 1;
    const Precision starts[] = {Precision::kDay, Precision::kYear, Precision::kOpen,
                                Precision::kUnknown};
    const Precision from = starts[random_() % 4], to = starts[random_() % 4];
    row.flags = MakeFlags(from, to, static_cast<Modality>(random_() % 5), OneIn(2), OneIn(2));
    const bool has_start = IsGranule(from), has_end = IsGranule(to);
    row.from = has_start || has_end ? (static_cast<int64_t>(random_() % 20000) - 5000) * kDay
                                    : kInstantMax;
    row.duration = has_start && has_end ? (random_() % 5000 + 1) * kDay : 0;
    row.known_from = OneIn(2) ? kInstantMin : static_cast<int64_t>(random_() % 20000) * kDay;
    row.known_to = OneIn(4) ? row.known_from / 2 : kInstantMax;
    row.gone = OneIn(4) ? version + random_() % 100 + 1 : 0;
    return row;
  }

  // A row of any numbers at all.
  Row Any(uint64_t version) {
    Row row;
    row.version = version;
    row.subject = Edge();
    row.object = Edge();
    row.relation = static_cast<uint32_t>(Edge());
    row.flags = static_cast<uint16_t>(Edge());
    row.from = static_cast<int64_t>(Edge());
    row.duration = Edge();
    row.known_from = static_cast<int64_t>(Edge());
    row.known_to = static_cast<int64_t>(Edge());
    row.gone = OneIn(2) ? 0 : Edge();
    row.lineage = OneIn(2) ? version : Edge();
    return row;
  }

  // `count` rows in the order of their keys.
  std::vector<Row> Sorted(Order order, size_t count, bool plausible) {
    std::vector<Row> rows;
    for (size_t i = 0; i < count; ++i) rows.push_back(plausible ? Plausible(i + 1) : Any(i + 1));
    std::sort(rows.begin(), rows.end(), [order](const Row& a, const Row& b) {
      return KeyOfRow(order, a) < KeyOfRow(order, b);
    });
    return rows;
  }

 private:
  std::mt19937 random_;
};

inline constexpr Order kOrders[] = {Order::kOut, Order::kIn, Order::kRel, Order::kId};

}  // namespace fasti::codec
