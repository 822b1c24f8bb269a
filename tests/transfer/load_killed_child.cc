#include <csignal>
#include <cstdio>
#include <string>

#include "fasti/database.h"
#include "tools/transfer/load_facts.h"

// PROGRAM DATABASE FILE STAGE: loads a file and kills itself as it comes to a stage of it.

namespace fasti::transfer {
namespace {

int LoadUntil(const std::string& path, const std::string& file, const std::string& stage) {
  const auto die_at = [&stage](const char* here) {
    if (stage == here) std::raise(SIGKILL);
  };
  const auto database = Database::Open(path, {});
  LoadOptions options;
  options.should_stop = [&] {
    die_at("reading");
    return false;
  };
  options.bulk.progress = [&](const BulkProgress& progress) {
    if (progress.stage == BulkProgress::Stage::kMerging) die_at("merging");
    if (progress.stage == BulkProgress::Stage::kWriting) die_at("writing");
    if (progress.stage == BulkProgress::Stage::kDone) die_at("done");
  };
  const auto summary = LoadFacts(**database, {file}, options);
  if (summary.ok()) die_at("told");
  std::fprintf(stderr, "nothing killed it: %s\n", summary.status().ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace fasti::transfer

int main(int argc, char** argv) {
  return argc == 4 ? fasti::transfer::LoadUntil(argv[1], argv[2], argv[3]) : 2;
}
