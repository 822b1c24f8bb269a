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
#include "tests/steps/steps.h"
#include "tests/support/killed_child.h"
#include "tests/support/temporary_folder.h"

// One reader follows a database that a writer in another process (stepping_writer.cc) changes by
// commits, folds and bulk loads, and goes on following while that writer is killed and started
// again.

namespace fasti {
namespace {

constexpr int kRefreshesMax = 5;

// How many steps a snapshot shows, all of them whole.
uint64_t StepsOf(const Snapshot& snapshot) {
  const absl::StatusOr<uint64_t> steps = steps::CountWhole(snapshot);
  EXPECT_TRUE(steps.ok()) << steps.status();
  return steps.value_or(0);
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
    Seen seen{.snapshot = database_->GetSnapshot(), .steps = 0};
    const uint64_t steps = seen.steps = StepsOf(*seen.snapshot);
    EXPECT_GE(steps, told) << "an acknowledged step is not seen after a refresh";
    EXPECT_GE(steps, steps_) << "the reader went back";
    steps_ = steps;
    Keep(std::move(seen));
    return steps;
  }

  // Asks every snapshot again that was kept.
  void AskAgain() const {
    for (const Seen& seen : kept_) {
      EXPECT_EQ(StepsOf(*seen.snapshot), seen.steps) << "a snapshot has changed its answer";
    }
  }

 private:
  struct Seen {
    std::unique_ptr<Snapshot> snapshot;
    uint64_t steps;
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
    KilledChild writer(FASTI_STEPPING_WRITER, path, told);
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
