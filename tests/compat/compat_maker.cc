// compat_maker FOLDER: makes the databases of this version that later ones must open (README.md).

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/codec/sample_values.h"
#include "tests/compat/whole_dump.h"
#include "tests/support/files.h"

namespace fasti {
namespace {

constexpr size_t kTextBytes = 1500;
constexpr Instant kDay = Instant{86400} * 1'000'000;
constexpr Instant kBeginning = Instant{1'750'000'000} * 1'000'000;  // June 2025

absl::Status Declare(Transaction& transaction) {
  FASTI_RETURN_IF_ERROR(transaction.DeclareLabel("Organization", ""));
  FASTI_RETURN_IF_ERROR(transaction.DeclareLabel("Company", "Organization"));
  FASTI_RETURN_IF_ERROR(transaction.DeclareRelation({.name = "invests_in",
                                                     .kind = RelationKind::kEvent,
                                                     .policy = Policy::kLatest,
                                                     .key_qualifiers = {"role"},
                                                     .merge_window_days = 30}));
  FASTI_RETURN_IF_ERROR(transaction.DeclareRelation(
      {.name = "leads", .kind = RelationKind::kState, .functional = true, .inverse = "led_by"}));
  FASTI_RETURN_IF_ERROR(transaction.DeclareRelation(
      {.name = "married_to", .kind = RelationKind::kState, .symmetric = true}));
  return transaction.DeclareRelation({.name = "revenue",
                                      .is_attribute = true,
                                      .kind = RelationKind::kMetric,
                                      .unit = "USD",
                                      .policy = Policy::kMedian});
}

// An attribute with each kind of value, a fact with each kind of period, and what else a
// transaction writes.
absl::Status CommitOneOfEach(Database& database) {
  FASTI_ASSIGN_OR_RETURN(const auto t, database.Begin());
  FASTI_RETURN_IF_ERROR(Declare(*t));
  FASTI_ASSIGN_OR_RETURN(const RelationId sample, t->InternAttribute("sample"));
  FASTI_ASSIGN_OR_RETURN(const RelationId name, t->InternAttribute("name"));
  FASTI_ASSIGN_OR_RETURN(const RelationId knows, t->InternRelation("knows"));
  FASTI_ASSIGN_OR_RETURN(const LabelId company, t->InternLabel("Company"));
  FASTI_ASSIGN_OR_RETURN(const EntityId one, t->CreateEntity());
  FASTI_ASSIGN_OR_RETURN(const EntityId other, t->CreateEntity());
  FASTI_RETURN_IF_ERROR(t->AddLabel(one, company));
  FASTI_RETURN_IF_ERROR(t->SetAttribute(one, name, Value("Ren\xc3\xa9")));
  std::vector<Value> values = codec::SampleValues();
  for (Value& value : values) {
    if (value.is(Value::Kind::kString) && value.as_string().size() > kTextBytes) {
      value = Value(std::string(kTextBytes, 'z'));  // over the size that makes it a long one
    }
    FASTI_RETURN_IF_ERROR(
        t->Assert({.subject = one, .relation = sample, .object = value}).status());
  }
  for (const char* const period :
       {"..", "?..?", "2025", "2025..", "..2025", "2025..?", "?..2025", "19xx", "198x", "2025-H1",
        "2025-Q2", "2025-06", "2025-06-12", "2025-06-12T14", "2025-06-12T14:01",
        "2025-06-12T14:01:05", "2025-06-12T14:01:05.000001", "2025-06-12..2026", "1066..1087"}) {
    const absl::StatusOr<Period> valid = ParsePeriod(period);
    if (!valid.ok()) continue;
    FASTI_RETURN_IF_ERROR(t->Assert({.subject = one,
                                     .relation = knows,
                                     .object = Value(other),
                                     .valid = *valid,
                                     .qualifiers = {{"where", Value(period)}}})
                              .status());
  }
  for (const Modality modality : {Modality::kReported, Modality::kExpected, Modality::kPlanned}) {
    FASTI_RETURN_IF_ERROR(t->Assert({.subject = other,
                                     .relation = knows,
                                     .object = Value(one),
                                     .modality = modality,
                                     .known_from = kBeginning,
                                     .known_to = kBeginning + kDay})
                              .status());
  }
  return t->Commit().status();
}

Report InvestmentReport(int day, double amount, Stance stance) {
  Report report;
  report.source.key = absl::StrCat("https://example.org/", day);
  report.source.title = "Meta and Scale AI";
  report.source.published = Period::Granule(kBeginning + day * kDay, Precision::kDay);
  report.source.text = "Meta invested in Scale AI.";
  report.batch_id = static_cast<uint64_t>(day);
  Statement statement;
  statement.subject = {.name = "Meta", .label = "Company", .aliases = {"Facebook"}};
  statement.relation = "invests_in";
  statement.object = EntityName{.name = "Scale AI", .label = "Company"};
  statement.valid = Period::Granule(kBeginning, Precision::kMonth);
  statement.qualifiers = {{"amount", Value(Quantity::Exactly(amount, "USD"))},
                          {"role", Value("buyer")}};
  statement.stance = stance;
  statement.confidence = 0.75;
  statement.extractor = "compat_maker";
  statement.span = {0, 26};
  report.statements.push_back(statement);
  return report;
}

absl::Status LoadMany(Database& database) {
  FASTI_ASSIGN_OR_RETURN(const auto loader, database.BeginBulkLoad({}));
  std::vector<BulkRefusal> refused;
  for (int i = 0; i < 200; ++i) {
    const std::string object = absl::StrCat("person ", i % 50);
    const BulkFact fact = {.subject = "hub",
                           .relation = "met",
                           .object = object,
                           .valid = Period::Granule(kBeginning + i * kDay, Precision::kDay)};
    FASTI_RETURN_IF_ERROR(loader->Add({fact}, &refused));
  }
  if (!refused.empty()) return refused.front().reason;
  return loader->Finish().status();
}

// What ends versions: retractions, a source withdrawn, an entity deleted.
absl::Status TakeSomeBack(Database& database, EntityId source) {
  FASTI_ASSIGN_OR_RETURN(const auto t, database.Begin());
  FASTI_RETURN_IF_ERROR(t->RetractSource(source));
  FASTI_ASSIGN_OR_RETURN(const RelationId met, t->InternRelation("met"));
  const auto cursor = t->view().Scan({.relations = {met}});
  FASTI_RETURN_IF_ERROR(cursor.status());
  std::vector<Fact> facts(7);
  FASTI_ASSIGN_OR_RETURN(const size_t count, (*cursor)->Next(absl::MakeSpan(facts)));
  for (size_t i = 0; i < count; ++i) FASTI_RETURN_IF_ERROR(t->Retract(facts[i].version));
  FASTI_ASSIGN_OR_RETURN(const EntityId short_lived, t->CreateEntity());
  FASTI_RETURN_IF_ERROR(t->DeleteEntity(short_lived));
  return t->Commit().status();
}

absl::Status Make(const std::string& folder) {
  if (std::filesystem::exists(folder)) {
    return absl::FailedPreconditionError(absl::StrCat(folder, ": exists, and must not change"));
  }
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/closed";
  Instant clock = kBeginning + 30 * kDay;  // when all of it has been published
  Options options;
  options.clock = [&clock] { return clock += 1'000'000; };
  options.background_fold = false;
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, options));
  FASTI_RETURN_IF_ERROR(CommitOneOfEach(*database));
  FASTI_RETURN_IF_ERROR(database->Report(InvestmentReport(1, 15e9, Stance::kSupports)).status());
  FASTI_ASSIGN_OR_RETURN(const ReportSummary withdrawn,
                         database->Report(InvestmentReport(2, 14.8e9, Stance::kSupports)));
  FASTI_RETURN_IF_ERROR(database->Fold());
  FASTI_RETURN_IF_ERROR(LoadMany(*database));
  FASTI_RETURN_IF_ERROR(database->Report(InvestmentReport(5, 14.3e9, Stance::kSupports)).status());
  FASTI_RETURN_IF_ERROR(database->Fold());
  FASTI_RETURN_IF_ERROR(TakeSomeBack(*database, withdrawn.source));
  FASTI_RETURN_IF_ERROR(database->Report(InvestmentReport(9, 14.3e9, Stance::kDenies)).status());
  CopyFolder(path, folder + "/killed");
  FASTI_RETURN_IF_ERROR(database->Backup(folder + "/backups", {}).status());
  WriteFile(folder + "/contents.txt", testing::WholeDump(*database->GetSnapshot()).Text());
  return database->Close();
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const absl::Status status = fasti::Make(argv[1]);
  if (!status.ok()) std::fprintf(stderr, "%s: %s\n", argv[0], status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
