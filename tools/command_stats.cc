// fasti stats: what a database holds.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "fasti/database.h"
#include "tools/command.h"

namespace fasti::tools {
namespace {

int RunStats(const std::string& path) {
  Options options;
  options.create_if_missing = false;
  options.read_only = true;
  const absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path, options);
  if (!database.ok()) return Fail("", database.status());
  const std::map<std::string, uint64_t> figures = (*database)->Statistics();
  size_t width = 0;
  for (const auto& [name, value] : figures) width = std::max(width, name.size());
  for (const auto& [name, value] : figures) {
    std::printf("%-*s  %20llu\n", static_cast<int>(width), name.c_str(),
                static_cast<unsigned long long>(value));
  }
  const absl::Status closed = (*database)->Close();
  return closed.ok() ? kSuccess : Fail(path, closed);
}

}  // namespace

CommandBody DeclareStats(CLI::App& app) {
  auto path = std::make_shared<std::string>();
  app.add_option("DATABASE", *path, "directory of the database")->required();
  app.footer("Opens the database read-only, so it may run beside a program that writes it.");
  return [path] { return RunStats(*path); };
}

}  // namespace fasti::tools
