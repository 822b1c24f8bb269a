// fasti salvage: what can still be read of a damaged database, as a new one.

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "fasti/salvage.h"
#include "tools/command.h"
#include "tools/progress_line.h"

namespace fasti::tools {
namespace {

struct SalvageArguments {
  std::string damaged;
  std::string database;
  bool quiet = false;
};

int RunSalvage(const SalvageArguments& arguments) {
  // The new database appears only when it is complete, so a second Ctrl-C may end the program.
  HandleInterrupts(/*end_on_second=*/true);
  ProgressLine line(arguments.quiet);
  SalvageOptions options;
  options.should_stop = [] { return InterruptFlag().load(); };
  options.progress = [&line](const SalvageProgress& progress) {
    line.Show(progress.doing, absl::StrCat(progress.rows, " rows"));
  };
  const absl::StatusOr<SalvageSummary> summary =
      Salvage(arguments.damaged, arguments.database, options);
  line.Erase();
  if (!summary.ok()) return Fail("", summary.status());
  if (!arguments.quiet) {
    std::printf("%s: saved %llu rows, %llu values, %llu claims, %llu texts; checked\n",
                arguments.database.c_str(), static_cast<unsigned long long>(summary->versions),
                static_cast<unsigned long long>(summary->literals),
                static_cast<unsigned long long>(summary->claims),
                static_cast<unsigned long long>(summary->texts));
  }
  if (summary->losses.empty()) {
    if (!arguments.quiet) std::printf("nothing is lost\n");
    return kSuccess;
  }
  for (const std::string& loss : summary->losses) {
    std::fprintf(stderr, "lost: %s\n", loss.c_str());
  }
  return kPartly;
}

}  // namespace

CommandBody DeclareSalvage(CLI::App& app) {
  auto arguments = std::make_shared<SalvageArguments>();
  app.add_option("DAMAGED", arguments->damaged, "directory of the damaged database; not changed")
      ->required();
  app.add_option("NEW", arguments->database, "directory to be made; must not exist")->required();
  app.add_flag("--quiet", arguments->quiet, "print nothing but what is lost");
  app.footer(
      "For want of a backup. Reads every table and log by itself, behind damage as before it, and "
      "finds\n"
      "a fact by any order that still holds it. NEW holds nothing that DAMAGED did not hold, but "
      "for\n"
      "names whose text is lost: these say so. It appears when it is complete, checked and "
      "durable;\n"
      "until then it is made in NEW.salvaging.\n"
      "Ends with 0 if nothing is lost, with 3 if something is, which it lists by file and family, "
      "and\n"
      "with 1 if nothing was made.");
  return [arguments] { return RunSalvage(*arguments); };
}

}  // namespace fasti::tools
