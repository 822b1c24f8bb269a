#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/killed_child.h"
#include "tests/support/temporary_folder.h"

// One reader follows a database that a writer in another process (live_reader_child.cc) changes by
// commits, folds and bulk loads, and goes on following while that writer is killed and started
// again.

namespace fasti {
namespace {

constexpr int kFactsEach = 3;  // in one step of the child
constexpr int kRefreshesMax = 5;

// What a snapshot shows: for each step how many of its facts.
std::vector<int> PartsOf(const Snapshot& snapshot) {
  std::vector<int> parts;
  const auto key = snapshot.FindAttribute("n");
  if (!key.has_value()) return parts;
  const auto cursor = snapshot.Scan({.relations = {key->id}});
  EXPECT_TRUE(cursor.ok()) << cursor.status();
  std::vector<Fact> facts(256);
  while (true) {
    const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(facts));
    EXPECT_TRUE(n.ok()) << n.status();
    if (!n.ok() || *n == 0) return parts;
    for (size_t i = 0; i < *n; ++i) {
      const absl::StatusOr<Value> value = snapshot.ValueOf(facts[i].object);
      EXPECT_TRUE(value.ok()) << value.status();
      if (!value.ok()) return parts;
      const std::string text = value->as_string();
      uint64_t step = 0;
      EXPECT_TRUE(absl::SimpleAtoi(text.substr(5, text.find(' ', 5) - 5), &step)) << text;
      if (step >= parts.size()) parts.resize(step + 1, 0);
      ++parts[step];
    }
  }
}

class LiveReader {
 public:
  explicit LiveReader(const std::string& path) {
    absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path, {.read_only = true});
    EXPECT_TRUE(database.ok()) << database.status();
    if (database.ok()) database_ = *std::move(database);
  }

  // Follows the writer, who has acknowledged `told` steps already; returns how many are seen.
  uint64_t Follow(uint64_t told) {
    // It may be told that the writer is too fast for it, but not again and again.
    absl::Status status;
    for (int i = 0; i < kRefreshesMax; ++i) {
      status = database_->Refresh();
      if (!absl::IsUnavailable(status)) break;
    }
    EXPECT_TRUE(status.ok()) << status;
    Seen seen{.snapshot = database_->GetSnapshot(), .parts = {}};
    seen.parts = PartsOf(*seen.snapshot);
    const uint64_t steps = seen.parts.size();
    EXPECT_GE(steps, told) << "an acknowledged step is not seen after a refresh";
    EXPECT_GE(steps, steps_) << "the reader went back";
    EXPECT_THAT(seen.parts, ::testing::Each(kFactsEach)) << "a step is seen in part";
    steps_ = steps;
    Keep(std::move(seen));
    return steps;
  }

  // Asks every snapshot again that was kept.
  void AskAgain() const {
    for (const Seen& seen : kept_) {
      EXPECT_EQ(PartsOf(*seen.snapshot), seen.parts) << "a snapshot has changed its answer";
    }
  }

 private:
  struct Seen {
    std::unique_ptr<Snapshot> snapshot;
    std::vector<int> parts;
  };

  // Keeps some of all snapshots, old and new.
  void Keep(Seen seen) {
    constexpr size_t kKeptMax = 8;
    if (kept_.size() < kKeptMax) {
      kept_.push_back(std::move(seen));
    } else {
      kept_[random_() % kKeptMax] = std::move(seen);
    }
  }

  std::unique_ptr<Database> database_;
  uint64_t steps_ = 0;
  std::mt19937_64 random_{5};
  std::vector<Seen> kept_;  // gone before the database
};

TEST(LiveReaderTest, FollowsAWriterThatIsKilledAndStartedAgain) {
  constexpr int kCycles = 6;
  constexpr uint64_t kStepsMin = 15;  // of one writer: some folds, and a load of every other one
  const TemporaryFolder folder;
  const std::string path = folder.File("db");
  std::mt19937_64 random(13);
  std::unique_ptr<LiveReader> reader;
  uint64_t told = 0;
  for (int cycle = 0; cycle < kCycles && !HasFailure(); ++cycle) {
    SCOPED_TRACE(absl::StrCat("cycle ", cycle));
    KilledChild writer(FASTI_LIVE_READER_CHILD, path, told);
    if (reader == nullptr) reader = std::make_unique<LiveReader>(path);
    const uint64_t steps = told + kStepsMin;
    const absl::Time end = absl::Now() + absl::Microseconds(random() % 250'000);
    while ((writer.Told() < steps || absl::Now() < end) && !HasFailure()) {
      reader->Follow(writer.Told());
      reader->AskAgain();
    }
    told = writer.Kill();
    // Of what the dead writer left, one step more than it told may be seen.
    EXPECT_LE(reader->Follow(told), told + 1);
  }
  EXPECT_GE(told, kCycles * kStepsMin);
  reader->AskAgain();
}

}  // namespace
}  // namespace fasti
