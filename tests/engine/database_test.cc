#include "fasti/database.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/codec/catalog_record.h"
#include "engine/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::unique_ptr<Database> OpenOrDie(absl::string_view path, const Options& options = {}) {
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path, options);
  EXPECT_TRUE(database.ok()) << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

std::unique_ptr<Transaction> BeginOrDie(Database& database) {
  absl::StatusOr<std::unique_ptr<Transaction>> transaction = database.Begin();
  EXPECT_TRUE(transaction.ok()) << transaction.status();
  return transaction.ok() ? *std::move(transaction) : nullptr;
}

Period At(absl::string_view text) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  EXPECT_TRUE(period.ok()) << period.status();
  return *period;
}

std::vector<Fact> FactsOf(const Snapshot& snapshot, const Pattern& pattern) {
  std::vector<Fact> facts;
  auto cursor = snapshot.Scan(pattern);
  EXPECT_TRUE(cursor.ok()) << cursor.status();
  std::vector<Fact> some(100);
  while (true) {
    const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(some));
    EXPECT_TRUE(n.ok()) << n.status();
    if (!n.ok() || *n == 0) return facts;
    facts.insert(facts.end(), some.begin(), some.begin() + static_cast<ptrdiff_t>(*n));
  }
}

// Two people and what one does to the other, as a start for tests.
struct Couple {
  EntityId ada;
  EntityId bob;
  RelationId knows;
  RelationId name;
};

Couple AddCouple(Transaction& t) {
  Couple couple{.ada = *t.CreateEntity(),
                .bob = *t.CreateEntity(),
                .knows = *t.InternRelation("knows"),
                .name = *t.InternAttribute("name")};
  EXPECT_TRUE(t.SetAttribute(couple.ada, couple.name, Value("Ada")).ok());
  EXPECT_TRUE(t.SetAttribute(couple.bob, couple.name, Value("Bób")).ok());
  return couple;
}

FactDraft Knows(const Couple& couple) {
  return {.subject = couple.ada, .relation = couple.knows, .object = Value(couple.bob)};
}

TEST(DatabaseTest, AClosedDatabaseIsFoundAgainAsItWas) {
  const TemporaryFolder folder;
  Couple couple;
  VersionId version;
  {
    const auto database = OpenOrDie(folder.File("db"));
    const auto t = BeginOrDie(*database);
    couple = AddCouple(*t);
    version = t->Assert(Knows(couple))->version;
    ASSERT_TRUE(t->Commit().ok());
    ASSERT_TRUE(database->Close().ok());
  }
  const auto database = OpenOrDie(folder.File("db"), {.create_if_missing = false});
  EXPECT_EQ(database->Statistics().at("overlay_rows"), 0);
  const auto snapshot = database->GetSnapshot();
  const std::vector<Fact> facts = FactsOf(*snapshot, {.subject = couple.ada, .relations = {}});
  ASSERT_THAT(facts, SizeIs(1));
  EXPECT_EQ(facts[0].version, version);
  EXPECT_EQ(snapshot->FindRelation("knows")->id, couple.knows);
  EXPECT_THAT(*snapshot->EntitiesNamed("  BOB "), ElementsAre(couple.bob));
  EXPECT_THAT(*snapshot->AllEntities(), ElementsAre(couple.ada, couple.bob));
}

TEST(DatabaseTest, ClosesOnlyWhenNobodyReads) {
  const auto database = OpenOrDie(":memory:");
  auto snapshot = database->GetSnapshot();
  EXPECT_TRUE(absl::IsFailedPrecondition(database->Close()));
  EXPECT_THAT(*snapshot->AllEntities(), IsEmpty());
  auto cursor = *snapshot->Scan({});
  snapshot.reset();
  EXPECT_TRUE(absl::IsFailedPrecondition(database->Close()));
  cursor.reset();
  EXPECT_TRUE(database->Close().ok());
  EXPECT_TRUE(database->Close().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(database->Begin().status()));
}

TEST(DatabaseTest, AnAbsentDatabaseIsOnlyCreatedOnRequest) {
  const TemporaryFolder folder;
  EXPECT_TRUE(
      absl::IsNotFound(Database::Open(folder.File("db"), {.create_if_missing = false}).status()));
  EXPECT_TRUE(absl::IsNotFound(Database::Open(folder.File("db"), {.read_only = true}).status()));
}

