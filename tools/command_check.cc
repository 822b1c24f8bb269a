// fasti check: is a database whole?

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tools/command.h"

namespace fasti::tools {
namespace {

absl::StatusOr<std::vector<std::string>> Check(const std::string& path, uint64_t* rows) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenToRead(path));
  FASTI_ASSIGN_OR_RETURN(std::vector<std::string> problems, database->Check());
  *rows = database->Statistics()["rows"];
  FASTI_RETURN_IF_ERROR(database->Close());
  return problems;
}

int RunCheck(const std::string& path) {
  uint64_t rows = 0;
  const absl::StatusOr<std::vector<std::string>> problems = Check(path, &rows);
  if (!problems.ok()) return Fail("", problems.status());
  for (const std::string& problem : *problems) std::printf("%s\n", problem.c_str());
  if (problems->empty()) {
    std::printf("%s: no damage found in %llu rows\n", path.c_str(),
                static_cast<unsigned long long>(rows));
    return kSuccess;
  }
  std::fprintf(stderr, "fasti: %s: %zu signs of damage; restore a backup, or load it anew\n",
               path.c_str(), problems->size());
  return kFailure;
}

}  // namespace

CommandBody DeclareCheck(CLI::App& app) {
  auto path = std::make_shared<std::string>();
  app.add_option("DATABASE", *path, "directory of the database")->required();
  app.footer(
      "Reads everything: the checksums of all files and blocks, whether blocks are sorted, "
      "whether\n"
      "all orders hold the same rows, whether what rows refer to exists. Repairs nothing. Opens "
      "the\n"
      "database read-only, so it may run beside a program that writes it.");
  return [path] { return RunCheck(*path); };
}

}  // namespace fasti::tools
