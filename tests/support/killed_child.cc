#include "tests/support/killed_child.h"

#include <gtest/gtest.h>

namespace fasti {

namespace {

// A test goes on with what was told before.
uint64_t OrFail(const absl::StatusOr<uint64_t>& told, uint64_t before) {
  EXPECT_TRUE(told.ok()) << told.status();
  return told.value_or(before);
}

}  // namespace

KilledChild::KilledChild(const std::string& program, const std::string& path, uint64_t before)
    : told_(before) {
  absl::StatusOr<std::unique_ptr<WriterProcess>> process =
      WriterProcess::Start(program, path, before);
  EXPECT_TRUE(process.ok()) << process.status();
  if (process.ok()) process_ = *std::move(process);
}

uint64_t KilledChild::Told() {
  return told_ = process_ == nullptr ? told_ : OrFail(process_->Told(), told_);
}

uint64_t KilledChild::Kill() {
  return told_ = process_ == nullptr ? told_ : OrFail(process_->Kill(), told_);
}

uint64_t RunAndKill(const std::string& program, const std::string& path, absl::Duration run_time,
                    uint64_t before, uint64_t steps_min) {
  absl::StatusOr<std::unique_ptr<WriterProcess>> process =
      WriterProcess::Start(program, path, before);
  EXPECT_TRUE(process.ok()) << process.status();
  if (!process.ok()) return before;
  const absl::Status status = (*process)->LetRun(run_time, before + steps_min);
  EXPECT_TRUE(status.ok()) << status;
  return OrFail((*process)->Kill(), before);
}

}  // namespace fasti
