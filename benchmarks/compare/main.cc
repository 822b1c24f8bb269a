// Measures one engine, or makes data and questions.  benchmarks/run calls it for each engine and
// workload in turn, so that every figure comes from a process of its own.

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "benchmarks/compare/data.h"
#include "benchmarks/compare/engine.h"
#include "benchmarks/compare/generator.h"
#include "benchmarks/compare/question.h"
#include "benchmarks/compare/workload.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(absl::string_view name,
                                                   const std::string& directory) {
  if (name == "fasti") return MakeFastiEngine(directory);
  if (name == "fql") return MakeFqlEngine(directory);
  if (name == "rocksdb") return MakeRocksEngine(directory);
  if (name == "sqlite") return MakeSqliteEngine(directory);
  if (name == "disk") return MakeDiskEngine(directory);
  if (name == "duckdb") return MakeDuckEngine(directory);
  return absl::InvalidArgumentError(absl::StrCat("no engine ", name));
}

namespace {

struct Arguments {
  std::string command;
  std::string engine;
  std::string data;    // the folder of facts.tsv and questions.txt
  std::string folder;  // of the engine's files
  std::vector<std::string> inputs;
  uint64_t facts = 0;
  uint64_t seed = 1;
  int paths_days = 30;
  int threads = 1;
};

absl::Status Draw(const Arguments& arguments, const std::string& facts_path,
                  const std::string& questions_path) {
  Facts facts;
  FASTI_RETURN_IF_ERROR(ReadFacts(facts_path, &facts));
  FASTI_RETURN_IF_ERROR(
      WriteQuestions(DrawQuestions(facts, arguments.seed, arguments.paths_days), questions_path));
  std::printf("{\"metric\": \"data\", \"facts\": %zu, \"entities\": %u, \"relations\": %u}\n",
              facts.rows.size(), facts.entities.size(), facts.relations.size());
  return absl::OkStatus();
}

absl::Status Run(const Arguments& arguments) {
  const std::string facts = absl::StrCat(arguments.data, "/facts.tsv");
  const std::string questions_path = absl::StrCat(arguments.data, "/questions.txt");
  if (arguments.command == "generate") return GenerateFacts(arguments.facts, arguments.seed, facts);
  if (arguments.command == "join") return JoinFactFiles(arguments.inputs, facts);
  if (arguments.command == "draw") return Draw(arguments, facts, questions_path);

  FASTI_ASSIGN_OR_RETURN(const auto engine, MakeEngine(arguments.engine, arguments.folder));
  if (arguments.command == "available") return absl::OkStatus();
  if (arguments.command == "load") {
    return MeasureLoad(*engine, facts, arguments.folder, arguments.threads);
  }
  FASTI_ASSIGN_OR_RETURN(const std::vector<Question> questions, ReadQuestions(questions_path));
  if (arguments.command == "ask") return MeasureQuestions(*engine, questions);
  if (arguments.command == "open") return MeasureOpen(*engine, questions.front());
  if (arguments.command == "commit") return MeasureCommits(*engine, questions);
  if (arguments.command == "fill") return WriteAndDie(*engine, questions, arguments.facts);
  if (arguments.command == "mixed") return MeasureMixed(*engine, questions);
  return absl::InvalidArgumentError(absl::StrCat("no command ", arguments.command));
}

}  // namespace
}  // namespace fasti::bench

int main(int argc, char** argv) {
  // Debian's Abseil is built to look for deadlocks at every lock, a tenth of a commit's time with
  // eight writers.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  fasti::bench::Arguments arguments;
  CLI::App app("One step of the comparison; see benchmarks/run");
  app.add_option("command", arguments.command,
                 "generate join draw | available load ask open commit fill mixed")
      ->required();
  app.add_option("--engine", arguments.engine);
  app.add_option("--data", arguments.data);
  app.add_option("--folder", arguments.folder);
  app.add_option("--input", arguments.inputs);
  app.add_option("--facts", arguments.facts);
  app.add_option("--seed", arguments.seed);
  app.add_option("--paths-days", arguments.paths_days);
  app.add_option("--threads", arguments.threads);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = fasti::bench::Run(arguments);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return absl::IsUnimplemented(status) ? 3 : 1;
}
