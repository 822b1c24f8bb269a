#include "tests/torture/runner.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fasti/status_macros.h"

namespace fasti::torture {

namespace {

constexpr absl::Duration kBetweenReports = absl::Seconds(2);

// The cases [begin, end) of a run, several at once.
class Round {
 public:
  Round(Machine& machine, uint64_t cases_whole, Progress* progress)
      : machine_(machine), cases_whole_(cases_whole), progress_(*progress) {}

  void Run(uint64_t end, int jobs) {
    next_ = progress_.done;
    std::vector<std::thread> threads;
    for (int i = 1; i < jobs; ++i) threads.emplace_back([this, end] { Work(end); });
    Work(end);
    for (std::thread& thread : threads) thread.join();
    progress_.done = end;
  }

 private:
  void Work(uint64_t end) {
    for (uint64_t i = next_++; i < end; i = next_++) {
      const uint64_t number = NumberOf(i);
      Counts counts;
      const absl::Status status = machine_.Run(number, &counts);
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const auto& [name, count] : counts) progress_.counts[name] += count;
      if (!status.ok()) progress_.failures.push_back({number, status.ToString()});
    }
  }

  uint64_t NumberOf(uint64_t i) const {
    if (progress_.cases >= cases_whole_) return i;
    return static_cast<uint64_t>(static_cast<double>(i) * static_cast<double>(cases_whole_) /
                                 static_cast<double>(progress_.cases));
  }

  Machine& machine_;
  const uint64_t cases_whole_;
  std::atomic<uint64_t> next_ = 0;
  std::mutex mutex_;
  Progress& progress_;  // guarded by mutex_ while threads run
};

}  // namespace

absl::Status RunMachine(Machine& machine, const RunnerOptions& options, Progress* progress) {
  FASTI_ASSIGN_OR_RETURN(const uint64_t cases_whole, machine.Prepare());
  const auto wanted =
      static_cast<uint64_t>(std::ceil(static_cast<double>(cases_whole) * options.scale));
  progress->scale = options.scale;
  progress->cases = machine.is_random() ? wanted : std::min(wanted, cases_whole);
  uint64_t cases_a_round = static_cast<uint64_t>(options.jobs);
  while (progress->done < progress->cases && progress->failures.size() < options.failures_max) {
    const absl::Time begin = absl::Now();
    Round(machine, cases_whole, progress)
        .Run(std::min(progress->done + cases_a_round, progress->cases), options.jobs);
    const absl::Duration took = absl::Now() - begin;
    progress->spent += took;
    if (took < kBetweenReports / 2) cases_a_round *= 2;
    if (options.report && !options.report(*progress)) return absl::OkStatus();
  }
  if (const absl::Status sum = machine.Conclude(progress->counts); !sum.ok()) {
    progress->failures.push_back({progress->cases, sum.ToString()});
  }
  return absl::OkStatus();
}

}  // namespace fasti::torture
