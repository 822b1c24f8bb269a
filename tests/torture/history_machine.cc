#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/machine.h"
#include "tests/torture/read_history.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kCases = 150;
constexpr uint64_t kStepsEach = 200;
constexpr int kReaders = 8;

// How many steps a statement sees.
absl::StatusOr<uint64_t> CountByStatement(const Session& session) {
  FASTI_ASSIGN_OR_RETURN(const auto result,
                         session.Run("MATCH ()-[f:.n]->() AS OF @.. RETURN count(*)", {}, {}));
  std::vector<Value> row;
  FASTI_ASSIGN_OR_RETURN(const bool has_row, result->Next(&row));
  if (!has_row) return absl::InternalError("no row");
  const auto facts = static_cast<uint64_t>(row[0].as_int());
  if (facts % steps::kFactsEach == 0) return facts / steps::kFactsEach;
  return absl::DataLossError(absl::StrCat(facts, " facts are no whole steps"));
}

// One writer, in whose database folds run by themselves, and eight readers.
class HistoryMachine final : public Machine {
 public:
  absl::string_view name() const override { return "history"; }
  absl::string_view promise() const override {
    return "a reader sees every commit that was acknowledged before it began to read, whole, and "
           "its snapshot never changes";
  }
  absl::StatusOr<uint64_t> Prepare() override { return kCases; }
  bool is_random() const override { return true; }

  absl::Status Run(uint64_t number, Counts* counts) override {
    const TemporaryFolder folder;
    FASTI_ASSIGN_OR_RETURN(
        const auto database,
        Database::Open(folder.File("db"), {.durability = Durability::kBuffered, .fold_rows = 60}));
    std::atomic<uint64_t> acknowledged = 0, begun = 0;
    std::atomic<bool> is_done = false;
    std::vector<absl::Status> outcomes(kReaders);
    std::atomic<uint64_t> reads = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kReaders; ++i) {
      threads.emplace_back([&, i] {
        outcomes[static_cast<size_t>(i)] =
            ReadOn(*database, number * kReaders + static_cast<uint64_t>(i), acknowledged, begun,
                   is_done, reads);
      });
    }
    absl::Status status;
    for (uint64_t step = 0; step < kStepsEach && status.ok(); ++step) {
      begun = step + 1;
      status = steps::Take(*database, step, steps::KindOf(step));
      if (status.ok()) acknowledged = step + 1;
    }
    is_done = true;
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& outcome : outcomes) status.Update(outcome);
    (*counts)["steps"] += acknowledged;
    (*counts)["reads"] += reads;
    return status;
  }

 private:
  static absl::Status ReadOn(Database& database, uint64_t seed,
                             const std::atomic<uint64_t>& acknowledged,
                             const std::atomic<uint64_t>& begun, const std::atomic<bool>& is_done,
                             std::atomic<uint64_t>& reads) {
    std::mt19937_64 random(seed);
    const Session session(database);
    ReadHistory history;
    std::unique_ptr<Snapshot> kept;
    uint64_t kept_steps = 0;
    for (bool is_last = false; !is_last;) {
      is_last = is_done;  // what was done before is seen at least once
      ReadHistory::Read read{.acknowledged_before = acknowledged, .seen = 0, .begun_after = 0};
      if (random() % 4 == 0) {
        FASTI_ASSIGN_OR_RETURN(read.seen, CountByStatement(session));
      } else {
        std::unique_ptr<Snapshot> snapshot = database.GetSnapshot();
        FASTI_ASSIGN_OR_RETURN(read.seen, steps::CountWhole(*snapshot));
        if (kept == nullptr || random() % 8 == 0) {
          kept = std::move(snapshot);
          kept_steps = read.seen;
        }
      }
      read.begun_after = begun;
      FASTI_RETURN_IF_ERROR(history.Add(read));
      if (kept != nullptr) {
        FASTI_ASSIGN_OR_RETURN(const uint64_t again, steps::CountWhole(*kept));
        if (again != kept_steps) {
          return absl::InternalError(
              absl::StrCat("a snapshot showed ", kept_steps, " steps, and later ", again));
        }
      }
      ++reads;
    }
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<Machine> MakeHistoryMachine() {
  return std::make_unique<HistoryMachine>();
}

}  // namespace fasti::torture
