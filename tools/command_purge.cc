// fasti purge: erases for good.

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/purge.h"
#include "tools/command.h"

namespace fasti::tools {
namespace {

struct PurgeArguments {
  std::string database;
  std::vector<std::string> entities;
  std::vector<uint64_t> entity_ids;
  std::vector<std::string> sources;
  std::vector<uint64_t> facts;
  bool yes = false;
  bool dry_run = false;
};

PurgeRequest RequestOf(const PurgeArguments& arguments) {
  PurgeRequest request;
  request.entity_names = arguments.entities;
  request.sources = arguments.sources;
  for (const uint64_t id : arguments.entity_ids) {
    request.entities.push_back(static_cast<EntityId>(id));
  }
  for (const uint64_t id : arguments.facts) request.facts.push_back(static_cast<VersionId>(id));
  return request;
}

void PrintSummary(const PurgeSummary& summary) {
  std::printf("to be erased: %llu rows, %llu claims, %llu values, %llu texts, %llu relations\n",
              static_cast<unsigned long long>(summary.versions),
              static_cast<unsigned long long>(summary.claims),
              static_cast<unsigned long long>(summary.literals),
              static_cast<unsigned long long>(summary.texts),
              static_cast<unsigned long long>(summary.relations));
  if (!summary.naming_sources.empty()) {
    const std::string sources =
        absl::StrJoin(summary.naming_sources, ", ",
                      [](std::string* out, EntityId id) { absl::StrAppend(out, Raw(id)); });
    std::printf(
        "the name still stands in what %zu sources said, entities %s: purge them to erase that\n",
        summary.naming_sources.size(), sources.c_str());
  }
  if (summary.naming_literals > 0) {
    std::printf("the name is part of %llu other values, such as titles, which stay\n",
                static_cast<unsigned long long>(summary.naming_literals));
  }
}

// Whether somebody at a terminal says so.
bool Ask() {
  std::printf("erase it for good? [y/N] ");
  std::fflush(stdout);
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "yes");
}

int RunPurge(const PurgeArguments& arguments) {
  if (!arguments.yes && !arguments.dry_run && isatty(STDIN_FILENO) == 0) {
    std::fprintf(stderr, "fasti: nobody is there to be asked; add --yes or --dry-run\n");
    return kUsage;
  }
  PurgeOptions options;
  options.confirm = [&arguments](const PurgeSummary& summary) {
    PrintSummary(summary);
    return !arguments.dry_run && (arguments.yes || Ask());
  };
  const absl::StatusOr<PurgeSummary> summary =
      Purge(arguments.database, RequestOf(arguments), options);
  if (!summary.ok()) return Fail("", summary.status());
  if (!summary->is_done) {
    std::printf("nothing was changed\n");
    return arguments.dry_run ? kSuccess : kFailure;
  }
  std::printf("%s: erased and checked; backups made before still hold it\n",
              arguments.database.c_str());
  return kSuccess;
}

}  // namespace

CommandBody DeclarePurge(CLI::App& app) {
  auto arguments = std::make_shared<PurgeArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database")->required();
  CLI::Option_group* const what = app.add_option_group("what", "What is erased");
  what->add_option("--entity", arguments->entities,
                   "an entity by its name: its names, labels, attributes, and all facts that name "
                   "it");
  what->add_option("--entity-id", arguments->entity_ids, "an entity by its number");
  what->add_option("--source", arguments->sources,
                   "a source by its url or hash: its text, its claims, the facts that nobody else "
                   "tells, itself");
  what->add_option("--fact", arguments->facts,
                   "a fact by the number of a version, with its claims");
  what->require_option(1, 0);
  app.add_flag("--yes", arguments->yes, "do not ask");
  app.add_flag("--dry-run", arguments->dry_run, "only count");
  app.footer(
      "Writes the database anew beside the old one, without what is erased and without what "
      "nothing\n"
      "refers to any more (names, values, sentences), checks it, asks, and puts it in the place of "
      "the\n"
      "old one in one step. Takes about as much room as the database has, and nobody may have it "
      "open.\n"
      "Backups still hold what was erased. That a purge took place is shown by 'fasti stats'.");
  return [arguments] { return RunPurge(*arguments); };
}

}  // namespace fasti::tools
