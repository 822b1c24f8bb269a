#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Machines that try to break the promises of docs/reliability.md.

namespace fasti::torture {

// What a machine has counted, by name: "kills", "steps acknowledged".
using Counts = std::map<std::string, uint64_t>;

// One promise, and cases that try to break it, each told by its number.  Cases are independent of
// each other: they run in any order, several at once, today or tomorrow.
class Machine {
 public:
  virtual ~Machine() = default;

  virtual absl::string_view name() const = 0;  // a word, for the command line
  // What is done and what must then be true, a clause.
  virtual absl::string_view promise() const = 0;
  // How many cases a whole run has.  Called once, before any case; may prepare what they share.
  // UNIMPLEMENTED if it cannot work here.
  virtual absl::StatusOr<uint64_t> Prepare() = 0;
  // Whether a number past the last case is another case (of another random seed), so that a run can
  // be longer than whole.
  virtual bool is_random() const = 0;
  // Runs a case and adds what it counted.  An error is a broken promise, told as what was expected
  // and what was found.
  virtual absl::Status Run(uint64_t number, Counts* counts) = 0;
  // What must be true of the sums of a run, such as a rate.
  virtual absl::Status Conclude(const Counts&) const { return absl::OkStatus(); }
};

// In the order of docs/reliability.md.
std::vector<std::unique_ptr<Machine>> AllMachines();

std::unique_ptr<Machine> MakeKillMachine();
std::unique_ptr<Machine> MakePowerMachine();
std::unique_ptr<Machine> MakeFaultMachine();
std::unique_ptr<Machine> MakeFullDiskMachine();
std::unique_ptr<Machine> MakeMemoryMachine();
std::unique_ptr<Machine> MakeModelMachine();
std::unique_ptr<Machine> MakeHistoryMachine();
std::unique_ptr<Machine> MakeDamageMachine();
std::unique_ptr<Machine> MakeSalvageMachine();
std::unique_ptr<Machine> MakeBackupMachine();
std::unique_ptr<Machine> MakeImportMachine();

}  // namespace fasti::torture
