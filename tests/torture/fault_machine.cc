#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/open_on_store.h"
#include "engine/storage/rocks_store.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/fault_fs.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kDoubleFaults = 2000;

struct Mode {
  absl::string_view name;
  FaultFs::Fault fault;
  Durability durability;
};
constexpr Mode kModes[] = {
    {"an error", FaultFs::Fault::kError, Durability::kStrict},
    {"an error to be tried again", FaultFs::Fault::kRetryable, Durability::kStrict},
    {"a dead device", FaultFs::Fault::kDeadDevice, Durability::kStrict},
    {"a full disk", FaultFs::Fault::kNoSpace, Durability::kStrict},
    {"a full disk in mid-write", FaultFs::Fault::kTornNoSpace, Durability::kStrict},
    {"a power cut", FaultFs::Fault::kPowerCut, Durability::kStrict},
    {"a power cut, buffered", FaultFs::Fault::kPowerCut, Durability::kBuffered},
};

enum class Workload { kCommits, kReports, kLoads, kFolds, kRecovery };
constexpr std::array kWorkloads = {Workload::kCommits, Workload::kReports, Workload::kLoads,
                                   Workload::kFolds, Workload::kRecovery};
constexpr uint64_t kStepsEach = 8;

steps::Kind KindIn(Workload workload, uint64_t step) {
  switch (workload) {
    case Workload::kReports:
      return steps::Kind::kReport;
    case Workload::kLoads:
      return step % 2 == 1 ? steps::Kind::kLoad : steps::Kind::kCommit;
    case Workload::kCommits:
    case Workload::kFolds:
    case Workload::kRecovery:
      break;
  }
  return steps::Kind::kCommit;
}

// How far a workload came.
struct Outcome {
  uint64_t acknowledged = 0;
  uint64_t begun = 0;
  absl::Status error;  // of the call that failed; OK: none did
};

// One database on a disk that fails.
class Disk {
 public:
  explicit Disk(std::string path) : path_(std::move(path)) {}

  FaultFs& faults() { return faults_; }

  absl::StatusOr<std::unique_ptr<Database>> Open(Durability durability) {
    FASTI_ASSIGN_OR_RETURN(std::unique_ptr<storage::Store> store,
                           storage::RocksStore::OpenWriter(env_.get(), path_, {}));
    return OpenOnStore(std::move(store), path_,
                       {.durability = durability, .background_fold = false});
  }

  // Until something fails.  `before`: steps that are there.
  Outcome Work(Workload workload, Durability durability, uint64_t before) {
    Outcome outcome{.acknowledged = before, .begun = before, .error = {}};
    absl::StatusOr<std::unique_ptr<Database>> database = Open(durability);
    outcome.error = database.status();
    while (outcome.error.ok() && outcome.begun < before + kStepsEach) {
      const uint64_t step = outcome.begun++;
      outcome.error = steps::Take(**database, step, KindIn(workload, step));
      if (outcome.error.ok()) ++outcome.acknowledged;
      if (outcome.error.ok() && workload == Workload::kFolds && step % 3 == 2) {
        outcome.error = (*database)->Fold();
      }
    }
    if (!database.ok()) return outcome;
    const absl::Status closed = (*database)->Close();
    if (outcome.error.ok()) outcome.error = closed;
    return outcome;
  }

 private:
  const std::string path_;
  FaultFs faults_;
  const std::unique_ptr<rocksdb::Env> env_ = faults_.NewEnv();
};

// Every writing call of five workloads fails once in each mode, and then some twice: while working
// and while the database is opened again.
class FaultMachine final : public Machine {
 public:
  absl::string_view name() const override { return "fault"; }
  absl::string_view promise() const override {
    return "whichever writing call fails, and how, nothing acknowledged is lost, nothing is there "
           "in part, and the database opens again by itself";
  }
  bool is_random() const override { return false; }

  absl::StatusOr<uint64_t> Prepare() override {
    uint64_t cases = kDoubleFaults;
    FASTI_RETURN_IF_ERROR(PrepareUnfinished());
    for (const Workload workload : kWorkloads) {
      const TemporaryFolder folder;
      Disk disk(BeginIn(folder, workload));
      disk.faults().FailAt(0, FaultFs::Fault::kError);
      const Outcome outcome = disk.Work(workload, Durability::kStrict, StepsBefore(workload));
      FASTI_RETURN_IF_ERROR(outcome.error);
      const uint64_t calls = static_cast<uint64_t>(disk.faults().calls());
      calls_[static_cast<size_t>(workload)] = calls;
      cases += calls * std::size(kModes);
    }
    return cases;
  }

