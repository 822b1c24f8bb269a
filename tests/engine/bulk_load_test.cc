#include "fasti/bulk_load.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "engine/base/text.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr Instant kDay = Instant{86400} * 1'000'000;

struct NamedFact {
  std::string subject, relation, object;
  std::optional<Value> value;  // instead of `object`
  Period valid;
  Modality modality = Modality::kAsserted;
  Instant known_from = kInstantMin, known_to = kInstantMax;

  BulkFact AsBulk() const {
    return {.subject = subject,
            .relation = relation,
            .object = object,
            .value = value.has_value() ? &*value : nullptr,
            .valid = valid,
            .modality = modality,
            .known_from = known_from,
            .known_to = known_to};
  }
};

Period Day(int day) {
  return Period::Granule(day * kDay, Precision::kDay);
}

NamedFact Knows(std::string subject, std::string object, int day = 0) {
  return {.subject = std::move(subject),
          .relation = "knows",
          .object = std::move(object),
          .value = {},
          .valid = Day(day)};
}

std::unique_ptr<Database> Open(const std::string& path) {
  Options options;
  options.background_fold = false;
  auto database = Database::Open(path, options);
  EXPECT_TRUE(database.ok()) << database.status();
  return *std::move(database);
}

// Facts out of small pools, so that names, runs and times are shared all the time.
class RandomFacts {
 public:
  explicit RandomFacts(uint64_t seed) : random_(seed) {}

