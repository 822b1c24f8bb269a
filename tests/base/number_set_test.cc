#include "engine/base/number_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/status/status.h"

namespace fasti {
namespace {

TEST(NumberSetTest, HoldsWhatASetHolds) {
  std::mt19937_64 random(3);
  NumberSet numbers, others;
  std::set<uint64_t> model, other_model;
  for (int i = 0; i < 5000; ++i) {
    const uint64_t number = random() % 3 == 0 ? random() : random() % 9000;
    if (random() % 2 == 0) {
      numbers.Insert(number);
      model.insert(number);
    } else {
      others.Insert(number);
      other_model.insert(number);
    }
  }
  EXPECT_EQ(numbers.size(), model.size());
  size_t missing = 0;
  for (const uint64_t number : other_model) {
    EXPECT_EQ(numbers.Contains(number), model.count(number) > 0);
    missing += model.count(number) == 0 ? 1 : 0;
  }
  EXPECT_EQ(numbers.CountMissing(others), missing);
  std::set<uint64_t> visited;
  EXPECT_TRUE(numbers
                  .ForEach([&](uint64_t number) {
                    visited.insert(number);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(visited, model);
}

}  // namespace
}  // namespace fasti
