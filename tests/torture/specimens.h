#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/damage_plan.h"

namespace fasti::torture {

// A database as it stands on disk, and what it tells.
struct Specimen {
  absl::string_view name;
  std::string folder;
  uint64_t digest = 0;
  std::set<uint64_t> earlier;  // digests of the states before that a torn log may leave
  std::unique_ptr<DamagePlan> plan;
};

// Two databases, one closed and one whose writer was killed, and cases of some damages each, evenly
// spread over all files.  The damages are done by a child, since RocksDB may end it: a program that
// is called with FOLDER FIRST STRIDE and prints, for the damage FIRST of the folder and every
// STRIDEth after it, a line with its number, before it is tried, and what came of it.
class Specimens {
 public:
  explicit Specimens(uint64_t damages_each) : damages_each_(damages_each) {}  // in a case

  // Makes the databases.  Returns how many cases there are.
  absl::StatusOr<uint64_t> Make();

  // What came of a damage: the words behind its number; none if that ended the child, by `signal`.
  using Judge = absl::FunctionRef<absl::Status(const Specimen& specimen, uint64_t damage,
                                               const std::vector<std::string>& words, int signal)>;
  absl::Status Run(uint64_t number, absl::string_view child, Judge judge) const;

 private:
  uint64_t CasesOf(const Specimen& specimen) const;
  absl::Status Damage(const Specimen& specimen, uint64_t first, absl::string_view child,
                      Judge judge) const;

  const uint64_t damages_each_;
  const TemporaryFolder folder_;
  std::vector<Specimen> specimens_;
};

// An error that names the damage.
absl::Status Broken(const Specimen& specimen, uint64_t damage, absl::string_view what);

}  // namespace fasti::torture
