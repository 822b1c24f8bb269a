#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/torture/machine.h"
#include "tests/torture/specimens.h"

namespace fasti::torture {

namespace {

// The damages of DamageMachine, each salvaged.
class SalvageMachine final : public Machine {
 public:
  absl::string_view name() const override { return "salvage"; }
  absl::string_view promise() const override {
    return "of whatever damage a sound database is made, with facts of the damaged one only, and "
           "what is lost is told";
  }
  bool is_random() const override { return false; }

  absl::StatusOr<uint64_t> Prepare() override { return specimens_.Make(); }

  absl::Status Run(uint64_t number, Counts* counts) override {
    return specimens_.Run(
        number, FASTI_SALVAGE_CHILD,
        [counts](const Specimen& specimen, uint64_t damage, const std::vector<std::string>& words,
                 int signal) { return Judge(specimen, damage, words, signal, counts); });
  }

 private:
  static absl::Status Judge(const Specimen& specimen, uint64_t number,
                            const std::vector<std::string>& words, int signal, Counts* counts) {
    if (words.empty() && signal == SIGABRT) {
      ++(*counts)["aborts"];
      return absl::OkStatus();
    }
    const std::string came = absl::StrJoin(words, " ");
    if (came == "whole" || came == "part, told") {
      ++(*counts)[came];
      return absl::OkStatus();
    }
    if (came == "part, silent" && specimen.plan->MayBeTornLog(number)) {
      ++(*counts)["torn tails"];
      return absl::OkStatus();
    }
    return Broken(specimen, number,
                  words.empty() ? absl::StrCat("signal ", signal) : absl::StrCat("'", came, "'"));
  }

  Specimens specimens_{/*damages_each=*/16};
};

}  // namespace

std::unique_ptr<Machine> MakeSalvageMachine() {
  return std::make_unique<SalvageMachine>();
}

}  // namespace fasti::torture
