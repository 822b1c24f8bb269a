#include "tests/torture/specimens.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/files.h"
#include "tests/support/run_program.h"
#include "tests/torture/digest.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kStepsFolded = 260;
constexpr uint64_t kStepsAfter = 12;  // only in the log
constexpr uint64_t kStepsPerFold = 90;

}  // namespace

uint64_t Specimens::CasesOf(const Specimen& specimen) const {
  return (specimen.plan->size() + damages_each_ - 1) / damages_each_;
}

// Several loads and folds, so that files lie in several levels.
absl::StatusOr<uint64_t> Specimens::Make() {
  specimens_.resize(2);
  Specimen& closed = specimens_[0];
  Specimen& killed = specimens_[1];
  closed.name = "closed";
  killed.name = "killed";
  closed.folder = folder_.File("closed");
  killed.folder = folder_.File("killed");
  FASTI_ASSIGN_OR_RETURN(const auto database,
                         Database::Open(closed.folder, {.background_fold = false}));
  for (uint64_t step = 0; step < kStepsFolded; ++step) {
    FASTI_RETURN_IF_ERROR(steps::Take(*database, step, steps::KindOf(step)));
    if (step % kStepsPerFold == 0) FASTI_RETURN_IF_ERROR(database->Fold());
  }
  FASTI_RETURN_IF_ERROR(database->Fold());
  for (uint64_t step = kStepsFolded; step < kStepsFolded + kStepsAfter; ++step) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t digest, DigestOf(*database->GetSnapshot()));
    killed.earlier.insert(digest);
    FASTI_RETURN_IF_ERROR(steps::Take(*database, step, steps::Kind::kCommit));
  }
  FASTI_ASSIGN_OR_RETURN(killed.digest, DigestOf(*database->GetSnapshot()));
  closed.digest = killed.digest;
  CopyFolder(closed.folder, killed.folder);
  FASTI_RETURN_IF_ERROR(database->Close());
  uint64_t cases = 0;
  for (Specimen& specimen : specimens_) {
    specimen.plan = std::make_unique<DamagePlan>(specimen.folder);
    cases += CasesOf(specimen);
  }
  return cases;
}

absl::Status Specimens::Run(uint64_t number, absl::string_view child, Judge judge) const {
  for (const Specimen& specimen : specimens_) {
    if (number < CasesOf(specimen)) return Damage(specimen, number, child, judge);
    number -= CasesOf(specimen);
  }
  return absl::OutOfRangeError(absl::StrCat("no case ", number));
}

absl::Status Specimens::Damage(const Specimen& specimen, uint64_t first, absl::string_view child,
                               Judge judge) const {
  const uint64_t stride = CasesOf(specimen);
  for (uint64_t next = first; next < specimen.plan->size();) {
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end,
                           RunProgram({std::string(child), specimen.folder, absl::StrCat(next),
                                       absl::StrCat(stride)}));
    const uint64_t begin = next;
    for (const std::string& line :
         std::vector<std::string>(absl::StrSplit(end.output, '\n', absl::SkipEmpty()))) {
      std::vector<std::string> words = absl::StrSplit(line, ' ');
      uint64_t number = 0;
      if (!absl::SimpleAtoi(words[0], &number) || number != next) {
        return absl::InternalError(absl::StrCat("the child says: ", line));
      }
      words.erase(words.begin());
      FASTI_RETURN_IF_ERROR(judge(specimen, number, words, end.signal));
      next = number + stride;
    }
    if (end.exit_code == 0 && next < specimen.plan->size()) {
      return absl::InternalError(absl::StrCat("the child ended with 0 before ",
                                              specimen.plan->Describe(next), " was tried"));
    }
    if (end.exit_code == 0) break;
    if (end.exit_code > 0 || next == begin) {
      return absl::InternalError(absl::StrCat("the child ended with ", end.exit_code, ", signal ",
                                              end.signal, ", before it did anything"));
    }
  }
  return absl::OkStatus();
}

absl::Status Broken(const Specimen& specimen, uint64_t damage, absl::string_view what) {
  return absl::InternalError(
      absl::StrCat("database ", specimen.name, ", ", specimen.plan->Describe(damage), ": ", what));
}

}  // namespace fasti::torture
