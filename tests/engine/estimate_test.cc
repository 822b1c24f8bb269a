#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "fasti/database.h"
#include "gtest/gtest.h"

// Estimates choose plans.  Of blocks few enough to be walked they are counts, so they can be held
// to what a scan finds.

namespace fasti {
namespace {

Period At(absl::string_view text) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  EXPECT_TRUE(period.ok()) << period.status();
  return *period;
}

uint64_t CountOf(const Snapshot& snapshot, const Pattern& pattern) {
  const auto cursor = snapshot.ScanEnds(pattern);
  EXPECT_TRUE(cursor.ok()) << cursor.status();
  std::vector<FactEnds> some(100);
  uint64_t count = 0;
  while (true) {
    const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(some));
    EXPECT_TRUE(n.ok()) << n.status();
    if (!n.ok() || *n == 0) return count;
    count += *n;
  }
}

// 3,000 facts of two relations in 2020 and 2021, a third of them longer than a day, between 20
// entities.
struct Sample {
  std::unique_ptr<Database> database;
  RelationId meets, owns;
  std::vector<EntityId> entities;
};

Sample MakeSample(uint64_t seed) {
  Sample sample{.database = *Database::Open(":memory:", {})};
  auto t = *sample.database->Begin();
  sample.meets = *t->InternRelation("meets");
  sample.owns = *t->InternRelation("owns");
  for (int i = 0; i < 20; ++i) sample.entities.push_back(*t->CreateEntity());
  std::mt19937_64 random(seed);
  const auto day = [&] {
    return absl::StrFormat("%d-%02d-%02d", 2020 + random() % 2, 1 + random() % 12,
                           1 + random() % 28);
  };
  for (int i = 0; i < 3000; ++i) {
    const bool is_long = random() % 3 == 0;
    const Period valid =
        is_long ? At(absl::StrCat(day(), "..2022-0", 1 + random() % 9)) : At(day());
    EXPECT_TRUE(t->Assert({.subject = sample.entities[random() % 20],
                           .relation = random() % 2 == 0 ? sample.meets : sample.owns,
                           .object = Value(sample.entities[random() % 20]),
                           .valid = valid})
                    .ok());
  }
  EXPECT_TRUE(t->Commit().ok());
  EXPECT_TRUE(sample.database->Fold().ok());
  return sample;
}

TEST(EstimateTest, OfShortRunsIsACount) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  const Sample sample = MakeSample(seed);
  const auto snapshot = sample.database->GetSnapshot();
  for (const EntityId entity : sample.entities) {
    const Pattern from{.subject = entity, .relations = {sample.owns}};
    EXPECT_EQ(snapshot->EstimateFacts(from), CountOf(*snapshot, from));
    const Pattern to{.object = Term::Entity(entity), .relations = {sample.owns}};
    EXPECT_EQ(snapshot->EstimateFacts(to), CountOf(*snapshot, to));
  }
  const Pattern both{.relations = {sample.meets, sample.owns}};
  EXPECT_EQ(snapshot->EstimateFacts(both), 3000);
}

TEST(EstimateTest, OfATimeMissesNoFactAndLeavesOutOtherMonths) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  const Sample sample = MakeSample(seed);
  const auto snapshot = sample.database->GetSnapshot();
  using Kind = ValidTest::Kind;
  for (const Kind kind : {Kind::kAt, Kind::kDuring, Kind::kBefore, Kind::kAfter}) {
    for (int month = 1; month <= 12; ++month) {
      SCOPED_TRACE(absl::StrCat("kind ", static_cast<int>(kind), ", month ", month));
      Pattern pattern{.relations = {sample.meets}};
      const Period scope = At(absl::StrFormat("2021-%02d", month));
      pattern.view.valid = {{kind, scope}};
      const uint64_t estimate = snapshot->EstimateFacts(pattern);
      EXPECT_GE(estimate, CountOf(*snapshot, pattern));
      // Whatever surely lies within the month began in it; no more than that is counted.
      if (kind == Kind::kDuring) {
        const uint64_t earlier = CountOf(
            *snapshot, {.relations = {sample.meets}, .view = {.valid = {{Kind::kBefore, scope}}}});
        const uint64_t all = CountOf(*snapshot, {.relations = {sample.meets}});
        EXPECT_LE(estimate, all - earlier);
      }
    }
  }
}

TEST(EstimateTest, OfRowsNotYetFoldedIsACountOfTheRelation) {
  const Sample sample = MakeSample(7);
  auto t = *sample.database->Begin();
  ASSERT_TRUE(t->Assert({.subject = sample.entities[0],
                         .relation = sample.owns,
                         .object = Value(sample.entities[1]),
                         .valid = At("1990")})
                  .ok());
  ASSERT_TRUE(t->Commit().ok());
  const auto snapshot = sample.database->GetSnapshot();
  Pattern pattern{.relations = {sample.owns}};
  pattern.view.valid = {{ValidTest::Kind::kDuring, At("1980")}};
  EXPECT_EQ(snapshot->EstimateFacts(pattern), 1);
}

}  // namespace
}  // namespace fasti
