#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/steps/steps.h"
#include "tests/support/files.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/damage_plan.h"
#include "tests/torture/digest.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

constexpr uint64_t kDamagesEach = 256;  // in a case, evenly spread over all files
constexpr uint64_t kStepsFolded = 260;
constexpr uint64_t kStepsAfter = 12;  // only in the log
constexpr uint64_t kStepsPerFold = 90;
constexpr double kAbortsMax = 0.001;  // of all damages

// A database as it stands on disk, and what it tells.
struct Specimen {
  absl::string_view name;
  std::string folder;
  uint64_t digest = 0;
  std::set<uint64_t> earlier;  // digests of the states before that a torn log may leave
  std::unique_ptr<DamagePlan> plan;
};

// Every small damage to every file of two databases, one closed and one whose writer was killed.
class DamageMachine final : public Machine {
 public:
  absl::string_view name() const override { return "damage"; }
  absl::string_view promise() const override {
    return "whatever changes in the files is told or changes no answer";
  }
  bool is_random() const override { return false; }

  absl::StatusOr<uint64_t> Prepare() override {
    FASTI_RETURN_IF_ERROR(MakeSpecimens());
    uint64_t cases = 0;
    for (const Specimen& specimen : specimens_) cases += CasesOf(specimen);
    return cases;
  }

  absl::Status Run(uint64_t number, Counts* counts) override {
    for (const Specimen& specimen : specimens_) {
      if (number < CasesOf(specimen)) return Damage(specimen, number, counts);
      number -= CasesOf(specimen);
    }
    return absl::OutOfRangeError(absl::StrCat("no case ", number));
  }

  absl::Status Conclude(const Counts& counts) const override {
    const auto of = [&counts](const char* name) {
      const auto found = counts.find(name);
      return found == counts.end() ? 0 : found->second;
    };
    const uint64_t damages = of("told") + of("harmless") + of("torn tails") + of("aborts");
    if (static_cast<double>(of("aborts")) <= static_cast<double>(damages) * kAbortsMax) {
      return absl::OkStatus();
    }
    return absl::InternalError(
        absl::StrCat(of("aborts"), " of ", damages, " damages ended the process"));
  }

 private:
  static uint64_t CasesOf(const Specimen& specimen) {
    return (specimen.plan->size() + kDamagesEach - 1) / kDamagesEach;
  }

  // Several loads and folds, so that files lie in several levels.
  absl::Status MakeSpecimens() {
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
    for (Specimen& specimen : specimens_) {
      specimen.plan = std::make_unique<DamagePlan>(specimen.folder);
    }
    return absl::OkStatus();
  }

  static absl::Status Damage(const Specimen& specimen, uint64_t first, Counts* counts) {
    const uint64_t stride = CasesOf(specimen);
    for (uint64_t next = first; next < specimen.plan->size();) {
      FASTI_ASSIGN_OR_RETURN(const ProgramEnd end,
                             RunProgram({FASTI_DAMAGE_CHILD, specimen.folder, absl::StrCat(next),
                                         absl::StrCat(stride)}));
      const uint64_t begin = next;
      for (const std::string& line :
           std::vector<std::string>(absl::StrSplit(end.output, '\n', absl::SkipEmpty()))) {
        const std::vector<std::string> words = absl::StrSplit(line, ' ');
        uint64_t number = 0;
        if (!absl::SimpleAtoi(words[0], &number) || number != next) {
          return absl::InternalError(absl::StrCat("the child says: ", line));
        }
        FASTI_RETURN_IF_ERROR(Judge(specimen, number, words, end.signal, counts));
        next = number + stride;
      }
      if (end.exit_code == 0) break;
      if (end.exit_code > 0 || next == begin) {
        return absl::InternalError(absl::StrCat("the child ended with ", end.exit_code, ", signal ",
                                                end.signal, ", before it did anything"));
      }
    }
    return absl::OkStatus();
  }

  // `words`: a number and what came of it, or the number alone if that ended the child.
  static absl::Status Judge(const Specimen& specimen, uint64_t number,
                            const std::vector<std::string>& words, int signal, Counts* counts) {
    const auto told = [&](absl::string_view what) {
      return absl::InternalError(absl::StrCat("database ", specimen.name, ", ",
                                              specimen.plan->Describe(number), ": ", what));
    };
    if (words.size() == 1) {
      ++(*counts)["aborts"];
      if (signal == SIGABRT) return absl::OkStatus();
      return told(absl::StrCat("signal ", signal));
    }
    if (words[1] == "!") {
      ++(*counts)["told"];
      ++(*counts)[absl::StrCat("told as ", words[2])];
      return absl::OkStatus();
    }
    uint64_t digest = 0;
    if (words.size() != 3 || !absl::SimpleAtoi(words[2], &digest)) {
      return told(absl::StrCat("the child says: ", words[1]));
    }
    if (digest == specimen.digest) {
      ++(*counts)["harmless"];
      return absl::OkStatus();
    }
    if (specimen.earlier.count(digest) > 0 && specimen.plan->MayBeTornLog(number)) {
      ++(*counts)["torn tails"];
      return absl::OkStatus();
    }
    return told(specimen.earlier.count(digest) > 0 ? "an earlier state, and nothing told"
                                                   : "wrong answers, and nothing told");
  }

  const TemporaryFolder folder_;
  std::vector<Specimen> specimens_;
};

}  // namespace

std::unique_ptr<Machine> MakeDamageMachine() {
  return std::make_unique<DamageMachine>();
}

}  // namespace fasti::torture