  std::vector<NamedFact> Make(size_t count, int names) {
    std::vector<NamedFact> facts(count);
    for (NamedFact& fact : facts) {
      fact.subject = Name(names);
      fact.valid = Valid();
      if (Below(5) == 0) {
        fact.relation = absl::StrCat("key", Below(3));
        fact.value = Literal(names);
      } else {
        fact.relation = absl::StrCat("relation", Below(6));
        fact.object = Name(names);
      }
      if (Below(8) == 0) fact.modality = Modality::kReported;
      if (Below(4) == 0) {
        fact.known_from = static_cast<Instant>(Below(3000)) * kDay + static_cast<Instant>(Below(3));
        if (Below(2) == 0) fact.known_to = fact.known_from + kDay;
      }
    }
    return facts;
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::mt19937_64& random() { return random_; }

 private:
  std::string Name(int names) {
    // A skewed choice: some are hubs.
    const uint64_t limit = Below(static_cast<uint64_t>(names)) + 1;
    return absl::StrCat("Näme ", Below(limit));
  }
  Value Literal(int names) {
    switch (Below(4)) {
      case 0:
        return Value(static_cast<int64_t>(Below(50)));
      case 1:
        return Value(0.1 * static_cast<double>(Below(50)));
      case 2:
        return Value(Name(names));  // a literal that is a name as well
      default:
        return Value(std::string(Below(2000), 'x'));
    }
  }
  Period Valid() {
    constexpr Precision kPrecisions[] = {Precision::kDay,    Precision::kDay,
                                         Precision::kMonth,  Precision::kYear,
                                         Precision::kSecond, Precision::kMicrosecond};
    const auto instant = [&](Precision precision) {
      return GranuleStart(
          static_cast<Instant>(Below(7000)) * kDay + static_cast<Instant>(Below(kDay)), precision);
    };
    const Precision precision = kPrecisions[Below(6)];
    Period valid = Period::Granule(instant(precision), precision);
    const uint64_t kind = Below(8);
    if (kind == 0)
      valid = Period::Between(valid, Period::Granule(valid.to + 400 * kDay, precision));
    if (kind == 1 || kind == 2) {
      valid.to = kInstantMax;
      valid.to_precision = kind == 1 ? Precision::kOpen : Precision::kUnknown;
    }
    if (kind == 3) {
      valid.from = kInstantMin;
      valid.from_precision = Precision::kUnknown;
    }
    return Below(40) == 0 ? Period::Always() : valid;
  }

  std::mt19937_64 random_;
};

// The same facts by transactions, one by one; a name means the one entity that has just it.
void Assert(Database& database, const std::vector<NamedFact>& facts) {
  const auto transaction = database.Begin();
  ASSERT_TRUE(transaction.ok()) << transaction.status();
  Transaction& t = **transaction;
  std::map<std::string, EntityId> entities;
  const auto entity = [&](const std::string& name) {
    EntityId& id = entities[name];
    if (id != EntityId::kNone) return id;
    const auto bearers = t.view().EntitiesNamed(name);
    for (const EntityId bearer : *bearers) {
      const Value own = *t.view().Attribute(bearer, *t.InternAttribute("name"), View());
      if (own.as_string() == name) return id = bearer;
    }
    id = *t.CreateEntity();
    EXPECT_TRUE(
        t.Assert({.subject = id, .relation = *t.InternAttribute("name"), .object = Value(name)})
            .ok());
    return id;
  };
  for (const NamedFact& fact : facts) {
    FactDraft draft{.subject = entity(fact.subject), .valid = fact.valid};
    if (fact.value.has_value()) {
      draft.relation = *t.InternAttribute(fact.relation);
      draft.object = *fact.value;
    } else {
      draft.relation = *t.InternRelation(fact.relation);
      draft.object = Value(entity(fact.object));
    }
    draft.modality = fact.modality;
    draft.known_from = fact.known_from;
    draft.known_to = fact.known_to;
    const auto stored = t.Assert(draft);
    ASSERT_TRUE(stored.ok()) << stored.status();
  }
  ASSERT_TRUE(t.Commit().ok());
}

// Loads from two threads, in batches of random sizes.
void Load(Database& database, const std::vector<NamedFact>& facts, RandomFacts& random,
          BulkLoadOptions options = {}) {
  std::vector<BulkFact> bulk;
  for (const NamedFact& fact : facts) bulk.push_back(fact.AsBulk());
  std::vector<absl::Span<const BulkFact>> batches;
  for (absl::Span<const BulkFact> rest(bulk); !rest.empty();) {
    const size_t size = std::min<size_t>(rest.size(), random.Below(300) + 1);
    batches.push_back(rest.subspan(0, size));
    rest.remove_prefix(size);
  }
  const auto loader = database.BeginBulkLoad(options);
  ASSERT_TRUE(loader.ok()) << loader.status();
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < 2; ++thread) {
    threads.emplace_back([&, thread] {
      for (size_t i = thread; i < batches.size(); i += 2) {
        std::vector<BulkRefusal> refused;
        const absl::Status status = (*loader)->Add(batches[i], &refused);
        EXPECT_TRUE(status.ok()) << status;
        for (const BulkRefusal& refusal : refused) ADD_FAILURE() << refusal.reason;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto summary = (*loader)->Finish();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->facts, facts.size());
  EXPECT_EQ(database.GetSnapshot()->sequence(), summary->sequence);
}

// What can be read through one snapshot, in names.
class Reading {
 public:
  explicit Reading(const Database& database) : snapshot_(database.GetSnapshot()) {
    const auto entities = snapshot_->AllEntities();
    for (const EntityId entity : *entities) names_[entity] = NameOf(entity);
  }

  // Names, sorted; an entity that has lost its name shows as "".
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [entity, name] : names_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
  }

  // Facts by pattern, one line each, sorted; names for what is absent mean anything.
  std::vector<std::string> Facts(const std::string& subject, const std::string& relation,
                                 const std::string& object, const View& view) const {
    Pattern pattern;
    pattern.attributes = true;
    pattern.view = view;
    if (!subject.empty()) pattern.subject = Find(subject);
    if (!object.empty()) pattern.object = Term::Entity(Find(object));
    if (!relation.empty()) {
      auto info = snapshot_->FindRelation(relation);
      if (!info.has_value()) info = snapshot_->FindAttribute(relation);
      if (!info.has_value()) return {};
      pattern.relations = {info->id};
    }
    std::vector<std::string> lines;
    const auto cursor = snapshot_->Scan(pattern);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    std::vector<Fact> facts(100);
    while (true) {
      const auto count = (*cursor)->Next(absl::MakeSpan(facts));
      EXPECT_TRUE(count.ok()) << count.status();
      if (!count.ok() || *count == 0) break;
      for (size_t i = 0; i < *count; ++i) lines.push_back(Line(facts[i]));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  std::vector<std::string> AllFacts() const {
    View everything;
    everything.as_of = Period::Always();
    return Facts("", "", "", everything);
  }

 private:
  std::string NameOf(EntityId entity) const {
    const auto key = snapshot_->FindAttribute("name");
    if (!key.has_value()) return "";
    const Value name = *snapshot_->Attribute(entity, key->id, View());
    return name.is(Value::Kind::kString) ? name.as_string() : "";
  }
  EntityId Find(const std::string& name) const {
    for (const auto& [entity, own] : names_) {
      if (own == name) return entity;
    }
    return static_cast<EntityId>(uint64_t{1} << 40);  // nobody
  }
  std::string Line(const Fact& fact) const {
    const auto version = snapshot_->FindVersion(fact.version);
    EXPECT_TRUE(version.ok() && version->subject == fact.subject &&
                version->object == fact.object && version->valid == fact.valid)
        << "by its version, a fact is another";
    const auto value = snapshot_->ValueOf(fact.object);
    EXPECT_TRUE(value.ok()) << value.status();
    return absl::StrCat(
        names_.at(fact.subject), " ", snapshot_->GetRelation(fact.relation).name, " ",
        fact.object.is_entity() ? names_.at(fact.object.entity()) : FormatValue(*value), " ",
        FormatPeriod(fact.valid), " ", fact.known_from, " ", fact.known_to, " ",
        ModalityName(fact.modality));
  }

  const std::unique_ptr<Snapshot> snapshot_;
  std::map<EntityId, std::string> names_;
};

void ExpectEqual(const Database& loaded, const Database& asserted, RandomFacts& random, int names) {
  const Reading a(loaded), b(asserted);
  ASSERT_EQ(a.Names(), b.Names());
  ASSERT_EQ(a.AllFacts(), b.AllFacts());
  for (int i = 0; i < 25; ++i) {
    const auto name = [&] {
      return random.Below(2) == 0
                 ? ""
                 : absl::StrCat("Näme ", random.Below(static_cast<uint64_t>(names)));
    };
    const std::string subject = name(), object = name();
    const std::string relation =
        random.Below(2) == 0 ? "" : absl::StrCat("relation", random.Below(6));
    View view;
    if (random.Below(2) == 0) {
      view.valid = {{.kind = static_cast<ValidTest::Kind>(random.Below(4)),
                     .scope = Day(static_cast<int>(random.Below(7000)))}};
    }
    if (random.Below(2) == 0) view.as_of = Day(static_cast<int>(random.Below(3000)));
    EXPECT_EQ(a.Facts(subject, relation, object, view), b.Facts(subject, relation, object, view))
        << subject << " " << relation << " " << object;
  }
}

uint64_t Seed() {
  const char* given = std::getenv("FASTI_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

class BulkLoadTest : public ::testing::Test {
 protected:
  absl::StatusOr<BulkLoadSummary> LoadAll(Database& database, const std::vector<NamedFact>& facts,
                                          std::vector<BulkRefusal>* refused,
                                          const BulkLoadOptions& options = {}) {
    std::vector<BulkFact> bulk;
    for (const NamedFact& fact : facts) bulk.push_back(fact.AsBulk());
    FASTI_ASSIGN_OR_RETURN(const auto loader, database.BeginBulkLoad(options));
    FASTI_RETURN_IF_ERROR(loader->Add(bulk, refused));
    return loader->Finish();
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("db");
};

TEST_F(BulkLoadTest, IntoAnEmptyDatabaseIsAssertingEachFact) {
  const uint64_t seed = Seed();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomFacts random(seed);
  const std::vector<NamedFact> facts = random.Make(1200, 100);
  auto loaded = Open(path_);
  // Memory for a few rows only, so that there are many runs, merged in many parts.
  Load(*loaded, facts, random, {.memory_bytes = 1, .threads = 3});
  const auto asserted = Open(":memory:");
  Assert(*asserted, facts);
  ExpectEqual(*loaded, *asserted, random, 100);
  EXPECT_THAT(*loaded->Check(), IsEmpty());
  ASSERT_TRUE(loaded->Close().ok());
  loaded = Open(path_);
  ExpectEqual(*loaded, *asserted, random, 100);
  EXPECT_THAT(FileNames(path_ + "/bulk"), IsEmpty());
}

TEST_F(BulkLoadTest, IntoADatabaseWithFactsIsAssertingEachFact) {
  const uint64_t seed = Seed();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomFacts random(seed);
  const auto loaded = Open(path_);
  const auto asserted = Open(":memory:");
  for (int round = 0; round < 3 && !HasFailure(); ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    // Sometimes few facts between many, sometimes many new ones.
    const int names = 40 + 40 * round;
    const std::vector<NamedFact> before = random.Make(random.Below(300), names);
    Assert(*loaded, before);
    Assert(*asserted, before);
    if (random.Below(2) == 0) {
      ASSERT_TRUE(asserted->Fold().ok());
    }
    if (random.Below(2) == 0) {
      ASSERT_TRUE(loaded->Fold().ok());
    }
    const std::vector<NamedFact> facts = random.Make(1 + random.Below(500), names);
    const size_t memory = random.Below(2) == 0 ? 1 : size_t{1} << 20;
    Load(*loaded, facts, random,
         {.memory_bytes = memory, .threads = 1 + static_cast<int>(random.Below(3))});
    Assert(*asserted, facts);
    ExpectEqual(*loaded, *asserted, random, names);
    EXPECT_THAT(*loaded->Check(), IsEmpty());
  }
}

TEST_F(BulkLoadTest, TheOrderOfFactsDoesNotShow) {
  RandomFacts random(5);
  std::vector<NamedFact> facts = random.Make(500, 50);
  const auto forward = Open(":memory:"), shuffled = Open(":memory:");
  Load(*forward, facts, random);
  std::shuffle(facts.begin(), facts.end(), random.random());
  Load(*shuffled, facts, random, {.memory_bytes = 1});
  ExpectEqual(*forward, *shuffled, random, 50);
}

TEST_F(BulkLoadTest, ItIsOneCommitThatEarlierSnapshotsDoNotSee) {
  const auto database = Open(path_);
  Assert(*database, {Knows("a", "b")});
  const Reading before(*database);
  const auto snapshot = database->GetSnapshot();
  RandomFacts random(1);
  Load(*database, {Knows("b", "c"), Knows("c", "d")}, random);
  EXPECT_THAT(before.AllFacts(), SizeIs(3));  // two names
  EXPECT_THAT(Reading(*database).AllFacts(), SizeIs(7));
  // The recorded axis tells the same.
  View as_recorded;
  as_recorded.as_recorded = Period::Granule(snapshot->now(), Precision::kMicrosecond);
  EXPECT_THAT(Reading(*database).Facts("", "knows", "", as_recorded), SizeIs(1));
  // And the database goes on as before.
  Assert(*database, {Knows("d", "e")});
  EXPECT_THAT(Reading(*database).Facts("", "knows", "", View()), SizeIs(4));
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST_F(BulkLoadTest, AReaderInAnotherProcessSeesItAtItsNextRefresh) {
  const auto database = Open(path_);
  Assert(*database, {Knows("a", "b")});
  auto reader = Database::Open(path_, {.read_only = true});
  ASSERT_TRUE(reader.ok()) << reader.status();
  RandomFacts random(1);
  Load(*database, {Knows("b", "c")}, random);
  EXPECT_THAT(Reading(**reader).Facts("", "knows", "", View()), SizeIs(1));
  ASSERT_TRUE((*reader)->Refresh().ok());
  EXPECT_THAT(Reading(**reader).Facts("", "knows", "", View()), SizeIs(2));
  EXPECT_TRUE(absl::IsFailedPrecondition((*reader)->BeginBulkLoad({}).status()));
}

TEST_F(BulkLoadTest, OthersWaitForTheEndAndCanAskWhy) {
  const auto database = Open(path_);
  auto loader = database->BeginBulkLoad({});
  ASSERT_TRUE(loader.ok());
  const NamedFact fact = Knows("a", "b");
  std::vector<BulkRefusal> refused;
  ASSERT_TRUE((*loader)->Add({fact.AsBulk()}, &refused).ok());
  EXPECT_EQ(database->Statistics().at("bulk_load_facts"), 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(database->Close()));
  absl::Notification committed;
  std::thread writer([&] {
    Assert(*database, {Knows("b", "c")});
    committed.Notify();
  });
  EXPECT_FALSE(committed.WaitForNotificationWithTimeout(absl::Milliseconds(50)));
  EXPECT_TRUE((*loader)->Finish().ok());
  loader->reset();
  writer.join();
  EXPECT_THAT(Reading(*database).Names(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(database->Statistics().count("bulk_load_facts"), 0);
  EXPECT_TRUE(database->Close().ok());
}

TEST_F(BulkLoadTest, AnAbandonedOrCancelledLoadLeavesNothing) {
  const auto database = Open(path_);
  Assert(*database, {Knows("a", "b")});
  const std::vector<std::string> before = Reading(*database).AllFacts();
  RandomFacts random(3);
  const std::vector<NamedFact> facts = random.Make(500, 20);
  for (const bool is_cancelled : {false, true}) {
    auto loader = database->BeginBulkLoad({.memory_bytes = 1});
    ASSERT_TRUE(loader.ok()) << loader.status();
    std::vector<BulkRefusal> refused;
    for (const NamedFact& fact : facts) {
      ASSERT_TRUE((*loader)->Add({fact.AsBulk()}, &refused).ok());
    }
    EXPECT_FALSE(FileNames(path_ + "/bulk").empty());
    if (is_cancelled) {
      (*loader)->Cancel();
      EXPECT_TRUE(absl::IsCancelled((*loader)->Add({facts[0].AsBulk()}, &refused)));
      EXPECT_TRUE(absl::IsCancelled((*loader)->Finish().status()));
    }
    loader->reset();
    EXPECT_THAT(FileNames(path_ + "/bulk"), IsEmpty());
    EXPECT_EQ(Reading(*database).AllFacts(), before);
  }
  Assert(*database, {Knows("b", "c")});
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST_F(BulkLoadTest, WhatCannotBeStoredIsRefusedAndLeavesNoEntity) {
  const auto database = Open(":memory:");
  {
    const auto t = *database->Begin();
    ASSERT_TRUE(t->DeclareRelation({.name = "met", .kind = RelationKind::kEvent}).ok());
    const RelationId name = *t->InternAttribute("name");
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(
          t->Assert({.subject = *t->CreateEntity(), .relation = name, .object = Value("Twin")})
              .ok());
    }
    ASSERT_TRUE(t->Commit().ok());
  }
  Period reversed = Day(3);
  reversed.from = Day(5).from;
  Period open = Day(3);
  open.to = kInstantMax;
  open.to_precision = Precision::kOpen;
  std::vector<NamedFact> facts(10, Knows("a", "b"));
  facts[1].valid = reversed;
  facts[2].object = "";
  facts[3].subject = "\xff";
  facts[4].object = "Twin";
  facts[5].relation = "met";
  facts[5].valid = open;
  facts[6].known_from = facts[6].known_to = 5;
  facts[7].relation = std::string(2000, 'r');
  facts[8].value = Value(Map());
  for (const size_t i : {1, 2, 3, 4, 6, 8}) facts[i].relation = absl::StrCat("of bad fact ", i);
  for (size_t i = 1; i < 9; ++i) {
    if (facts[i].subject == "a") facts[i].subject = absl::StrCat("only in bad fact ", i);
  }
  std::vector<BulkRefusal> refused;
  const auto summary = LoadAll(*database, facts, &refused);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->facts, 2);
  EXPECT_EQ(summary->entities_created, 2);
  ASSERT_THAT(refused, SizeIs(8));
  constexpr absl::string_view kReasons[] = {"period",
                                            "object: expected a name",
                                            "subject: expected valid UTF-8",
                                            "object: several",
                                            "EVENT",
                                            "known period",
                                            "at most",
                                            "Map"};
  for (size_t i = 0; i < refused.size(); ++i) {
    EXPECT_EQ(refused[i].index, i + 1);
    EXPECT_THAT(std::string(refused[i].reason.message()), HasSubstr(std::string(kReasons[i])));
  }
  EXPECT_THAT(Reading(*database).Names(), ElementsAre("Twin", "Twin", "a", "b"));
  EXPECT_EQ(summary->relations_created, 1);
  for (const RelationInfo& relation : database->GetSnapshot()->Relations()) {
    EXPECT_THAT(relation.name, Not(HasSubstr("bad fact")));
  }
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST_F(BulkLoadTest, ANameMeansTheEntityThatAReportOrAMergeWouldMean) {
  for (const NameMatching matching : {NameMatching::kExact, NameMatching::kFolded}) {
    SCOPED_TRACE(static_cast<int>(matching));
    const auto database = Open(":memory:");
    {
      const auto t = *database->Begin();
      const EntityId meta = *t->CreateEntity();
      ASSERT_TRUE(
          t->Assert(
               {.subject = meta, .relation = *t->InternAttribute("name"), .object = Value("Meta")})
              .ok());
      ASSERT_TRUE(t->Assert({.subject = meta,
                             .relation = *t->InternAttribute("alias"),
                             .object = Value("Facebook")})
                      .ok());
      ASSERT_TRUE(t->Commit().ok());
    }
    std::vector<BulkRefusal> refused;
    const auto summary = LoadAll(
        *database, {Knows("Meta", "Müller"), Knows("META", "MULLER"), Knows("Facebook", "Müller")},
        &refused, {.names = matching});
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_THAT(refused, IsEmpty());
    if (matching == NameMatching::kExact) {
      EXPECT_THAT(Reading(*database).Names(), ElementsAre("META", "MULLER", "Meta", "Müller"));
      EXPECT_THAT(Reading(*database).Facts("Meta", "knows", "", View()), SizeIs(2));
    } else {
      EXPECT_THAT(Reading(*database).Names(), ElementsAre("Meta", "Müller"));
      EXPECT_THAT(Reading(*database).Facts("Meta", "knows", "", View()), SizeIs(3));
    }
    EXPECT_THAT(*database->Check(), IsEmpty());
    // What was loaded is found by a report.
    EXPECT_THAT(*database->GetSnapshot()->EntitiesNamed("  müLLER "),
                SizeIs(matching == NameMatching::kExact ? 2 : 1));
  }
}

TEST_F(BulkLoadTest, AnEmptyLoadIsNoCommit) {
  const auto database = Open(path_);
  Assert(*database, {Knows("a", "b")});
  const Sequence before = database->GetSnapshot()->sequence();
  std::vector<BulkRefusal> refused;
  const auto summary = LoadAll(*database, {}, &refused);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->sequence, before);
  EXPECT_EQ(database->GetSnapshot()->sequence(), before);
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST_F(BulkLoadTest, ABatchIsLoadedOnceUnlessAgainIsSaid) {
  const absl::uint128 id = absl::MakeUint128(7, 9);
  const auto load = [](Database& database, const BulkBatch& batch) {
    const auto loader = database.BeginBulkLoad({});
    EXPECT_TRUE(loader.ok()) << loader.status();
    std::vector<BulkRefusal> refused;
    EXPECT_TRUE((*loader)->Add({Knows("a", "b").AsBulk()}, &refused).ok());
    const auto summary = (*loader)->FinishBatch(batch);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return *summary;
  };
  BulkLoadSummary first;
  for (const bool is_reopened : {false, true}) {
    const auto database = Open(path_);
    if (!is_reopened) {
      first = load(*database, {.id = id});
      EXPECT_FALSE(first.repeated);
      EXPECT_EQ(first.facts, 1);
      EXPECT_GT(first.committed, 0);
    }
    Assert(*database, {Knows("c", "d")});
    const Sequence before = database->GetSnapshot()->sequence();
    const BulkLoadSummary second = load(*database, {.id = id});
    EXPECT_TRUE(second.repeated);
    EXPECT_EQ(second.facts, 0);
    EXPECT_EQ(second.sequence, first.sequence);
    EXPECT_EQ(second.committed, first.committed);
    EXPECT_EQ(database->GetSnapshot()->sequence(), before);
    EXPECT_THAT(FileNames(path_ + "/bulk"), IsEmpty());
    Assert(*database, {Knows("d", "e")});  // the writer's place was given up
    EXPECT_TRUE(database->Close().ok());
  }
  const auto database = Open(path_);
  EXPECT_THAT(Reading(*database).Facts("a", "knows", "", View()), SizeIs(1));
  EXPECT_FALSE(load(*database, {}).repeated);                        // no id
  EXPECT_FALSE(load(*database, {.id = id + 1}).repeated);            // another one
  EXPECT_FALSE(load(*database, {.id = absl::uint128(9)}).repeated);  // the half of it
  const BulkLoadSummary again = load(*database, {.id = id, .again = true});
  EXPECT_FALSE(again.repeated);
  EXPECT_EQ(load(*database, {.id = id}).sequence, again.sequence);
  EXPECT_THAT(Reading(*database).Facts("a", "knows", "", View()), SizeIs(5));
  EXPECT_THAT(*database->Check(), IsEmpty());
}

TEST_F(BulkLoadTest, TheIdsOfReportsAndLoadsAreOfOneKind) {
  const auto database = Open(":memory:");
  Report report;
  report.source.key = "https://example.org/1";
  report.batch_id = 5;
  const auto reported = database->Report(report);
  ASSERT_TRUE(reported.ok()) << reported.status();
  const auto loader = *database->BeginBulkLoad({});
  const auto summary = loader->FinishBatch({.id = 5});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->repeated);
  EXPECT_EQ(summary->sequence, reported->sequence);
}

TEST_F(BulkLoadTest, ProgressEndsWithEveryFact) {
  const auto database = Open(":memory:");
  std::vector<BulkProgress::Stage> stages;
  uint64_t facts = 0;
  BulkLoadOptions options;
  options.progress = [&](const BulkProgress& progress) {
    if (stages.empty() || stages.back() != progress.stage) stages.push_back(progress.stage);
    EXPECT_LE(progress.rows_done, progress.rows_total);
    facts = progress.facts;
  };
  std::vector<BulkRefusal> refused;
  ASSERT_TRUE(LoadAll(*database, {Knows("a", "b"), Knows("b", "c")}, &refused, options).ok());
  EXPECT_THAT(stages, ElementsAre(BulkProgress::Stage::kReading, BulkProgress::Stage::kMerging,
                                  BulkProgress::Stage::kWriting, BulkProgress::Stage::kDone));
  EXPECT_EQ(facts, 2);
}

}  // namespace
}  // namespace fasti