TEST(DatabaseTest, OneDatabaseHasOneWriter) {
  const TemporaryFolder folder;
  const auto first = OpenOrDie(folder.File("db"));
  const auto second = Database::Open(folder.File("db"), {});
  EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
}

// The files of a database, by name, with what is in them.
std::map<std::string, std::string> FilesOf(const std::string& path) {
  std::map<std::string, std::string> files;
  for (const std::string& name : FileNames(path)) {
    if (std::filesystem::is_regular_file(path + "/" + name))
      files[name] = ReadFile(path + "/" + name);
  }
  return files;
}

struct FormatCase {
  const char* name;
  codec::FormatRecord format;
  const char* message;
};

TEST(DatabaseTest, AFormatThatIsNotOursIsRefusedAndNoByteIsChanged) {
  const FormatCase kCases[] = {
      {"newer", {.major = codec::kFormatMajor + 1}, "has format 2.0, this program reads format 1"},
      {"feature", {.features = {"time_travel"}}, "uses 'time_travel', which this program does not"},
  };
  for (const FormatCase& test : kCases) {
    SCOPED_TRACE(test.name);
    const TemporaryFolder folder;
    const std::string path = folder.File("db"), killed = folder.File("killed");
    ASSERT_TRUE(OpenOrDie(path)->Close().ok());
    codec::FormatRecord format = test.format;
    format.database_id = "0123456789abcdef";
    {
      auto store = storage::OpenRocksStore(path, {});
      ASSERT_TRUE(store.ok());
      storage::Batch batch;
      batch.Put(storage::Family::kDefault, codec::FormatKey(), codec::EncodeFormat(format));
      ASSERT_TRUE((*store)->Write(batch, storage::Durability::kSync).ok());
      CopyFolder(path, killed);  // the record is in the log only
    }
    for (const std::string& database : {path, killed}) {
      const std::map<std::string, std::string> before = FilesOf(database);
      for (const bool read_only : {false, true}) {
        const absl::Status status = Database::Open(database, {.read_only = read_only}).status();
        EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
        EXPECT_THAT(status.message(), HasSubstr(test.message));
        EXPECT_EQ(FilesOf(database), before);
      }
    }
  }
}

TEST(DatabaseTest, ANewerMinorVersionIsOpened) {
  const TemporaryFolder folder;
  ASSERT_TRUE(OpenOrDie(folder.File("db"))->Close().ok());
  {
    auto store = storage::OpenRocksStore(folder.File("db"), {});
    ASSERT_TRUE(store.ok());
    storage::Batch batch;
    batch.Put(
        storage::Family::kDefault, codec::FormatKey(),
        codec::EncodeFormat({.minor = codec::kFormatMinor + 1, .database_id = "0123456789abcdef"}));
    ASSERT_TRUE((*store)->Write(batch, storage::Durability::kSync).ok());
  }
  EXPECT_TRUE(Database::Open(folder.File("db"), {}).ok());
}

