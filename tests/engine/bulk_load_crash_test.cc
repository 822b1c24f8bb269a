#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/killed_child.h"
#include "tests/support/temporary_folder.h"

// A process that loads facts in bulk, with commits between the loads (bulk_load_crash_child.cc), is
// killed at a random moment, again and again, on one database.  Every load that was finished must
// be there, and every load wholly or not at all.

namespace fasti {
namespace {

constexpr uint64_t kFactsEach = 700;  // in one load of the child

uint64_t CountFacts(const Snapshot& snapshot) {
  const auto relation = snapshot.FindRelation("knows");
  if (!relation.has_value()) return 0;
  const auto cursor = snapshot.Scan({.relations = {relation->id}});
  EXPECT_TRUE(cursor.ok()) << cursor.status();
  std::vector<Fact> facts(256);
  for (uint64_t count = 0;;) {
    const auto n = (*cursor)->Next(absl::MakeSpan(facts));
    EXPECT_TRUE(n.ok()) << n.status();
    if (!n.ok() || *n == 0) return count;
    count += *n;
  }
}

TEST(BulkLoadCrashTest, KilledAtAnyMomentALoadIsThereWhollyOrNotAtAll) {
  constexpr int kCycles = 6;
  const TemporaryFolder folder;
  const std::string path = folder.File("db");
  std::mt19937_64 random(11);
  uint64_t loads = 0;
  for (int cycle = 0; cycle < kCycles && !HasFailure(); ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle));
    const uint64_t told = RunAndKill(FASTI_BULK_LOAD_CRASH_CHILD, path,
                                     absl::Microseconds(random() % 200'000), loads);
    auto database = Database::Open(path, {.create_if_missing = false, .background_fold = false});
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_THAT(FileNames(path + "/bulk"), ::testing::IsEmpty());
    EXPECT_THAT(*(*database)->Check(), ::testing::IsEmpty());
    const auto snapshot = (*database)->GetSnapshot();
    const uint64_t facts = CountFacts(*snapshot);
    EXPECT_EQ(facts % kFactsEach, 0);
    loads = facts / kFactsEach;
    EXPECT_GE(loads, told);
    EXPECT_LE(loads, told + 1);  // whose word was not out yet
    // Its names came with it.
    EXPECT_THAT(*snapshot->EntitiesNamed("HUB"), ::testing::SizeIs(1));
    EXPECT_THAT(*snapshot->EntitiesNamed(absl::StrCat("spoke ", loads - 1, ".7")),
                ::testing::SizeIs(1));
    EXPECT_THAT(*snapshot->EntitiesNamed(absl::StrCat("spoke ", loads, ".7")),
                ::testing::IsEmpty());
  }
  EXPECT_GE(loads, kCycles);
}

}  // namespace
}  // namespace fasti
