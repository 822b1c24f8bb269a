#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/support/files.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/defective_lines.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

namespace {

// A million lines and ten thousand defects.
constexpr uint64_t kCases = 200;
constexpr uint64_t kLinesOfMost = 2'500;
constexpr uint64_t kLinesOfEveryTenth = 27'500;
constexpr uint64_t kLinesPerDefect = 100;
constexpr uint64_t kArticles = 64;
constexpr uint64_t kArticlesPerDefect = 4;
constexpr absl::Duration kShortestLife = absl::Milliseconds(20);
// Exit codes of fasti load.
constexpr int kRefused = 1;
constexpr int kPartly = 3;

absl::Status Broken(absl::string_view expected, absl::string_view found) {
  return absl::InternalError(absl::StrCat("expected ", expected, ", found ", found));
}

absl::Status WriteCompressed(const std::string& path, const std::string& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  if (file == nullptr) return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
  const auto size = static_cast<unsigned>(bytes.size());
  const bool is_written = gzwrite(file, bytes.data(), size) == static_cast<int>(size);
  if (gzclose(file) == Z_OK && is_written) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
}

// Every fact of relationships, in names; sorted.
absl::StatusOr<std::vector<PlantedFact>> FactsOf(const Snapshot& snapshot) {
  std::map<EntityId, std::string> names;
  const auto name_of = [&](EntityId entity) -> absl::StatusOr<std::string> {
    const auto known = names.find(entity);
    if (known != names.end()) return known->second;
    const std::optional<RelationInfo> key = snapshot.FindAttribute("name");
    if (!key.has_value()) return absl::DataLossError("nothing has a name");
    FASTI_ASSIGN_OR_RETURN(const Value name, snapshot.Attribute(entity, key->id, View()));
    return names[entity] = name.as_string();
  };
  std::vector<PlantedFact> found;
  FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot.Scan({.relationships = true}));
  std::vector<Fact> facts(256);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t n, cursor->Next(absl::MakeSpan(facts)));
    if (n == 0) break;
    for (size_t i = 0; i < n; ++i) {
      PlantedFact fact = {.relation = snapshot.GetRelation(facts[i].relation).name,
                          .valid = facts[i].valid};
      FASTI_ASSIGN_OR_RETURN(fact.subject, name_of(facts[i].subject));
      FASTI_ASSIGN_OR_RETURN(fact.object, name_of(facts[i].object.entity()));
      found.push_back(std::move(fact));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// A file, loaded by the program that people use, strictly and otherwise, and killed now and then.
class ImportCase {
 public:
  ImportCase(uint64_t number, Counts* counts) : random_(number), counts_(*counts) {
    lines_ = number % 10 == 9 ? kLinesOfEveryTenth : kLinesOfMost;
    made_ = MakeDefectiveLines(lines_, lines_ / kLinesPerDefect, &random_);
  }

  absl::Status Run() {
    FASTI_RETURN_IF_ERROR(WriteInput());
    FASTI_RETURN_IF_ERROR(LoadStrictly());
    if (is_compressed_) FASTI_RETURN_IF_ERROR(LoadCutOff());
    FASTI_RETURN_IF_ERROR(LoadWithKills());
    FASTI_RETURN_IF_ERROR(CompareRejects(file_, made_.defects));
    FASTI_RETURN_IF_ERROR(CompareDatabase());
    if (lines_ == kLinesOfEveryTenth) FASTI_RETURN_IF_ERROR(IngestArticles());
    counts_["lines"] += lines_;
    counts_["defects"] += made_.defects.size();
    return absl::OkStatus();
  }

 private:
  absl::Status WriteInput() {
    is_compressed_ = random_() % 3 == 0;
    file_ = folder_.File(is_compressed_ ? "facts.tsv.gz" : "facts.tsv");
    if (is_compressed_) return WriteCompressed(file_, made_.text);
    WriteFile(file_, made_.text);
    return absl::OkStatus();
  }

  // The first bad line refuses all of it, and is told.
  absl::Status LoadStrictly() {
    const std::string path = folder_.File("strict.db");
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end,
                           RunProgram({FASTI_PROGRAM, "load", path, file_, "--strict"}));
    const std::string place = absl::StrCat(file_, ":", made_.defects.begin()->first, ": ");
    if (end.exit_code != kRefused || !absl::StrContains(end.errors, place) ||
        !absl::StrContains(end.errors, "nothing was loaded")) {
      return Broken(absl::StrCat("a strict load to be refused for ", place),
                    absl::StrCat("exit code ", end.exit_code, ": ", end.errors));
    }
    return ExpectNothing(path);
  }

  // Half of a compressed file is no file.
  absl::Status LoadCutOff() {
    const std::string path = folder_.File("cut.db"), cut = folder_.File("cut.tsv.gz");
    const std::string bytes = ReadFile(file_);
    WriteFile(
        cut, absl::string_view(bytes).substr(0, bytes.size() / 2 + random_() % (bytes.size() / 2)));
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end, RunProgram({FASTI_PROGRAM, "load", path, cut}));
    ++counts_["files cut off"];
    if (end.exit_code != kRefused || !absl::StrContains(end.errors, cut)) {
      return Broken("half a compressed file to be refused by name",
                    absl::StrCat("exit code ", end.exit_code, ": ", end.errors));
    }
    return ExpectNothing(path);
  }

  static absl::Status ExpectNothing(const std::string& path) {
    FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.create_if_missing = false}));
    const Sequence sequence = database->GetSnapshot()->sequence();
    if (sequence == 0) return absl::OkStatus();
    return Broken("a refused load to leave nothing", absl::StrCat("commit ", sequence));
  }

  absl::Status LoadWithKills() {
    const std::vector<std::string> words = {
        FASTI_PROGRAM, "load",   path_,    file_,
        "--rejects",   rejects_, "--jobs", absl::StrCat(1 + random_() % 3)};
    const std::string rejected =
        absl::StrCat(made_.defects.size(), " rejected (see ", rejects_, ")");
    const std::string loaded =
        absl::StrCat(lines_, " lines read: ", made_.facts.size(), " facts loaded, ", rejected);
    const std::string repeated =
        absl::StrCat(lines_, " lines read, ", rejected, ": already loaded");
    const auto judge = [](const ProgramEnd& end, absl::string_view expected) {
      if (end.exit_code == kPartly && absl::StartsWith(end.output, expected)) {
        return absl::OkStatus();
      }
      return Broken(expected,
                    absl::StrCat("exit code ", end.exit_code, ": ", end.output, end.errors));
    };
    // Each lives a little longer than the one before, until one comes to its end: so some die late,
    // on machines of any speed.
    std::uniform_real_distribution<> growth(1.1, 1.7);
    ProgramEnd end;
    for (absl::Duration life = kShortestLife;; life *= growth(random_)) {
      FASTI_ASSIGN_OR_RETURN(end, RunProgram(words, life));
      if (end.signal == 0) break;
      ++counts_["kills"];
    }
    const bool was_there = judge(end, repeated).ok();
    if (was_there) ++counts_["loads killed behind their commit"];
    if (!was_there) FASTI_RETURN_IF_ERROR(judge(end, loaded));
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd again, RunProgram(words));
    return judge(again, repeated);
  }

  // Exactly the planted lines, in order, each with a reason.
  absl::Status CompareRejects(const std::string& file,
                              const std::map<uint64_t, std::string>& defects) {
    auto expected = defects.begin();
    for (const absl::string_view line :
         std::vector<std::string>(absl::StrSplit(ReadFile(rejects_), '\n', absl::SkipEmpty()))) {
      const std::pair<absl::string_view, absl::string_view> parts =
          absl::StrSplit(line, absl::MaxSplits('\t', 1));
      const auto planted = expected == defects.end()
                               ? std::make_pair(uint64_t{0}, std::string("nothing"))
                               : std::make_pair(expected->first, expected->second);
      if (parts.first != absl::StrCat(file, ":", planted.first) || parts.second.empty() ||
          parts.second.front() == '\t') {
        return Broken(absl::StrCat("the rejection of line ", planted.first, ", ", planted.second),
                      line.substr(0, 200));
      }
      ++expected;
    }
    if (expected == defects.end()) return absl::OkStatus();
    return Broken(absl::StrCat("the rejection of line ", expected->first, ", ", expected->second),
                  "the end of the rejects");
  }

  // Exactly the good lines, each once, and no more names than they need.
  absl::Status CompareDatabase() {
    FASTI_ASSIGN_OR_RETURN(const auto database,
                           Database::Open(path_, {.create_if_missing = false}));
    FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, database->Check());
    if (!problems.empty()) return Broken("a sound database", absl::StrJoin(problems, "; "));
    const auto snapshot = database->GetSnapshot();
    FASTI_ASSIGN_OR_RETURN(const std::vector<PlantedFact> found, FactsOf(*snapshot));
    const auto [expected, other] =
        std::mismatch(made_.facts.begin(), made_.facts.end(), found.begin(), found.end());
    if (expected != made_.facts.end() || other != found.end()) {
      return Broken(expected == made_.facts.end() ? "no more facts" : Describe(*expected),
                    other == found.end() ? "no more facts" : Describe(*other));
    }
    std::set<std::string> names, relations;
    for (const PlantedFact& fact : made_.facts) {
      names.insert({fact.subject, fact.object});
      relations.insert(fact.relation);
    }
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities, snapshot->AllEntities());
    if (entities.size() != names.size()) {
      return Broken(absl::StrCat(names.size(), " entities"), absl::StrCat(entities.size()));
    }
    for (const RelationInfo& relation : snapshot->Relations()) {
      if (!relation.is_attribute && relations.erase(relation.name) == 0) {
        return Broken("only relations of good lines", relation.name);
      }
    }
    return relations.empty() ? absl::OkStatus() : Broken(*relations.begin(), "no such relation");
  }

  // Articles are a commit each: those that were read before a kill add nothing afterwards.
  absl::Status IngestArticles() {
    const DefectiveLines articles =
        MakeDefectiveArticles(kArticles, kArticles / kArticlesPerDefect, &random_);
    const std::string path = folder_.File("articles.db"), file = folder_.File("articles.jsonl");
    WriteFile(file, articles.text);
    const std::vector<std::string> words = {FASTI_PROGRAM, "ingest",    path,
                                            file,          "--rejects", rejects_};
    const absl::Duration life = absl::Seconds(1) * std::uniform_real_distribution<>(0, 1)(random_);
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd first, RunProgram(words, life));
    if (first.signal != 0) ++counts_["kills while articles are read"];
    FASTI_ASSIGN_OR_RETURN(const ProgramEnd end, RunProgram(words));
    const uint64_t good = kArticles - articles.defects.size();
    const std::string told = absl::StrCat(kArticles, " articles read: ", good, " taken, ",
                                          articles.defects.size(), " rejected");
    if (end.exit_code != kPartly || !absl::StrContains(end.output, told)) {
      return Broken(told, absl::StrCat("exit code ", end.exit_code, ": ", end.output, end.errors));
    }
    FASTI_RETURN_IF_ERROR(CompareRejects(file, articles.defects));
    FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.create_if_missing = false}));
    const auto snapshot = database->GetSnapshot();
    const std::optional<LabelInfo> source = snapshot->FindLabel("Source");
    if (!source.has_value()) return Broken("sources", "no such label");
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> sources,
                           snapshot->EntitiesWithLabel(source->id));
    counts_["articles"] += kArticles;
    if (sources.size() == good) return absl::OkStatus();
    return Broken(absl::StrCat(good, " sources"), absl::StrCat(sources.size()));
  }

  std::mt19937_64 random_;
  Counts& counts_;
  uint64_t lines_ = 0;
  DefectiveLines made_;
  bool is_compressed_ = false;
  const TemporaryFolder folder_;
  std::string file_;
  const std::string path_ = folder_.File("db");
  const std::string rejects_ = folder_.File("rejects");
};

class ImportMachine final : public Machine {
 public:
  absl::string_view name() const override { return "import"; }
  absl::string_view promise() const override {
    return "of lines with planted defects exactly the good ones are stored, once, whatever is "
           "killed";
  }
  absl::StatusOr<uint64_t> Prepare() override { return kCases; }
  bool is_random() const override { return true; }
  absl::Status Run(uint64_t number, Counts* counts) override {
    return ImportCase(number, counts).Run();
  }
};

}  // namespace

std::unique_ptr<Machine> MakeImportMachine() {
  return std::make_unique<ImportMachine>();
}

}  // namespace fasti::torture