TEST(DatabaseTest, AStoreWithoutFormatRecordIsNoDatabase) {
  const TemporaryFolder folder;
  {
    auto store = storage::OpenRocksStore(folder.File("db"), {});
    ASSERT_TRUE(store.ok()) << store.status();
    storage::Batch batch;
    batch.Put(storage::Family::kText, "key", "value");
    ASSERT_TRUE((*store)->Write(batch, storage::Durability::kSync).ok());
  }
  const absl::Status status = Database::Open(folder.File("db"), {}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
}

TEST(TransactionTest, SeesItsOwnWritesAndNobodyElseDoesBeforeCommit) {
  const auto database = OpenOrDie(":memory:");
  const auto t = BeginOrDie(*database);
  const Couple couple = AddCouple(*t);
  const LabelId person = *t->InternLabel("Person");
  ASSERT_TRUE(t->AddLabel(couple.ada, person).ok());
  const Fact fact = *t->Assert(Knows(couple));
  EXPECT_THAT(FactsOf(t->view(), {.subject = couple.ada}), SizeIs(1));
  EXPECT_EQ(t->view().Attribute(couple.ada, couple.name, {})->as_string(), "Ada");
  EXPECT_THAT(*t->view().EntitiesNamed("ada"), ElementsAre(couple.ada));
  EXPECT_THAT(*t->view().EntitiesWithLabel(person), ElementsAre(couple.ada));

  const auto before = database->GetSnapshot();
  EXPECT_THAT(*before->AllEntities(), IsEmpty());
  EXPECT_EQ(before->FindRelation("knows"), std::nullopt);
  EXPECT_TRUE(absl::IsNotFound(before->FindVersion(fact.version).status()));

  ASSERT_TRUE(t->Retract(fact.version).ok());
  EXPECT_THAT(FactsOf(t->view(), {.subject = couple.ada}), IsEmpty());
  const Sequence sequence = *t->Commit();
  EXPECT_THAT(*before->AllEntities(), IsEmpty());
  const auto after = database->GetSnapshot();
  EXPECT_EQ(after->sequence(), sequence);
  EXPECT_THAT(*after->AllEntities(), ElementsAre(couple.ada, couple.bob));
  EXPECT_NE(after->FindVersion(fact.version)->gone, 0);
}

TEST(TransactionTest, GivenUpItLeavesNoTrace) {
  const auto database = OpenOrDie(":memory:");
  {
    const auto t = BeginOrDie(*database);
    AddCouple(*t);
  }
  const auto t = BeginOrDie(*database);
  EXPECT_EQ(t->view().FindRelation("knows"), std::nullopt);
  EXPECT_EQ(*t->view().FindTerm(Value("Ada")), std::nullopt);
  EXPECT_EQ(*t->CreateEntity(), static_cast<EntityId>(1));
  ASSERT_TRUE(t->Commit().ok());
  EXPECT_THAT(*database->GetSnapshot()->AllEntities(), SizeIs(1));
}

TEST(TransactionTest, BadDraftsAreRefusedAndNothingOfThemStays) {
  const auto database = OpenOrDie(":memory:");
  const auto t = BeginOrDie(*database);
  const Couple couple = AddCouple(*t);
  ASSERT_TRUE(t->DeclareRelation({.name = "met", .kind = RelationKind::kEvent}).ok());
  const RelationId met = *t->InternRelation("met");
  const Sequence before = t->view().sequence();
  Period backwards = At("2025");
  std::swap(backwards.from, backwards.to);
  const FactDraft bad[] = {
      {.subject = couple.ada, .relation = couple.knows, .object = Value()},
      {.subject = couple.ada, .relation = couple.knows, .object = Value("a literal")},
      {.subject = couple.ada, .relation = couple.name, .object = Value(couple.bob)},
      {.subject = couple.ada, .relation = couple.name, .object = Value(Map{{"a", Value(1)}})},
      {.subject = couple.ada, .relation = couple.name, .object = Value(List{Value(couple.bob)})},
      {.subject = couple.ada, .relation = couple.name, .object = Value("\xff")},
      {.subject = couple.ada,
       .relation = couple.name,
       .object = Value(std::string((1 << 20) + 1, 'x'))},
      {.subject = couple.ada,
       .relation = couple.knows,
       .object = Value(couple.bob),
       .valid = backwards},
      {.subject = couple.ada, .relation = met, .object = Value(couple.bob)},  // open ends
      {.subject = couple.ada,
       .relation = couple.knows,
       .object = Value(couple.bob),
       .qualifiers = {{"role", Value()}}},
      {.subject = couple.ada,
       .relation = couple.knows,
       .object = Value(couple.bob),
       .qualifiers = {{"role", Value(std::string(70'000, 'x'))}}},  // over one record
  };
  for (const FactDraft& draft : bad) {
    const absl::Status status = t->Assert(draft).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  }
  FactDraft nobody = Knows(couple);
  nobody.subject = static_cast<EntityId>(99);
  EXPECT_TRUE(absl::IsNotFound(t->Assert(nobody).status()));
  EXPECT_EQ(t->view().sequence(), before);
  EXPECT_TRUE(t->Assert({.subject = couple.ada,
                         .relation = couple.name,
                         .object = Value(std::string(1 << 20, 'x'))})
                  .ok());
}

TEST(TransactionTest, ADeclarationThatFactsForbidIsRefused) {
  const auto database = OpenOrDie(":memory:");
  const auto t = BeginOrDie(*database);
  const Couple couple = AddCouple(*t);
  ASSERT_TRUE(t->Assert(Knows(couple)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      t->DeclareRelation({.name = "knows", .kind = RelationKind::kEvent})));
  EXPECT_TRUE(absl::IsInvalidArgument(
      t->DeclareRelation({.name = "worth", .kind = RelationKind::kMetric})));
  ASSERT_TRUE(t->DeclareLabel("Company", "Organization").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(t->DeclareLabel("Organization", "Company")));
}

TEST(TransactionTest, AnEntityGoesOnlyWithoutRelationships) {
  const auto database = OpenOrDie(":memory:");
  const auto t = BeginOrDie(*database);
  const Couple couple = AddCouple(*t);
  const LabelId person = *t->InternLabel("Person");
  ASSERT_TRUE(t->AddLabel(couple.bob, person).ok());
  const Fact fact = *t->Assert(Knows(couple));
  EXPECT_TRUE(absl::IsFailedPrecondition(t->DeleteEntity(couple.ada)));
  EXPECT_TRUE(absl::IsFailedPrecondition(t->DeleteEntity(couple.bob)));
  ASSERT_TRUE(t->Retract(fact.version).ok());
  ASSERT_TRUE(t->DeleteEntity(couple.bob).ok());
  EXPECT_FALSE(*t->view().Exists(couple.bob));
  EXPECT_THAT(*t->view().EntitiesWithLabel(person), IsEmpty());
  EXPECT_THAT(*t->view().EntitiesNamed("bob"), IsEmpty());
  EXPECT_TRUE(t->view().Attributes(couple.bob, {})->empty());
  EXPECT_TRUE(absl::IsNotFound(t->DeleteEntity(couple.bob)));
}

// Writers remember which entities exist; what became of a transaction must show in that memory.
TEST(TransactionTest, FactsAreRefusedOfEntitiesThatAreDeletedOrWereNeverCommitted) {
  const auto database = OpenOrDie(":memory:");
  const auto t = BeginOrDie(*database);
  const Couple couple = AddCouple(*t);
  ASSERT_TRUE(t->Assert(Knows(couple)).ok());
  ASSERT_TRUE(t->Commit().ok());
  const auto assert_in_new_transaction = [&](const FactDraft& draft) {
    return BeginOrDie(*database)->Assert(draft).status();
  };
  FactDraft of_nobody = Knows(couple);
  {
    const auto abandoned = BeginOrDie(*database);
    of_nobody.object = Value(*abandoned->CreateEntity());
    EXPECT_TRUE(abandoned->Assert(of_nobody).ok());
  }
  EXPECT_TRUE(absl::IsNotFound(assert_in_new_transaction(of_nobody)));

  const FactDraft of_bob = {.subject = couple.bob, .relation = couple.name, .object = Value("B")};
  const auto delete_bob = [&](Transaction& transaction) {
    const std::vector<Fact> facts = FactsOf(transaction.view(), {.relations = {couple.knows}});
    ASSERT_THAT(facts, SizeIs(1));
    ASSERT_TRUE(transaction.Retract(facts[0].version).ok());
    ASSERT_TRUE(transaction.DeleteEntity(couple.bob).ok());
    EXPECT_TRUE(absl::IsNotFound(transaction.Assert(of_bob).status()));
  };
  delete_bob(*BeginOrDie(*database));  // and abandons it
  EXPECT_TRUE(assert_in_new_transaction(of_bob).ok());
  {
    const auto committed = BeginOrDie(*database);
    delete_bob(*committed);
    ASSERT_TRUE(committed->Commit().ok());
  }
  EXPECT_TRUE(absl::IsNotFound(assert_in_new_transaction(of_bob)));
}

TEST(TransactionTest, WritersTakeTurnsAndEachSeesTheOneBefore) {
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  const auto database = OpenOrDie(":memory:");
  EntityId counter;
  RelationId value;
  {
    const auto t = BeginOrDie(*database);
    counter = *t->CreateEntity();
    value = *t->InternAttribute("value");
    ASSERT_TRUE(t->SetAttribute(counter, value, Value(0)).ok());
    ASSERT_TRUE(t->Commit().ok());
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        const auto t = BeginOrDie(*database);
        const int64_t old = t->view().Attribute(counter, value, {})->as_int();
        EXPECT_TRUE(t->SetAttribute(counter, value, Value(old + 1)).ok());
        const absl::StatusOr<Sequence> sequence = t->Commit();
        EXPECT_TRUE(sequence.ok()) << sequence.status();
        // A read that begins after the commit sees it.
        EXPECT_GE(database->GetSnapshot()->sequence(), *sequence);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(database->GetSnapshot()->Attribute(counter, value, {})->as_int(), kThreads * kEach);
}

TEST(SnapshotTest, AnswersTheSameWhileOthersWriteAndFold) {
  const auto database = OpenOrDie(":memory:", {.fold_rows = 200});
  Couple couple;
  {
    const auto t = BeginOrDie(*database);
    couple = AddCouple(*t);
    ASSERT_TRUE(t->Commit().ok());
  }
  std::atomic<bool> stop = false;
  std::atomic<int> reads = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto snapshot = database->GetSnapshot();
        // Every commit retracts one fact and asserts two, so the state tells how many there are.
        const size_t first = FactsOf(*snapshot, {.subject = couple.ada}).size();
        const size_t again = FactsOf(*snapshot, {.object = Term::Entity(couple.bob)}).size();
        const size_t all = FactsOf(*snapshot, {.relations = {couple.knows}}).size();
        EXPECT_EQ(first, again);
        EXPECT_EQ(first, all);
        ++reads;
      }
    });
  }
  VersionId last = VersionId::kNone;
  for (int i = 0; i < 400; ++i) {
    const auto t = BeginOrDie(*database);
    if (last != VersionId::kNone) {
      EXPECT_TRUE(t->Retract(last).ok());
    }
    FactDraft draft = Knows(couple);
    draft.valid = Period::Granule(Instant{86'400'000'000} * (i % 50), Precision::kDay);
    EXPECT_TRUE(t->Assert(draft).ok());
    last = t->Assert(draft)->version;
    EXPECT_TRUE(t->Commit().ok());
    EXPECT_EQ(FactsOf(*database->GetSnapshot(), {.subject = couple.ada}).size(),
              static_cast<size_t>(i) + 2);
  }
  while (reads < 10) std::this_thread::yield();
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(database->Statistics().at("folded_sequence"), 0);
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST(SnapshotTest, ShowsWholeCommitsOfManyWritersAndAllThatWereAcknowledged) {
  constexpr int kWriters = 3;
  constexpr int kEach = 60;
  constexpr int kFactsEach = 5;
  const TemporaryFolder folder;
  const auto database =
      OpenOrDie(folder.File("db"), {.durability = Durability::kBuffered, .fold_rows = 100});
  Couple couple;
  {
    const auto t = BeginOrDie(*database);
    couple = AddCouple(*t);
    ASSERT_TRUE(t->Commit().ok());
  }
  std::atomic<int> acknowledged = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        const auto t = BeginOrDie(*database);
        for (int k = 0; k < kFactsEach; ++k) EXPECT_TRUE(t->Assert(Knows(couple)).ok());
        EXPECT_TRUE(t->Commit().ok());
        ++acknowledged;
      }
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (size_t seen = 0;
           seen < size_t{kWriters} * kEach * kFactsEach && !::testing::Test::HasFailure();) {
        const auto least = static_cast<size_t>(acknowledged) * kFactsEach;
        const auto snapshot = database->GetSnapshot();
        const size_t facts = FactsOf(*snapshot, {.subject = couple.ada}).size();
        EXPECT_EQ(facts, FactsOf(*snapshot, {.relations = {couple.knows}}).size());
        EXPECT_EQ(facts % kFactsEach, 0);
        EXPECT_GE(facts, std::max(seen, least));
        seen = facts;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Of more rows than a fold takes; on a busy machine it may begin late.
  while (database->Statistics().at("folds") == 0) std::this_thread::yield();
  const auto statistics = database->Statistics();
  EXPECT_EQ(statistics.at("commits"), 1 + kWriters * kEach);
  EXPECT_LE(statistics.at("commit_writes"), statistics.at("commits"));
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST(SnapshotTest, AnAttributeIsWhatBeganLastByNowOrInTheScope) {
  const Instant now = At("2025-06-15").from;
  const auto database = OpenOrDie(":memory:", {.clock = [now] { return now; }});
  const auto t = BeginOrDie(*database);
  const EntityId ada = *t->CreateEntity();
  const RelationId post = *t->InternAttribute("post");
  const auto add = [&](absl::string_view valid, absl::string_view value, Map qualifiers = {}) {
    ASSERT_TRUE(t->Assert({.subject = ada,
                           .relation = post,
                           .object = Value(value),
                           .valid = At(valid),
                           .qualifiers = std::move(qualifiers)})
                    .ok());
  };
  const auto post_at = [&](absl::string_view scope) {
    View view;
    if (!scope.empty()) view.valid = {{ValidTest::Kind::kAt, At(scope)}};
    return FormatValue(*t->view().Attribute(ada, post, view));
  };
  EXPECT_EQ(post_at(""), "null");
  add("..", "pupil");
  EXPECT_EQ(post_at(""), "'pupil'");
  add("2010..2012", "clerk");
  add("2020..", "head");
  add("2020..", "chief");  // as early: the greater value
  add("2026..", "owner");  // not yet
  add("2021..", "acting", {{"role", Value("deputy")}});
  EXPECT_EQ(post_at(""), "'head'");
  EXPECT_EQ(post_at("2011"), "'clerk'");
  EXPECT_EQ(post_at("2015"), "'pupil'");
  EXPECT_EQ(post_at("2030"), "'owner'");
  EXPECT_EQ(FormatValue(Value(*t->view().Attributes(ada, {}))), "{post: 'head'}");
}

TEST(SnapshotTest, SubtypesCountAsTheirType) {
  const auto database = OpenOrDie(":memory:");
  const auto t = BeginOrDie(*database);
  ASSERT_TRUE(t->DeclareLabel("Company", "Organization").ok());
  ASSERT_TRUE(t->DeclareLabel("Bank", "Company").ok());
  const EntityId bank = *t->CreateEntity();
  const EntityId club = *t->CreateEntity();
  ASSERT_TRUE(t->AddLabel(bank, *t->InternLabel("Bank")).ok());
  ASSERT_TRUE(t->AddLabel(bank, *t->InternLabel("Company")).ok());
  ASSERT_TRUE(t->AddLabel(club, *t->InternLabel("Organization")).ok());
  const auto with = [&](absl::string_view label) {
    return *t->view().EntitiesWithLabel(t->view().FindLabel(label)->id);
  };
  EXPECT_THAT(with("Organization"), ElementsAre(bank, club));
  EXPECT_THAT(with("Company"), ElementsAre(bank));
  ASSERT_TRUE(t->RemoveLabel(bank, *t->InternLabel("Company")).ok());
  EXPECT_THAT(with("Company"), ElementsAre(bank));
  EXPECT_THAT(*t->view().Labels(bank), ElementsAre(t->view().FindLabel("Bank")->id));
}

TEST(SnapshotTest, RecordedTellsTheCommitsOfAVersion) {
  Instant now = 1'000'000;
  const auto database = OpenOrDie(":memory:", {.clock = [&now] { return now; }});
  auto t = BeginOrDie(*database);
  const Couple couple = AddCouple(*t);
  const Fact fact = *t->Assert(Knows(couple));
  now = 2'000'000;
  ASSERT_TRUE(t->Commit().ok());
  t = BeginOrDie(*database);
  now = 5'000'000;
  ASSERT_TRUE(t->Retract(fact.version).ok());
  const auto between = database->GetSnapshot();
  EXPECT_EQ(between->now(), 5'000'000);
  ASSERT_TRUE(t->Commit().ok());
  const auto after = database->GetSnapshot();
  const Period recorded = *after->Recorded(*after->FindVersion(fact.version));
  EXPECT_EQ(recorded.from, 2'000'000);
  EXPECT_EQ(recorded.to, 5'000'001) << "a commit is later than every now that was told before";
  EXPECT_TRUE(*after->Withdrawn(fact));
  const Period before_gone = *between->Recorded(*between->FindVersion(fact.version));
  EXPECT_EQ(before_gone.to_precision, Precision::kOpen);
  EXPECT_FALSE(*between->Withdrawn(fact));
}

TEST(ReadOnlyTest, AFollowerSeesCommitsAndFoldsAfterItsRefresh) {
  const TemporaryFolder folder;
  const auto writer = OpenOrDie(folder.File("db"), {.background_fold = false});
  auto t = BeginOrDie(*writer);
  const Couple couple = AddCouple(*t);
  ASSERT_TRUE(t->Commit().ok());

  const auto reader = OpenOrDie(folder.File("db"), {.read_only = true});
  EXPECT_TRUE(absl::IsFailedPrecondition(reader->Begin().status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(reader->Fold()));
  EXPECT_THAT(*reader->GetSnapshot()->EntitiesNamed("ada"), ElementsAre(couple.ada));
  const auto old = reader->GetSnapshot();

  std::vector<VersionId> versions;
  for (int i = 0; i < 30; ++i) {
    t = BeginOrDie(*writer);
    versions.push_back(t->Assert(Knows(couple))->version);
    if (i % 3 == 0) {
      ASSERT_TRUE(t->Retract(versions[static_cast<size_t>(i) / 2]).ok());
    }
    const Sequence sequence = *t->Commit();
    if (i % 4 == 1) {
      ASSERT_TRUE(writer->Fold().ok());
    }
    ASSERT_TRUE(reader->Refresh().ok());
    const auto snapshot = reader->GetSnapshot();
    EXPECT_EQ(snapshot->sequence(), sequence);
    EXPECT_EQ(FactsOf(*snapshot, {.subject = couple.ada}).size(),
              FactsOf(*writer->GetSnapshot(), {.subject = couple.ada}).size());
    EXPECT_THAT(FactsOf(*old, {.subject = couple.ada}), IsEmpty());
  }
}

TEST(ReadOnlyTest, ARefreshTellsOfADamagedFileAndLeavesTheReaderWhereItWas) {
  const TemporaryFolder folder;
  const std::string path = folder.File("db");
  const auto writer = OpenOrDie(path, {.background_fold = false});
  auto t = BeginOrDie(*writer);
  const Couple couple = AddCouple(*t);
  ASSERT_TRUE(t->Assert(Knows(couple)).ok());
  ASSERT_TRUE(t->Commit().ok());
  const auto reader = OpenOrDie(path, {.read_only = true});
  const Sequence before = reader->GetSnapshot()->sequence();
  const size_t facts = FactsOf(*reader->GetSnapshot(), {.subject = couple.ada}).size();

  ASSERT_TRUE(writer->Fold().ok());
  t = BeginOrDie(*writer);
  ASSERT_TRUE(t->Assert(Knows(couple)).ok());
  ASSERT_TRUE(t->Commit().ok());
  for (const std::string& table : FilesEnding(path, ".sst")) {
    const std::string bytes = ReadFile(table);
    WriteFile(table, absl::string_view(bytes).substr(0, bytes.size() / 2));
  }
  const absl::Status status = reader->Refresh();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(status.message(), HasSubstr(".sst"));
  EXPECT_EQ(reader->GetSnapshot()->sequence(), before);
  EXPECT_EQ(FactsOf(*reader->GetSnapshot(), {.subject = couple.ada}).size(), facts);
}

TEST(ReadOnlyTest, AReaderIsToldWhatTheWriterWaitedForUpToItsLastFold) {
  const TemporaryFolder folder;
  const auto writer = OpenOrDie(folder.File("db"), {.background_fold = false});
  const auto commit = [&writer] {
    const auto t = BeginOrDie(*writer);
    AddCouple(*t);
    ASSERT_TRUE(t->Commit().ok());
  };
  commit();
  const auto reader = OpenOrDie(folder.File("db"), {.read_only = true});
  EXPECT_EQ(reader->Statistics().count("commits"), 0);
  ASSERT_TRUE(writer->Fold().ok());
  const auto told = writer->Statistics();
  commit();
  ASSERT_TRUE(reader->Refresh().ok());
  const auto read = reader->Statistics();
  for (const char* name : {"commits", "commit_writes", "commit_write_us_max", "fold_waits", "folds",
                           "fold_us", "store_stops", "writing_since"}) {
    EXPECT_EQ(read.at(name), told.at(name)) << name;
  }
  EXPECT_LE(read.at("writing_since"), read.at("writing_until"));
}

}  // namespace
}  // namespace fasti
