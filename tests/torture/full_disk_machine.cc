#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/mount.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kCases = 20;
constexpr uint64_t kSmallBytes = uint64_t{8} << 20;
constexpr uint64_t kLargeBytes = uint64_t{96} << 20;
constexpr uint64_t kStepsAfter = 50;

// A file system is filled up by a database, and made larger afterwards.
class FullDiskMachine final : public Machine {
 public:
  absl::string_view name() const override { return "full-disk"; }
  absl::string_view promise() const override {
    return "a full disk is told, reading goes on, and with room again writing, too";
  }
  bool is_random() const override { return true; }

  absl::StatusOr<uint64_t> Prepare() override {
    const TemporaryFolder folder;
    FASTI_RETURN_IF_ERROR(Mount::InMemory(folder.File("disk"), kSmallBytes).status());
    return kCases;
  }

  absl::Status Run(uint64_t number, Counts* counts) override {
    std::mt19937_64 random(number);
    const TemporaryFolder folder;
    FASTI_ASSIGN_OR_RETURN(const auto disk, Mount::InMemory(folder.File("disk"), kSmallBytes));
    const std::string path = folder.File("disk/db");
    // So that it is full sooner or later.
    const std::string filler = folder.File("disk/filler");
    const uint64_t filled = random() % (kSmallBytes / 2);
    std::ofstream(filler) << std::string(filled, 'x');
    FASTI_ASSIGN_OR_RETURN(uint64_t steps, Fill(path, counts));
    FASTI_RETURN_IF_ERROR(disk->Resize(kLargeBytes));
    {
      FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {}));
      FASTI_ASSIGN_OR_RETURN(steps, steps::Verify(*database, steps, steps + 1));
      for (const uint64_t end = steps + kStepsAfter; steps < end; ++steps) {
        FASTI_RETURN_IF_ERROR(steps::Take(*database, steps, steps::KindOf(steps)));
      }
      FASTI_RETURN_IF_ERROR(steps::Verify(*database, steps, steps).status());
    }
    (*counts)["steps"] += steps;
    return disk->Unmount();
  }

 private:
  // Takes steps until there is no room; returns how many were acknowledged.
  static absl::StatusOr<uint64_t> Fill(const std::string& path, Counts* counts) {
    FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.fold_rows = 500}));
    uint64_t steps = 0;
    absl::Status status;
    while (true) {
      status = steps::Take(*database, steps, steps::KindOf(steps));
      if (!status.ok()) break;
      ++steps;
    }
    ++(*counts)["fills"];
    FASTI_RETURN_IF_ERROR(ExpectTold(status));
    FASTI_ASSIGN_OR_RETURN(const uint64_t seen, steps::CountWhole(*database->GetSnapshot()));
    if (seen != steps) {
      return absl::InternalError(absl::StrCat(steps, " steps were acknowledged, ", seen,
                                              " are seen while the disk is full"));
    }
    // A load that found no room leaves the database as it was; a commit ends its writing.
    const absl::Status again = steps::Take(*database, steps, steps::Kind::kCommit);
    if (again.ok()) return steps + 1;
    FASTI_RETURN_IF_ERROR(ExpectTold(again));
    return steps;
  }

  // The first refusal says RESOURCE_EXHAUSTED; after one in the background, and later, it is that
  // the database takes no writes.  All name the reason.
  static absl::Status ExpectTold(const absl::Status& status) {
    const bool is_refusal = absl::IsResourceExhausted(status) || absl::IsFailedPrecondition(status);
    if (is_refusal && absl::StrContains(status.message(), "No space left")) {
      return absl::OkStatus();
    }
    return absl::InternalError(absl::StrCat("a full disk was told as ", status.ToString()));
  }
};

}  // namespace

std::unique_ptr<Machine> MakeFullDiskMachine() {
  return std::make_unique<FullDiskMachine>();
}

}  // namespace fasti::torture
