// fasti stats: what a database holds, and where its bytes are.

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tools/command.h"

namespace fasti::tools {
namespace {

constexpr absl::string_view kBytesPrefix = "bytes_";
// Moments rather than numbers.
constexpr absl::string_view kMomentPrefix = "writing_";
constexpr absl::string_view kPurgeMoment = "purge_last";
constexpr size_t kFactsAtOnce = 1024;

struct StatsArguments {
  std::string database;
  bool relations = false;
};

// 1234567 as 1,234,567.
std::string Grouped(uint64_t number) {
  std::string digits = absl::StrCat(number);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
  return digits;
}

std::string ByteSize(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < std::size(kUnits)) {
    size /= 1024;
    ++unit;
  }
  return absl::StrFormat("%.*f %s", unit == 0 ? 0 : 1, size, kUnits[unit]);
}

std::string SecondText(uint64_t micros) {
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%SZ",
                          absl::FromUnixMicros(static_cast<int64_t>(micros)), absl::UTCTimeZone());
}

void PrintFigures(const std::map<std::string, uint64_t>& figures) {
  size_t width = 0;
  for (const auto& [name, value] : figures) width = std::max(width, name.size());
  const uint64_t rows = figures.at("rows");
  for (const auto& [name, value] : figures) {
    const bool is_moment = absl::StartsWith(name, kMomentPrefix) || name == kPurgeMoment;
    const std::string shown = is_moment ? SecondText(value) : Grouped(value);
    std::string remark;
    if (absl::StartsWith(name, kBytesPrefix)) {
      remark = ByteSize(value);
      if (rows > 0)
        absl::StrAppendFormat(&remark, ", %.1f a row",
                              static_cast<double>(value) / static_cast<double>(rows));
    }
    std::printf("%-*s  %20s%s%s\n", static_cast<int>(width), name.c_str(), shown.c_str(),
                remark.empty() ? "" : "  ", remark.c_str());
  }
}

// What is known now of one relation or attribute.
struct RelationFigures {
  uint64_t facts = 0;
  uint64_t subjects = 0;
  uint64_t objects = 0;
  StartCounts months;
};

absl::StatusOr<RelationFigures> FiguresOf(const Snapshot& snapshot, const RelationInfo& relation) {
  const Pattern pattern{.relations = {relation.id}, .attributes = true};
  RelationFigures figures;
  absl::flat_hash_set<EntityId> subjects;
  absl::flat_hash_set<uint64_t> objects;
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<EndsCursor> cursor, snapshot.ScanEnds(pattern));
  std::vector<FactEnds> facts(kFactsAtOnce);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(facts)));
    if (count == 0) break;
    figures.facts += count;
    for (size_t i = 0; i < count; ++i) {
      subjects.insert(facts[i].subject);
      objects.insert(facts[i].object.bits());
    }
  }
  figures.subjects = subjects.size();
  figures.objects = objects.size();
  FASTI_ASSIGN_OR_RETURN(figures.months, snapshot.CountByStart(pattern, Precision::kMonth, {}));
  return figures;
}

std::string MonthText(Instant instant) {
  return absl::FormatTime("%E4Y-%m", absl::FromUnixMicros(instant), absl::UTCTimeZone());
}

absl::Status PrintRelations(const Snapshot& snapshot) {
  std::printf("\n%-32s  %14s  %12s  %12s  %9s  %9s  %9s\n", "relation", "facts", "subjects",
              "objects", "first", "last", "busiest");
  for (const RelationInfo& relation : snapshot.Relations()) {
    FASTI_ASSIGN_OR_RETURN(const RelationFigures figures, FiguresOf(snapshot, relation));
    const auto& months = figures.months.granules;
    const auto busiest =
        std::max_element(months.begin(), months.end(),
                         [](const auto& a, const auto& b) { return a.facts < b.facts; });
    const auto shown = [&](bool has, Instant instant) { return has ? MonthText(instant) : "-"; };
    const bool has = !months.empty();
    std::printf("%-32s  %14s  %12s  %12s  %9s  %9s  %9s\n",
                absl::StrCat(relation.is_attribute ? "." : "", relation.name).c_str(),
                Grouped(figures.facts).c_str(), Grouped(figures.subjects).c_str(),
                Grouped(figures.objects).c_str(), shown(has, has ? months.front().from : 0).c_str(),
                shown(has, has ? months.back().from : 0).c_str(),
                shown(has, has ? busiest->from : 0).c_str());
  }
  return absl::OkStatus();
}

absl::Status PrintStats(const StatsArguments& arguments) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, OpenToRead(arguments.database));
  PrintFigures(database->Statistics());
  if (arguments.relations) FASTI_RETURN_IF_ERROR(PrintRelations(*database->GetSnapshot()));
  return database->Close();
}

int RunStats(const StatsArguments& arguments) {
  const absl::Status status = PrintStats(arguments);
  return status.ok() ? kSuccess : Fail("", status);
}

}  // namespace

CommandBody DeclareStats(CLI::App& app) {
  auto arguments = std::make_shared<StatsArguments>();
  app.add_option("DATABASE", arguments->database, "directory of the database")->required();
  app.add_flag(
      "--relations", arguments->relations,
      "also, for each relation and attribute: facts known now, how many different subjects "
      "and objects they have, the first, the last and the busiest month in which they "
      "begin; reads all of them");
  app.footer(
      "Rows are facts, attributes and one for each entity, in all their versions. They are kept "
      "in\n"
      "four orders, of which bytes_post_* tells the sizes. What writers did and waited for "
      "(commit_*,\n"
      "fold_*, store_*) is counted by the process that wrote last, from writing_since to its last "
      "fold\n"
      "at writing_until; *_us are microseconds. Opens the database read-only, so it may run beside "
      "a\n"
      "program that writes it.");
  return [arguments] { return RunStats(*arguments); };
}

}  // namespace fasti::tools
