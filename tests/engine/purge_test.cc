#include "fasti/purge.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compat/whole_dump.h"
#include "tests/engine/places_of.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti {
namespace {

namespace fs = std::filesystem;

using ::testing::IsEmpty;
using ::testing::Not;

constexpr Instant kDay = Instant{86400} * 1'000'000;

std::unique_ptr<Database> OpenOrDie(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Database>> database =
      Database::Open(path, {.background_fold = false});
  EXPECT_TRUE(database.ok()) << database.status();
  return *std::move(database);
}

Statement Says(const std::string& subject, const std::string& relation, const std::string& object) {
  Statement statement;
  statement.subject.name = subject;
  statement.relation = relation;
  statement.object = EntityName{.name = object};
  statement.text = absl::StrCat(subject, " ", relation, " ", object, ", it says.");
  return statement;
}

Report Article(const std::string& key, int day, const std::vector<Statement>& statements) {
  Report report;
  report.source.key = key;
  report.source.published = Period::Granule(day * kDay, Precision::kDay);
  for (const Statement& statement : statements) {
    absl::StrAppend(&report.source.text, statement.text, " ");
    report.statements.push_back(statement);
  }
  return report;
}

// Zelmira is told of by one article alone, Quirino by two; a fold lies between them, and a
// transaction adds what rests on no claim.
void Fill(Database& database) {
  const auto report = [&](const Report& article) {
    const auto summary = database.Report(article);
    ASSERT_TRUE(summary.ok()) << summary.status();
  };
  report(Article("https://first.example/zz", 1,
                 {Says("Zelmira", "leads", "Xylandra Works"), Says("Quirino", "leads", "Yttria")}));
  ASSERT_TRUE(database.Fold().ok());
  report(Article("https://second.example/qq", 2,
                 {Says("Quirino", "leads", "Yttria"), Says("Yttria", "buys", "Vandelia")}));
  const auto t = *database.Begin();
  const RelationId note = *t->InternAttribute("note");
  const RelationId met = *t->InternRelation("met");
  const EntityId quirino = t->view().EntitiesNamed("Quirino")->front();
  const EntityId zelmira = t->view().EntitiesNamed("Zelmira")->front();
  ASSERT_TRUE(t->Assert({.subject = quirino,
                         .relation = note,
                         .object = Value(std::string(3000, 'n') + "unwordable")})
                  .ok());
  ASSERT_TRUE(t->Assert({.subject = quirino,
                         .relation = met,
                         .object = Value(zelmira),
                         .qualifiers = {{"where", Value("in Umberleigh Hall")}}})
                  .ok());
  ASSERT_TRUE(t->Commit().ok());
}

std::set<std::string> LinesOf(const std::string& path) {
  const auto database = OpenOrDie(path);
  const std::string text = testing::WholeDump(*database->GetSnapshot()).Text();
  return absl::StrSplit(text, '\n');
}

std::map<std::string, std::string> FilesOf(const std::string& path) {
  std::map<std::string, std::string> files;
  for (const std::string& name : FileNames(path)) {
    const std::string file = absl::StrCat(path, "/", name);
    if (fs::is_regular_file(file) && name != "HOLDER") files[name] = ReadFile(file);
  }
  return files;
}

class PurgeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto database = OpenOrDie(path_);
    Fill(*database);
    CopyFolder(path_, folder_.File("killed"));
    ASSERT_TRUE(database->Close().ok());
  }

  PurgeSummary PurgeOrDie(const PurgeRequest& request) {
    const auto summary = Purge(path_, request, {});
    EXPECT_TRUE(summary.ok()) << summary.status();
    if (!summary.ok()) return {};
    EXPECT_TRUE(summary->is_done);
    EXPECT_FALSE(fs::exists(path_ + ".purging"));
    EXPECT_THAT(*OpenOrDie(path_)->Check(), IsEmpty());
    return *summary;
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
};

