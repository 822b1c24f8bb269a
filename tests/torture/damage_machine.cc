#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/torture/machine.h"
#include "tests/torture/specimens.h"

namespace fasti::torture {

namespace {

constexpr double kAbortsMax = 0.001;  // of all damages

// Every small damage to every file of two databases, one closed and one whose writer was killed.
class DamageMachine final : public Machine {
 public:
  absl::string_view name() const override { return "damage"; }
  absl::string_view promise() const override {
    return "whatever changes in the files is told or changes no answer";
  }
  bool is_random() const override { return false; }

  absl::StatusOr<uint64_t> Prepare() override { return specimens_.Make(); }

  absl::Status Run(uint64_t number, Counts* counts) override {
    return specimens_.Run(
        number, FASTI_DAMAGE_CHILD,
        [counts](const Specimen& specimen, uint64_t damage, const std::vector<std::string>& words,
                 int signal) { return Judge(specimen, damage, words, signal, counts); });
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
  static absl::Status Judge(const Specimen& specimen, uint64_t number,
                            const std::vector<std::string>& words, int signal, Counts* counts) {
    if (words.empty()) {
      ++(*counts)["aborts"];
      if (signal == SIGABRT) return absl::OkStatus();
      return Broken(specimen, number, absl::StrCat("signal ", signal));
    }
    if (words[0] == "!") {
      ++(*counts)["told"];
      ++(*counts)[absl::StrCat("told as ", words[1])];
      return absl::OkStatus();
    }
    uint64_t digest = 0;
    if (words.size() != 2 || !absl::SimpleAtoi(words[1], &digest)) {
      return Broken(specimen, number, absl::StrCat("the child says: ", words[0]));
    }
    if (digest == specimen.digest) {
      ++(*counts)["harmless"];
      return absl::OkStatus();
    }
    if (specimen.earlier.count(digest) > 0 && specimen.plan->MayBeTornLog(number)) {
      ++(*counts)["torn tails"];
      return absl::OkStatus();
    }
    return Broken(specimen, number,
                  specimen.earlier.count(digest) > 0 ? "an earlier state, and nothing told"
                                                     : "wrong answers, and nothing told");
  }

  Specimens specimens_{/*damages_each=*/256};
};

}  // namespace

std::unique_ptr<Machine> MakeDamageMachine() {
  return std::make_unique<DamageMachine>();
}

}  // namespace fasti::torture
