#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/torture/damage_loop.h"
#include "tests/torture/digest.h"

// DamageMachine's hands: reads all of each damaged database.

namespace fasti::torture {
namespace {

absl::StatusOr<uint64_t> Read(const std::string& path) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.create_if_missing = false,
                                                                    .background_fold = false}));
  return DigestOf(*database->GetSnapshot());
}

std::string Tell(const std::string& path) {
  const absl::StatusOr<uint64_t> digest = Read(path);
  return digest.ok() ? absl::StrCat("= ", *digest)
                     : absl::StrCat("! ", absl::StatusCodeToString(digest.status().code()));
}

}  // namespace
}  // namespace fasti::torture

int main(int argc, char** argv) {
  return fasti::torture::DamageLoop(argc, argv, fasti::torture::Tell);
}
