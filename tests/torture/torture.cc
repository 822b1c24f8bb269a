#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "tests/torture/machine.h"
#include "tests/torture/run_state.h"
#include "tests/torture/runner.h"

// The door to the machines: which of them, how much of each, and where an earlier run stopped.

namespace fasti::torture {
namespace {

volatile std::sig_atomic_t interrupted = 0;

struct Arguments {
  std::vector<std::string> machines;  // all if empty
  double scale = 1;
  int jobs = 1;
  std::string state;  // file; empty: none
  bool list = false;
  std::vector<uint64_t> cases;  // run only these
};

// For people who watch; a log shows the rows.
void PrintProgress(absl::string_view name, const Progress& progress) {
  if (!isatty(STDERR_FILENO)) return;
  absl::FPrintF(stderr, "\r%-8s %d of %d cases, %.0f s, %d failed ", name, progress.done,
                progress.cases, absl::ToDoubleSeconds(progress.spent), progress.failures.size());
  std::fflush(stderr);
}

void ClearProgress() {
  if (isatty(STDERR_FILENO)) std::fputs("\r\033[K", stderr);
}

void PrintRow(absl::string_view name, const Progress& progress) {
  absl::PrintF("%-8s  %8d of %-8d  %8.1f  %6d\n", name, progress.done, progress.cases,
               absl::ToDoubleSeconds(progress.spent), progress.failures.size());
  for (const auto& [count, value] : progress.counts) absl::PrintF("%12d  %s\n", value, count);
  for (const Failure& failure : progress.failures) {
    absl::PrintF("    case %d: %s\n", failure.number, failure.what);
  }
}

// Runs the cases named on the command line, whatever an earlier run did.
int RunCases(Machine& machine, const std::vector<uint64_t>& cases) {
  const absl::StatusOr<uint64_t> whole = machine.Prepare();
  if (!whole.ok()) {
    absl::FPrintF(stderr, "fasti_torture: %s: %s\n", machine.name(), whole.status().ToString());
    return 1;
  }
  int failed = 0;
  for (const uint64_t number : cases) {
    if (number >= *whole && !machine.is_random()) {
      absl::FPrintF(stderr, "fasti_torture: %s has the cases 0 to %d, not %d\n", machine.name(),
                    *whole - 1, number);
      return 2;
    }
    Counts counts;
    const absl::Status status = machine.Run(number, &counts);
    absl::PrintF("%s case %d: %s\n", machine.name(), number, status.ToString());
    failed += !status.ok();
  }
  return failed == 0 ? 0 : 1;
}

int RunAll(const std::vector<std::unique_ptr<Machine>>& machines, const Arguments& arguments) {
  ProgressByMachine state;
  if (!arguments.state.empty()) {
    absl::StatusOr<ProgressByMachine> loaded = LoadState(arguments.state);
    if (!loaded.ok()) {
      absl::FPrintF(stderr, "fasti_torture: %s\n", loaded.status().message());
      return 2;
    }
    state = *std::move(loaded);
  }
  const auto save = [&] {
    if (arguments.state.empty()) return;
    const absl::Status saved = SaveState(arguments.state, state);
    if (!saved.ok()) absl::FPrintF(stderr, "fasti_torture: %s\n", saved.message());
  };
  bool failed = false;
  absl::PrintF("%-8s  %8s    %-8s  %8s  %6s\n", "machine", "cases", "", "seconds", "failed");
  for (const auto& machine : machines) {
    const std::string name(machine->name());
    Progress& progress = state[name];
    // Cases of another scale are other cases; what has ended is run again.
    if (progress.scale != arguments.scale || !progress.failures.empty()) progress = Progress();
    RunnerOptions options = {.scale = arguments.scale, .jobs = arguments.jobs};
    options.report = [&](const Progress& now) {
      PrintProgress(name, now);
      save();
      return interrupted == 0;
    };
    const absl::Status status = RunMachine(*machine, options, &progress);
    save();
    ClearProgress();
    if (!status.ok()) {
      const bool is_skipped = absl::IsUnimplemented(status);
      absl::PrintF("%-8s  %s: %s\n", name, is_skipped ? "SKIPPED" : "FAILED", status.message());
      failed |= !is_skipped;
      continue;
    }
    PrintRow(name, progress);
    std::fflush(stdout);
    failed |= !progress.failures.empty();
    if (interrupted != 0) {
      absl::FPrintF(stderr, "stopped; %s\n",
                    arguments.state.empty() ? "nothing was saved (--state)"
                                            : "the same command goes on from here");
      return 130;
    }
  }
  return failed ? 1 : 0;
}

int Main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Tries to break Fasti's promises (docs/reliability.md) and prints what came of it.",
               "fasti_torture");
  app.add_option("MACHINE", arguments.machines, "which machines; all if none is named");
  app.add_option("--scale", arguments.scale, "how much of each: 1 is whole, 0.1 a tenth")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--jobs", arguments.jobs, "cases at once")
      ->default_val(std::max(1u, std::thread::hardware_concurrency()))
      ->check(CLI::Range(1, 1024));
  app.add_option("--state", arguments.state, "file to go on from, and to save to");
  app.add_option("--case", arguments.cases, "run only this case of the machine named");
  app.add_flag("--list", arguments.list, "show the machines and what they try to break");
  CLI11_PARSE(app, argc, argv);

  std::vector<std::unique_ptr<Machine>> machines = AllMachines();
  for (const std::string& name : arguments.machines) {
    if (std::none_of(machines.begin(), machines.end(),
                     [&](const auto& machine) { return machine->name() == name; })) {
      absl::FPrintF(stderr, "fasti_torture: no machine is called '%s'; --list shows them\n", name);
      return 2;
    }
  }
  if (!arguments.machines.empty()) {
    std::erase_if(machines, [&](const auto& machine) {
      return std::find(arguments.machines.begin(), arguments.machines.end(), machine->name()) ==
             arguments.machines.end();
    });
  }
  if (arguments.list) {
    for (const auto& machine : machines) {
      absl::PrintF("%-8s  %s\n", machine->name(), machine->promise());
    }
    return 0;
  }
  if (!arguments.cases.empty()) {
    if (machines.size() == 1) return RunCases(*machines[0], arguments.cases);
    std::fputs("fasti_torture: --case needs the name of one machine\n", stderr);
    return 2;
  }
  return RunAll(machines, arguments);
}

}  // namespace
}  // namespace fasti::torture

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGINT, [](int) { fasti::torture::interrupted = 1; });
  return fasti::torture::Main(argc, argv);
}