TEST_F(PurgeTest, OfAnEntityNothingIsLeftInAnyFileButWhereSourcesNameIt) {
  // The article that names her is erased as well.
  EXPECT_THAT(PlacesOf("Zelmira", path_), Not(IsEmpty()));
  EXPECT_THAT(PlacesOf("Umberleigh", path_), Not(IsEmpty()));
  const std::set<std::string> before = LinesOf(path_);
  const PurgeSummary summary =
      PurgeOrDie({.entity_names = {"zelmira"}, .sources = {"https://first.example/zz"}});
  EXPECT_THAT(summary.naming_sources, IsEmpty());
  for (const char* const erased :
       {"Zelmira", "zelmira", "Umberleigh", "first.example", "Xylandra Works leads"}) {
    EXPECT_THAT(PlacesOf(erased, path_), IsEmpty()) << erased;
  }
  for (const char* const kept : {"Quirino", "Yttria", "Vandelia", "second.example", "unwordable"}) {
    EXPECT_THAT(PlacesOf(kept, path_), Not(IsEmpty())) << kept;
  }
  const std::set<std::string> after = LinesOf(path_);
  for (const std::string& line : before) {
    EXPECT_TRUE(!absl::StrContains(line, "Vandelia") || after.count(line) > 0) << line;
  }
}

TEST_F(PurgeTest, AnEntityGoesWithItsFactsAndEverythingElseStaysAsItWasEvenAsRecorded) {
  const std::set<std::string> before = LinesOf(path_);
  const auto zelmira = OpenOrDie(path_)->GetSnapshot()->EntitiesNamed("Zelmira")->front();
  const PurgeSummary summary = PurgeOrDie({.entities = {zelmira}});
  EXPECT_GT(summary.versions, 0u);
  EXPECT_EQ(summary.claims, 1u);
  EXPECT_EQ(summary.naming_sources.size(), 1u);  // whose text still tells of her
  const std::set<std::string> after = LinesOf(path_);
  for (const std::string& line : after) EXPECT_EQ(before.count(line), 1u) << line;
  const std::string id = absl::StrCat(Raw(zelmira));
  for (const std::string& line : before) {
    if (after.count(line) > 0) continue;
    const bool is_hers = absl::StrContains(line, absl::StrCat("(", id, ")")) ||
                         absl::StrContains(line, absl::StrCat("(#", id, ")")) ||
                         absl::StrContains(line, absl::StrCat("entity ", id)) ||
                         absl::StrContains(line, "Zelmira") ||
                         absl::StrContains(line, "met kind");  // which nothing else uses
    EXPECT_TRUE(is_hers) << line;
  }
}

TEST_F(PurgeTest, OfASourceOnlyWhatOthersTellIsLeft) {
  const PurgeSummary summary = PurgeOrDie({.sources = {"https://first.example/zz"}});
  EXPECT_EQ(summary.texts, 1u);
  EXPECT_EQ(summary.claims, 2u);
  EXPECT_THAT(PlacesOf("first.example", path_), IsEmpty());
  EXPECT_THAT(PlacesOf("Zelmira leads", path_), IsEmpty());
  const auto database = OpenOrDie(path_);
  const auto snapshot = database->GetSnapshot();
  const EntityId quirino = snapshot->EntitiesNamed("Quirino")->front();
  const EntityId yttria = snapshot->EntitiesNamed("Yttria")->front();
  const RelationId leads = snapshot->FindRelation("leads")->id;
  Pattern pattern{.relations = {leads}};
  pattern.view.as_of = Period::Always();
  const auto cursor = snapshot->Scan(pattern);
  std::vector<Fact> facts(8);
  ASSERT_EQ(*(*cursor)->Next(absl::MakeSpan(facts)), 1u);
  EXPECT_EQ(facts[0].subject, quirino);
  EXPECT_EQ(facts[0].object, Term::Entity(yttria));
  EXPECT_EQ(facts[0].known_from, 2 * kDay);  // when the other one was published
  const auto claims = snapshot->Claims(facts[0], Period::Always());
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->size(), 1u);
}

