#include <string>

#include "absl/status/status.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/telling_child.h"

// Takes steps for ever and tells their number, folding every few commits so that kills fall into
// all that a writer does.  Tests follow it and kill it.

namespace fasti {
namespace {

absl::Status StepForEver(const std::string& path, Durability durability, Tell tell) {
  FASTI_ASSIGN_OR_RETURN(const auto database,
                         Database::Open(path, {.durability = durability, .fold_rows = 60}));
  FASTI_ASSIGN_OR_RETURN(uint64_t steps, steps::CountWhole(*database->GetSnapshot()));
  while (true) {
    FASTI_RETURN_IF_ERROR(steps::Take(*database, steps, steps::KindOf(steps)));
    FASTI_RETURN_IF_ERROR(tell(++steps));
  }
}

}  // namespace
}  // namespace fasti

// PROGRAM PATH PIPE [buffered]
int main(int argc, char** argv) {
  const bool is_buffered = argc == 4 && std::string(argv[3]) == "buffered";
  const auto durability = is_buffered ? fasti::Durability::kBuffered : fasti::Durability::kStrict;
  return fasti::RunTellingChild(is_buffered ? 3 : argc, argv,
                                [durability](const std::string& path, fasti::Tell tell) {
                                  return fasti::StepForEver(path, durability, tell);
                                });
}
