#include "engine/codec/column_loops.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace fasti::codec {
namespace {

constexpr uint64_t kDay = uint64_t{86'400} * 1'000'000;

// Of every length that leaves vectors of any size a rest, small and large numbers mixed.
template <typename Use>
void ForRandomColumns(uint64_t seed, Use use) {
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (size_t size = 1; size <= 300; ++size) {
    SCOPED_TRACE(size);
    const int bits = static_cast<int>(random() % 64);
    std::vector<uint64_t> values(size);
    for (uint64_t& value : values) value = random() >> (random() % 8 == 0 ? 0 : bits);
    use(values, random);
  }
}

TEST(DivisorTest, TellsMultiplesByTheirQuotients) {
  std::mt19937_64 random(3);
  for (const uint64_t by :
       {uint64_t{1}, uint64_t{2}, uint64_t{7}, uint64_t{1000}, kDay, ~uint64_t{0}}) {
    const Divisor divisor(by);
    for (int i = 0; i < 1000; ++i) {
      const uint64_t quotient = random() % (~uint64_t{0} / by);
      EXPECT_EQ(divisor.Quotient(quotient * by), quotient);
      const uint64_t any = random();
      EXPECT_EQ(divisor.Quotient(any) <= divisor.quotient_max(), any % by == 0) << any;
    }
    const auto negative = -static_cast<int64_t>(by >> 1 | 1);
    EXPECT_EQ(Divisor(1).SignedQuotient(negative), static_cast<uint64_t>(negative));
  }
  EXPECT_EQ(Divisor(kDay).SignedQuotient(-5 * static_cast<int64_t>(kDay)), uint64_t{0} - 5);
}

TEST(ColumnLoopsTest, TheRangeOfAColumnIsThatOfItsValues) {
  ForRandomColumns(1, [](const std::vector<uint64_t>& values, std::mt19937_64&) {
    uint64_t differing = 0;
    for (const uint64_t value : values) differing |= value ^ values.back();
    const ColumnRange range = RangeOf(values);
    EXPECT_EQ(range.least, *std::min_element(values.begin(), values.end()));
    EXPECT_EQ(range.greatest, *std::max_element(values.begin(), values.end()));
    EXPECT_EQ(range.differing, differing);
  });
}

TEST(ColumnLoopsTest, OneValueNotAboveTheOneBeforeEndsAnAscent) {
  ForRandomColumns(2, [](std::vector<uint64_t> values, std::mt19937_64& random) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    EXPECT_TRUE(Ascends(values));
    if (values.size() == 1) return;
    const size_t at = 1 + random() % (values.size() - 1);
    values[at] = values[at - 1];
    EXPECT_FALSE(Ascends(values));
  });
}

TEST(ColumnLoopsTest, OthersAreAllThatAreNotTheCommonValue) {
  ForRandomColumns(3, [](std::vector<uint64_t> values, std::mt19937_64& random) {
    const uint64_t common = values[random() % values.size()];
    for (uint64_t& value : values) {
      if (random() % 2 == 0) value = common;
    }
    EXPECT_EQ(CountOthers(common, values) + std::count(values.begin(), values.end(), common),
              values.size());
  });
}

TEST(ColumnLoopsTest, PlacesAndBasesAreSubtractedFromEach) {
  ForRandomColumns(4, [](const std::vector<uint64_t>& values, std::mt19937_64& random) {
    std::vector<uint64_t> places = values, distances = values;
    const uint64_t base = random();
    const int shift = static_cast<int>(random() % 4);
    SubtractPlaces(values, places.data());
    SubtractBase(base, shift, values, distances.data());
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(places[i], values[i] - i);
      EXPECT_EQ(distances[i], (values[i] - base) >> shift);
    }
  });
}

TEST(ColumnLoopsTest, AColumnIsDividedByWhatDividesAllOfIt) {
  const Divisor day(kDay);
  ForRandomColumns(5, [&](std::vector<uint64_t> values, std::mt19937_64& random) {
    for (uint64_t& value : values) value = value % 100'000 * kDay;
    EXPECT_TRUE(DividesAll(day, values));
    std::vector<uint64_t> divided = values;
    DivideAll(day, divided, divided.data());
    for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(divided[i], values[i] / kDay);
    values[random() % values.size()] += 1 + random() % (kDay - 1);
    EXPECT_FALSE(DividesAll(day, values));
  });
}

TEST(ColumnLoopsTest, TimesAreDividedByTheirDistanceAndMissingOnesAreZero) {
  const Divisor day(kDay);
  ForRandomColumns(6, [&](std::vector<uint64_t> values, std::mt19937_64& random) {
    const uint64_t base = random() >> 1;  // nothing need divide it
    for (uint64_t& value : values) {
      value = random() % 4 == 0 ? kNoTime : base + value % 100'000 * kDay;
    }
    EXPECT_TRUE(DividesTimes(day, base, values));
    std::vector<uint64_t> divided = values;
    uint64_t greatest = 0;
    const uint64_t told = DivideTimes(day, base, values, divided.data());
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(divided[i], values[i] == kNoTime ? 0 : 1 + (values[i] - base) / kDay);
      greatest = std::max(greatest, divided[i]);
    }
    EXPECT_EQ(told, greatest);
    values[random() % values.size()] = base + 1 + random() % (kDay - 1);
    EXPECT_FALSE(DividesTimes(day, base, values));
  });
}

TEST(ColumnLoopsTest, NeighboursAreJoinedAndTheLastOneStaysAlone) {
  ForRandomColumns(7, [](std::vector<uint64_t> values, std::mt19937_64& random) {
    const int width = 1 + static_cast<int>(random() % 28);
    for (uint64_t& value : values) value &= (uint64_t{1} << width) - 1;
    std::vector<uint64_t> joined((values.size() + 1) / 2);
    JoinPairs(values, width, joined.data());
    for (size_t i = 0; i < joined.size(); ++i) {
      const uint64_t second = 2 * i + 1 < values.size() ? values[2 * i + 1] : 0;
      EXPECT_EQ(joined[i], values[2 * i] + (second << width));
    }
  });
}

}  // namespace
}  // namespace fasti::codec
