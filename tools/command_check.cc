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

struct CheckArguments {
  std::string database;
  bool deep = false;
};

absl::StatusOr<std::vector<std::string>> Check(const CheckArguments& arguments, uint64_t* rows) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenToRead(arguments.database));
  FASTI_ASSIGN_OR_RETURN(std::vector<std::string> problems,
                         arguments.deep ? database->Check() : database->CheckQuickly());
  *rows = database->Statistics()["rows"];
  FASTI_RETURN_IF_ERROR(database->Close());
  return problems;
}

int RunCheck(const CheckArguments& arguments) {
  const char* const path = arguments.database.c_str();
  const char* const what = arguments.deep ? "deep check" : "quick check";
  uint64_t rows = 0;
  const absl::StatusOr<std::vector<std::string>> problems = Check(arguments, &rows);
  if (!problems.ok()) return Fail(what, problems.status());
  for (const std::string& problem : *problems) std::printf("%s\n", problem.c_str());
  if (problems->empty()) {
    std::printf("%s: %s: no damage found in %s%llu rows\n", path, what,
                arguments.deep ? "" : "the files of ", static_cast<unsigned long long>(rows));
    return kSuccess;
  }
  std::fprintf(stderr, "fasti: %s: %s: %zu signs of damage; restore a backup, or load it anew\n",
               path, what, problems->size());
  return kFailure;
}

}  // namespace

CommandBody DeclareCheck(CLI::App& app) {
  auto arguments = std::make_shared<CheckArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database")->required();
  app.add_flag("--deep", arguments->deep,
               "also decode everything: whether blocks are sorted, whether all orders hold the "
               "same rows, whether what rows refer to exists");
  app.footer(
      "Reads the files, at the speed of the disk: scans the logs, compares tables with their "
      "checksums,\n"
      "and holds the records that tell what is in force against each other. Repairs nothing. Opens "
      "the\n"
      "database read-only, so it may run beside a program that writes it.");
  return [arguments] { return RunCheck(*arguments); };
}

}  // namespace fasti::tools
