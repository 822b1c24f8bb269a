#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/killed_child.h"
#include "tests/support/temporary_folder.h"

// A writer in a process of its own (crash_child.cc) is killed at a random moment, again and again,
// on one database.  It tells each commit that was acknowledged through a pipe; whatever was told
// must be there.

namespace fasti {
namespace {

constexpr int kFactsEach = 3;  // in one commit of the child

TEST(CrashTest, KilledAtAnyMomentNothingAcknowledgedIsLost) {
  constexpr int kCycles = 12;
  const TemporaryFolder folder;
  const std::string path = folder.File("db");
  std::mt19937_64 random(7);
  uint64_t acknowledged = 0;
  for (int cycle = 0; cycle < kCycles && !HasFailure(); ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle));
    acknowledged = RunAndKill(FASTI_CRASH_CHILD, path, absl::Microseconds(random() % 150'000),
                              acknowledged, /*steps_min=*/1 + cycle % 2);
    Options options;
    options.create_if_missing = false;
    options.background_fold = false;
    auto database = Database::Open(path, options);
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_THAT(*(*database)->Check(), ::testing::IsEmpty());
    const auto snapshot = (*database)->GetSnapshot();
    const RelationId key = snapshot->FindAttribute("n")->id;
    std::vector<int> parts(acknowledged + 1, 0);
    auto cursor = snapshot->Scan({.relations = {key}});
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    std::vector<Fact> facts(256);
    uint64_t commits = 0;
    while (true) {
      const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(facts));
      ASSERT_TRUE(n.ok()) << n.status();
      if (*n == 0) break;
      for (size_t i = 0; i < *n; ++i) {
        const std::string text = snapshot->ValueOf(facts[i].object)->as_string();
        uint64_t number = 0;
        ASSERT_TRUE(absl::SimpleAtoi(text.substr(7, text.find(' ', 7) - 7), &number)) << text;
        if (number >= parts.size()) parts.resize(number + 1, 0);
        ++parts[number];
        commits = std::max(commits, number + 1);
      }
    }
    // What was told is there; at most one commit more, whose word was not out yet; all whole.
    EXPECT_GE(commits, acknowledged);
    EXPECT_LE(commits, acknowledged + 1);
    parts.resize(commits);
    EXPECT_THAT(parts, ::testing::Each(kFactsEach));
    acknowledged = commits;
  }
  EXPECT_GT(acknowledged, kCycles);
}

}  // namespace
}  // namespace fasti