  absl::Status Run(uint64_t number, Counts* counts) override {
    uint64_t rest = number;
    for (const Workload workload : kWorkloads) {
      const uint64_t calls = calls_[static_cast<size_t>(workload)];
      if (rest < calls * std::size(kModes)) {
        return Fail(workload, kModes[rest / calls], rest % calls + 1, std::nullopt, counts);
      }
      rest -= calls * std::size(kModes);
    }
    std::mt19937_64 random(rest);
    const Workload workload = kWorkloads[random() % std::size(kWorkloads)];
    const uint64_t calls = calls_[static_cast<size_t>(workload)];
    const Second second = {kModes[random() % std::size(kModes)].fault, 1 + random() % 40};
    return Fail(workload, kModes[random() % std::size(kModes)], 1 + random() % calls, second,
                counts);
  }

 private:
  // A fault while the database is opened again.
  struct Second {
    FaultFs::Fault fault;
    uint64_t call;
  };

  // What a writer that was killed left: commits that no fold has moved.
  absl::Status PrepareUnfinished() {
    const TemporaryFolder folder;
    FASTI_ASSIGN_OR_RETURN(const auto database,
                           Database::Open(folder.File("db"), {.background_fold = false}));
    for (uint64_t step = 0; step < kStepsEach; ++step) {
      FASTI_RETURN_IF_ERROR(steps::Take(*database, step, steps::KindOf(step)));
    }
    CopyFolder(folder.File("db"), unfinished_.File("db"));
    return absl::OkStatus();
  }

  static uint64_t StepsBefore(Workload workload) {
    return workload == Workload::kRecovery ? kStepsEach : 0;
  }

  std::string BeginIn(const TemporaryFolder& folder, Workload workload) const {
    if (workload == Workload::kRecovery) CopyFolder(unfinished_.File("db"), folder.File("db"));
    return folder.File("db");
  }

  absl::Status Fail(Workload workload, const Mode& mode, uint64_t call,
                    std::optional<Second> second, Counts* counts) {
    const TemporaryFolder folder;
    Disk disk(BeginIn(folder, workload));
    disk.faults().FailAt(static_cast<long>(call), mode.fault);
    const uint64_t before = StepsBefore(workload);
    const Outcome outcome = disk.Work(workload, mode.durability, before);
    disk.faults().Heal();
    ++(*counts)[absl::StrCat("faults: ", mode.name)];
    if (second.has_value()) {
      disk.faults().FailAt(static_cast<long>(second->call), second->fault);
      if (const auto database = disk.Open(mode.durability); database.ok()) {
        // Closing folds, which may fail, too.
        (*database)->Close().IgnoreError();
      }
      disk.faults().Heal();
      ++(*counts)["second faults"];
    }
    const absl::Status status = Judge(disk, mode, outcome, before, counts);
    if (status.ok()) return status;
    return absl::Status(
        status.code(),
        absl::StrCat("workload ", static_cast<int>(workload), ", ", mode.name, " at call ", call,
                     second.has_value() ? " and another" : "", ": ", status.message()));
  }

  static absl::Status Judge(Disk& disk, const Mode& mode, const Outcome& outcome, uint64_t before,
                            Counts* counts) {
    if (!outcome.error.ok()) {
      ++(*counts)["refusals"];
      const bool is_full =
          mode.fault == FaultFs::Fault::kNoSpace || mode.fault == FaultFs::Fault::kTornNoSpace;
      const absl::StatusCode expected =
          is_full ? absl::StatusCode::kResourceExhausted : absl::StatusCode::kUnavailable;
      if (outcome.error.code() != expected) {
        return absl::InternalError(absl::StrCat("refused with another code than ",
                                                absl::StatusCodeToString(expected), ": ",
                                                outcome.error.ToString()));
      }
    }
    FASTI_ASSIGN_OR_RETURN(const auto database, disk.Open(mode.durability));
    const bool keeps_all =
        mode.durability == Durability::kStrict || mode.fault != FaultFs::Fault::kPowerCut;
    FASTI_ASSIGN_OR_RETURN(
        const uint64_t steps,
        steps::Verify(*database, keeps_all ? outcome.acknowledged : before, outcome.begun));
    // It goes on.
    return steps::Take(*database, steps, steps::Kind::kCommit);
  }

  const TemporaryFolder unfinished_;
  std::array<uint64_t, kWorkloads.size()> calls_ = {};
};

}  // namespace

std::unique_ptr<Machine> MakeFaultMachine() {
  return std::make_unique<FaultMachine>();
}

}  // namespace fasti::torture
