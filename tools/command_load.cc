// fasti load: files of facts in, all of them stored at once.

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tools/command.h"
#include "tools/transfer/load_facts.h"

namespace fasti::tools {
namespace {

struct LoadArguments {
  std::string database;
  std::vector<std::string> files;
  std::string rejects;
  bool events = false;
  bool intervals = false;
  bool fold_names = false;
  bool is_strict = false;
  bool again = false;
  bool quiet = false;
  int jobs = 0;
  size_t memory_mib = BulkLoadOptions().memory_bytes >> 20;
};

const char* StageName(BulkProgress::Stage stage) {
  switch (stage) {
    case BulkProgress::Stage::kReading:
      return "reading";
    case BulkProgress::Stage::kMerging:
      return "sorting";
    case BulkProgress::Stage::kWriting:
      return "writing";
    case BulkProgress::Stage::kDone:
      return "done";
  }
  return "";
}

// One line on standard error that is written over again and again.
void ShowProgress(const BulkProgress& progress, absl::Time started) {
  const double seconds = absl::ToDoubleSeconds(absl::Now() - started);
  if (progress.stage == BulkProgress::Stage::kReading) {
    std::fprintf(stderr, "\r\033[Kreading  %.2f million facts, %.2f million/s",
                 static_cast<double>(progress.facts) / 1e6,
                 static_cast<double>(progress.facts) / 1e6 / seconds);
  } else if (progress.stage == BulkProgress::Stage::kDone) {
    std::fprintf(stderr, "\r\033[K");
  } else {
    const double share = progress.rows_total == 0 ? 1
                                                  : static_cast<double>(progress.rows_done) /
                                                        static_cast<double>(progress.rows_total);
    std::fprintf(stderr, "\r\033[K%s  %.2f million facts, %.0f %%", StageName(progress.stage),
                 static_cast<double>(progress.facts) / 1e6, 100 * share);
  }
  std::fflush(stderr);
}

void PrintSummary(const LoadArguments& arguments, const transfer::LoadSummary& summary,
                  absl::Duration elapsed) {
  const std::string see = summary.rejected == 0 || arguments.rejects.empty()
                              ? ""
                              : absl::StrCat(" (see ", arguments.rejects, ")");
  const std::string rejected = absl::StrCat(summary.rejected, " rejected", see);
  if (summary.loaded.repeated) {
    absl::PrintF(
        "%d lines read, %s: already loaded at commit %d on %s; --again loads it once more\n",
        summary.lines, rejected, summary.loaded.sequence, FormatTime(summary.loaded.committed));
  } else {
    const double seconds = absl::ToDoubleSeconds(elapsed);
    absl::PrintF(
        "%d lines read: %d facts loaded, %s; %d new entities, %d new relations; %.1f s, %.0f "
        "facts/s\n",
        summary.lines, summary.loaded.facts, rejected, summary.loaded.entities_created,
        summary.loaded.relations_created, seconds,
        static_cast<double>(summary.loaded.facts) / seconds);
  }
  for (const std::string& reject : summary.first_rejects) {
    std::fprintf(stderr, "fasti: %s\n", reject.c_str());
  }
  if (summary.rejected > summary.first_rejects.size()) std::fprintf(stderr, "fasti: ...\n");
}

absl::StatusOr<transfer::LoadSummary> Load(const LoadArguments& arguments) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                         Database::Open(arguments.database, {}));
  transfer::LoadOptions options;
  options.empty_end = arguments.events ? transfer::EmptyEnd::kEvent : transfer::EmptyEnd::kOpen;
  options.bulk.names = arguments.fold_names ? NameMatching::kFolded : NameMatching::kExact;
  options.bulk.memory_bytes = arguments.memory_mib << 20;
  options.bulk.threads = arguments.jobs;
  options.jobs = arguments.jobs;
  options.is_strict = arguments.is_strict;
  options.again = arguments.again;
  options.rejects = arguments.rejects;
  options.should_stop = [] { return InterruptFlag().load(); };
  if (!arguments.quiet && isatty(STDERR_FILENO) != 0) {
    options.bulk.progress = [started = absl::Now()](const BulkProgress& progress) {
      ShowProgress(progress, started);
    };
  }
  absl::StatusOr<transfer::LoadSummary> summary =
      transfer::LoadFacts(*database, arguments.files, options);
  if (!summary.ok() && options.bulk.progress) std::fprintf(stderr, "\r\033[K");
  const absl::Status closed = database->Close();
  if (summary.ok() && !closed.ok()) return closed;
  return summary;
}

int RunLoad(const LoadArguments& arguments) {
  // The load may be anywhere when the second Ctrl-C ends the program: it is one commit.
  HandleInterrupts(/*end_on_second=*/true);
  const absl::Time started = absl::Now();
  const absl::StatusOr<transfer::LoadSummary> summary = Load(arguments);
  if (!summary.ok()) return Fail("", summary.status());
  if (!arguments.quiet || summary->rejected > 0 || summary->loaded.repeated) {
    PrintSummary(arguments, *summary, absl::Now() - started);
  }
  if (summary->rejected == 0) return kSuccess;
  return summary->rejected == summary->lines ? kFailure : kPartly;
}

}  // namespace

CommandBody DeclareLoad(CLI::App& app) {
  auto arguments = std::make_shared<LoadArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database; created if absent")
      ->required();
  app.add_option("FILE", arguments->files,
                 "facts: subject, relation, object, from, to, with tabs between; may be compressed "
                 "with gzip; '-' is standard input")
      ->required();
  CLI::Option* events =
      app.add_flag("--events", arguments->events,
                   "a line without an end happened within its beginning (on that day)");
  app.add_flag("--intervals", arguments->intervals,
               "a line without an end goes on for ever (the default)")
      ->excludes(events);
  app.add_flag("--fold-names", arguments->fold_names,
               "names that differ in case or accents only are one entity, as in articles");
  app.add_option("--rejects", arguments->rejects,
                 "write bad lines to this file: where, why, and the line");
  app.add_flag("--strict", arguments->is_strict, "store nothing if there is a bad line");
  app.add_flag("--again", arguments->again, "load the same lines again if they are there");
  app.add_option("--jobs", arguments->jobs, "threads (default: one per processor)")
      ->check(CLI::Range(0, 1024));
  app.add_option("--memory", arguments->memory_mib,
                 "MiB for sorting; names come on top, about 130 bytes each")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  app.add_flag("--quiet", arguments->quiet, "print nothing unless something is wrong");
  app.footer(
      "Dates are 2025, 2025-06, 2025-06-12 or 2025-06-12T14:00; 'to' is the first one that the "
      "fact\n"
      "does not reach into, '?' one that nobody told. All of the files become one commit: if the\n"
      "load fails, is interrupted or killed, the database is as it was. The same lines are loaded "
      "once:\n"
      "repeat the command if you do not know whether it was done. Exit code 3: some lines were\n"
      "rejected, the others are stored.");
  return [arguments] { return RunLoad(*arguments); };
}

}  // namespace fasti::tools
