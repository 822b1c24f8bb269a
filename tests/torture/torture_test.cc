#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/machine.h"
#include "tests/torture/read_history.h"
#include "tests/torture/run_state.h"
#include "tests/torture/runner.h"

// A little of what `./dev torture` does.

namespace fasti::torture {
namespace {

// How many cases of each machine.
struct Sample {
  std::string machine;
  uint64_t cases;
};

void PrintTo(const Sample& sample, std::ostream* out) {
  *out << sample.machine;
}

class MachineTest : public testing::TestWithParam<Sample> {};

TEST_P(MachineTest, BreaksNoPromise) {
  std::unique_ptr<Machine> machine;
  for (std::unique_ptr<Machine>& each : AllMachines()) {
    if (each->name() == GetParam().machine) machine = std::move(each);
  }
  ASSERT_NE(machine, nullptr);
  const absl::StatusOr<uint64_t> cases = machine->Prepare();
  if (absl::IsUnimplemented(cases.status())) GTEST_SKIP() << cases.status();
  ASSERT_TRUE(cases.ok()) << cases.status();
  ASSERT_GE(*cases, GetParam().cases);
  Counts counts;
  for (uint64_t i = 0; i < GetParam().cases; ++i) {
    const uint64_t number = i * *cases / GetParam().cases;
    const absl::Status status = machine->Run(number, &counts);
    EXPECT_TRUE(status.ok()) << "case " << number << ": " << status;
  }
  EXPECT_TRUE(machine->Conclude(counts).ok());
  EXPECT_THAT(counts, testing::Not(testing::IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(Machines, MachineTest,
                         testing::Values(Sample{"kill", 3}, Sample{"power", 6}, Sample{"fault", 60},
                                         Sample{"full-disk", 2}, Sample{"history", 1},
                                         Sample{"memory", 4}, Sample{"model", 4},
                                         Sample{"damage", 1}, Sample{"salvage", 1},
                                         Sample{"backup", 1}, Sample{"import", 2}),
                         [](const auto& sample) {
                           return absl::StrReplaceAll(sample.param.machine, {{"-", "_"}});
                         });

TEST(RunStateTest, WhatWasSavedIsLoaded) {
  const TemporaryFolder folder;
  const std::string path = folder.File("state");
  ASSERT_TRUE(LoadState(path)->empty());
  ProgressByMachine state;
  state["kill"] = {.scale = 0.5, .done = 7, .spent = absl::Seconds(3), .counts = {{"kills", 9}}};
  state["kill"].failures.push_back({.number = 4, .what = "lost\ta commit\n"});
  ASSERT_TRUE(SaveState(path, state).ok());
  const absl::StatusOr<ProgressByMachine> loaded = LoadState(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const Progress& kill = loaded->at("kill");
  EXPECT_EQ(kill.scale, 0.5);
  EXPECT_EQ(kill.done, 7);
  EXPECT_EQ(kill.spent, absl::Seconds(3));
  EXPECT_EQ(kill.counts, (Counts{{"kills", 9}}));
  ASSERT_THAT(kill.failures, testing::SizeIs(1));
  EXPECT_EQ(kill.failures[0].number, 4);
  EXPECT_EQ(kill.failures[0].what, "lost a commit ");
}

// A run that begins anew would forget what was found.
TEST(RunStateTest, ALineThatCannotBeReadIsNamedAndNothingIsForgotten) {
  const TemporaryFolder folder;
  const std::string path = folder.File("state");
  for (const std::string bad : {"", "model", "model\t1\tmany\t3", "model\tfailed\tx\twhat",
                                "model\t1\t2\t3\trows=x", "model\t1\t2\tlong"}) {
    WriteFile(path, absl::StrCat("kill\t1\t2\t3\n", bad, "\n"));
    const absl::Status status = LoadState(path).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << bad << ": " << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(absl::StrCat(path, ":2: ")));
  }
}

TEST(ReadHistoryTest, StaleReadsAndReadsOfTheFutureAreSeen) {
  const auto tell = [](std::vector<ReadHistory::Read> reads) {
    ReadHistory history;
    absl::Status status;
    for (const ReadHistory::Read& read : reads) status.Update(history.Add(read));
    return status;
  };
  EXPECT_TRUE(tell({{0, 0, 1}, {0, 1, 1}, {5, 5, 5}, {5, 7, 7}}).ok());
  EXPECT_THAT(std::string(tell({{3, 2, 4}}).message()), testing::HasSubstr("stale"));
  EXPECT_THAT(std::string(tell({{3, 5, 4}}).message()), testing::HasSubstr("future"));
  EXPECT_THAT(std::string(tell({{1, 4, 4}, {1, 3, 5}}).message()), testing::HasSubstr("back"));
}

}  // namespace
}  // namespace fasti::torture