TEST_F(PurgeTest, AFactGoesWithItsClaimsAndQualifiers) {
  VersionId met;
  {
    const auto database = OpenOrDie(path_);
    const auto snapshot = database->GetSnapshot();
    const auto cursor = snapshot->Scan({.relations = {snapshot->FindRelation("met")->id}});
    std::vector<Fact> facts(2);
    ASSERT_EQ(*(*cursor)->Next(absl::MakeSpan(facts)), 1u);
    met = facts[0].version;
  }
  const PurgeSummary summary = PurgeOrDie({.facts = {met}});
  EXPECT_EQ(summary.versions, 1u);
  EXPECT_EQ(summary.relations, 1u);  // which nothing else used
  EXPECT_THAT(PlacesOf("Umberleigh", path_), IsEmpty());
  EXPECT_THAT(PlacesOf("Zelmira", path_), Not(IsEmpty()));
}

TEST_F(PurgeTest, AKilledDatabaseIsPurgedToo) {
  const auto summary =
      Purge(folder_.File("killed"), {.sources = {"https://second.example/qq"}}, {});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(PlacesOf("second.example", folder_.File("killed")), IsEmpty());
  EXPECT_THAT(PlacesOf("Vandelia", folder_.File("killed")), Not(IsEmpty()));  // an entity stays
  EXPECT_THAT(PlacesOf("Yttria buys", folder_.File("killed")), IsEmpty());
}

TEST_F(PurgeTest, WithoutConsentNotAByteChanges) {
  const auto before = FilesOf(path_);
  const PurgeOptions options = {.confirm = [](const PurgeSummary& summary) {
    EXPECT_GT(summary.versions, 0u);
    return false;
  }};
  const auto summary = Purge(path_, {.entity_names = {"Zelmira"}}, options);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_FALSE(summary->is_done);
  EXPECT_EQ(FilesOf(path_), before);
  EXPECT_FALSE(fs::exists(path_ + ".purging"));
}

TEST_F(PurgeTest, IsLoggedByNumbersAlone) {
  EXPECT_EQ(OpenOrDie(path_)->Statistics().at("purges"), 0u);
  PurgeOrDie({.entity_names = {"Zelmira"}});
  PurgeOrDie({.sources = {"https://second.example/qq"}});
  const auto statistics = OpenOrDie(path_)->Statistics();
  EXPECT_EQ(statistics.at("purges"), 2u);
  EXPECT_EQ(statistics.at("purged_entities"), 1u);
  EXPECT_EQ(statistics.at("purged_sources"), 1u);
  EXPECT_GT(statistics.at("purged_versions"), 0u);
  EXPECT_GT(statistics.at("purge_last"), 0u);
}

TEST_F(PurgeTest, WhatIsNotThereOrNotToBeToldApartIsRefused) {
  EXPECT_TRUE(absl::IsNotFound(Purge(path_, {.entity_names = {"Nobody"}}, {}).status()));
  EXPECT_TRUE(absl::IsNotFound(Purge(path_, {.sources = {"https://none"}}, {}).status()));
  EXPECT_TRUE(
      absl::IsNotFound(Purge(path_, {.facts = {static_cast<VersionId>(99'999)}}, {}).status()));
  EXPECT_TRUE(
      absl::IsNotFound(Purge(path_, {.entities = {static_cast<EntityId>(99'999)}}, {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Purge(path_, {}, {}).status()));
  EXPECT_TRUE(absl::IsNotFound(Purge(folder_.File("absent"), {}, {}).status()));
  const auto database = OpenOrDie(path_);
  EXPECT_TRUE(absl::IsUnavailable(Purge(path_, {.entity_names = {"Zelmira"}}, {}).status()));
}

TEST_F(PurgeTest, WhatAKilledPurgeLeftIsClearedAwayByTheNextOpening) {
  fs::create_directories(path_ + ".purging/database");
  WriteFile(path_ + ".purging/database/000001.sst", "Zelmira");
  ASSERT_TRUE(OpenOrDie(path_)->Close().ok());
  EXPECT_FALSE(fs::exists(path_ + ".purging"));
}

}  // namespace
}  // namespace fasti
