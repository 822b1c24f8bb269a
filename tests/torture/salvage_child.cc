#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/salvage.h"
#include "fasti/status_macros.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/damage_loop.h"
#include "tests/torture/digest.h"

// SalvageMachine's hands: salvages each damaged database and compares what came of it.

namespace fasti::torture {
namespace {

constexpr absl::string_view kStandIn = "lost name ";

// A line for each version that was ever recorded.
absl::StatusOr<std::set<std::string>> FactsOf(const Snapshot& snapshot) {
  Pattern pattern{.relationships = true, .attributes = true};
  pattern.view.as_of = Period::Always();
  pattern.view.as_recorded = Period::Always();
  FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot.Scan(pattern));
  std::set<std::string> lines;
  std::vector<Fact> facts(64);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t n, cursor->Next(absl::MakeSpan(facts)));
    if (n == 0) return lines;
    for (size_t i = 0; i < n; ++i) {
      const Fact& fact = facts[i];
      FASTI_ASSIGN_OR_RETURN(const Value object, snapshot.ValueOf(fact.object));
      FASTI_ASSIGN_OR_RETURN(const Map qualifiers, snapshot.Qualifiers(fact));
      if (object.is(Value::Kind::kString) && absl::StartsWith(object.as_string(), kStandIn)) {
        continue;
      }
      lines.insert(absl::StrCat(Raw(fact.version), " of ", Raw(fact.lineage), ": ",
                                Raw(fact.subject), " ", Raw(fact.relation), " ",
                                FormatValue(object), " ", FormatValue(Value(qualifiers)), " ",
                                FormatPeriod(fact.valid), " ", fact.known_from, " ", fact.known_to,
                                " ", fact.gone, " ", ModalityName(fact.modality)));
    }
  }
}

absl::StatusOr<std::set<std::string>> FactsIn(const std::string& path) {
  FASTI_ASSIGN_OR_RETURN(const auto database,
                         Database::Open(path, {.create_if_missing = false, .read_only = true}));
  // What else it tells must at least be readable.
  FASTI_RETURN_IF_ERROR(DigestOf(*database->GetSnapshot()).status());
  return FactsOf(*database->GetSnapshot());
}

std::map<std::string, std::string> FilesOf(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const std::string& name : FileNames(folder)) {
    const std::string path = absl::StrCat(folder, "/", name);
    if (std::filesystem::is_regular_file(path)) files[name] = ReadFile(path);
  }
  return files;
}

// One of the words that SalvageMachine knows, or what is wrong.
std::string Try(const std::set<std::string>& original, const std::string& damaged) {
  const TemporaryFolder scratch;
  const std::string made = scratch.File("made");
  const std::map<std::string, std::string> before = FilesOf(damaged);
  const absl::StatusOr<SalvageSummary> summary = Salvage(damaged, made, {});
  if (!summary.ok()) return absl::StrCat("salvage: ", summary.status().ToString());
  if (FilesOf(damaged) != before) return "the damaged database has changed";
  const absl::StatusOr<std::set<std::string>> facts = FactsIn(made);
  if (!facts.ok()) return absl::StrCat("made: ", facts.status().ToString());
  for (const std::string& fact : *facts) {
    if (original.count(fact) == 0) return absl::StrCat("invented: ", fact);
  }
  if (facts->size() == original.size()) return "whole";
  return summary->losses.empty() ? "part, silent" : "part, told";
}

int Main(int argc, char** argv) {
  std::set<std::string> original;
  if (argc > 1) {
    const TemporaryFolder scratch;
    CopyFolder(argv[1], scratch.File("db"));
    const absl::StatusOr<std::set<std::string>> facts = FactsIn(scratch.File("db"));
    if (!facts.ok()) {
      std::fprintf(stderr, "%s\n", facts.status().ToString().c_str());
      return 1;
    }
    original = *facts;
  }
  return DamageLoop(argc, argv,
                    [&original](const std::string& damaged) { return Try(original, damaged); });
}

}  // namespace
}  // namespace fasti::torture

int main(int argc, char** argv) {
  return fasti::torture::Main(argc, argv);
}
