#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/purge.h"
#include "fasti/salvage.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

// Entities that were merged: what a reader sees of them on every way to a fact, and that a merge
// which was taken back never happened.

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr Instant kDay = Instant{86'400} * 1'000'000;

Period At(Instant instant) {
  return Period::Granule(instant, Precision::kMicrosecond);
}

// What tests compare of a fact.
using Seen =
    std::tuple<uint64_t, uint32_t, uint64_t, uint64_t>;  // subject, relation, object, version
Seen SeenOf(const Fact& fact) {
  return {Raw(fact.subject), Raw(fact.relation), fact.object.bits(), Raw(fact.version)};
}

std::vector<Fact> Drain(FactCursor& cursor) {
  std::vector<Fact> all;
  std::vector<Fact> some(3);
  while (true) {
    const absl::StatusOr<size_t> count = cursor.Next(absl::MakeSpan(some));
    EXPECT_TRUE(count.ok()) << count.status();
    if (!count.ok() || *count == 0) return all;
    all.insert(all.end(), some.begin(), some.begin() + static_cast<ptrdiff_t>(*count));
  }
}

std::vector<Seen> SeenOf(const std::vector<Fact>& facts) {
  std::vector<Seen> seen;
  for (const Fact& fact : facts) seen.push_back(SeenOf(fact));
  return seen;
}

// --------------------------------------------------------------------------------------------
// A naive model: lists of what was written, and classes found by walking all pairs.

struct ModelRow {
  uint64_t subject;
  uint32_t relation;
  Term object;
  uint64_t version;
  Period valid;
  Instant known_from = kInstantMin;
  Instant known_to = kInstantMax;
  Instant added;  // recorded clock
  Instant gone = kInstantMax;
};

struct ModelView {
  Instant recorded;
  Instant known;
};

bool Shows(const ModelRow& row, const ModelView& view) {
  return row.added <= view.recorded && view.recorded < row.gone && row.known_from <= view.known &&
         view.known < row.known_to;
}

class Model {
 public:
  std::vector<ModelRow> facts;
  std::vector<ModelRow> merges;
  std::vector<ModelRow> labels;

  std::vector<uint64_t> ClassOf(uint64_t entity, const ModelView& view) const {
    std::set<uint64_t> members = {entity};
    for (bool grew = true; grew;) {
      grew = false;
      for (const ModelRow& row : merges) {
        if (!Shows(row, view)) continue;
        const uint64_t object = Raw(row.object.entity());
        if (members.count(row.subject) != members.count(object)) {
          members.insert({row.subject, object});
          grew = true;
        }
      }
    }
    return {members.begin(), members.end()};
  }
  uint64_t OneOf(uint64_t entity, const ModelView& view) const {
    return ClassOf(entity, view).front();
  }
  Term OneOf(Term object, const ModelView& view) const {
    if (!object.is_entity()) return object;
    return Term::Entity(static_cast<EntityId>(OneOf(Raw(object.entity()), view)));
  }
};

class MergeRunner {
 public:
  MergeRunner(uint64_t seed, std::string path) : random_(seed), path_(std::move(path)) {}

  void Run(int steps) {
    Open();
    Prepare();
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      SCOPED_TRACE(absl::StrCat("step ", step));
      Step();
    }
    for (const auto& [snapshot, time] : kept_) Ask(*snapshot, time, time);
    const auto problems = database_->Check();
    ASSERT_TRUE(problems.ok()) << problems.status();
    EXPECT_THAT(*problems, IsEmpty());
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  EntityId Any() { return entities_[Below(entities_.size())]; }

  void Open() {
    Options options;
    options.background_fold = false;
    options.durability = Durability::kBuffered;
    options.clock = [this] { return clock_; };
    auto database = Database::Open(path_, options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    if (path_ == ":memory:") return;
    options.read_only = true;
    auto reader = Database::Open(path_, options);
    ASSERT_TRUE(reader.ok()) << reader.status();
    reader_ = *std::move(reader);
  }

  void Prepare() {
    auto t = *database_->Begin();
    for (int i = 0; i < 9; ++i) entities_.push_back(*t->CreateEntity());
    for (const char* name : {"KNOWS", "OWNS"}) relations_.push_back(*t->InternRelation(name));
    name_ = *t->InternAttribute("name");
    for (const char* name : {"Person", "Firm"}) labels_.push_back(*t->InternLabel(name));
    ASSERT_TRUE(t->Commit().ok());
    times_.push_back(clock_ + 1);  // a transaction told its now
  }

  Period AnyValid() {
    if (OneIn(4)) return Period::Always();
    const auto from = static_cast<Instant>(Below(40));
    return {from * kDay, (from + 1 + static_cast<Instant>(Below(30))) * kDay, Precision::kDay,
            Precision::kDay};
  }

  void Step() {
    clock_ += kDay;
    if (OneIn(12)) {
      ASSERT_TRUE(database_->Fold().ok());
    } else if (OneIn(40) && path_ != ":memory:") {
      kept_.clear();
      ASSERT_TRUE(reader_->Close().ok());
      ASSERT_TRUE(database_->Close().ok());
      Open();
    }
    auto t = *database_->Begin();
    for (uint64_t i = 1 + Below(3); i > 0; --i) Write(*t);
    if (OneIn(4)) Ask(t->view(), clock_, clock_);
    if (OneIn(8)) {
      // What was not committed never was.
      t.reset();
      model_ = committed_;
    } else {
      ASSERT_TRUE(t->Commit().ok());
      committed_ = model_;
      times_.push_back(clock_ + 1);
    }
    clock_ += kDay / 2;
    std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
    Ask(*snapshot, clock_, clock_);
    if (OneIn(10)) kept_.emplace_back(std::move(snapshot), clock_);
    if (reader_ != nullptr && OneIn(4)) {
      ASSERT_TRUE(reader_->Refresh().ok());
      Ask(*reader_->GetSnapshot(), clock_, clock_);
    }
  }

  // The index of a row that is recorded now, if there is one.
  std::optional<size_t> AnyStanding(const std::vector<ModelRow>& rows) {
    std::vector<size_t> standing;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].gone == kInstantMax) standing.push_back(i);
    }
    if (standing.empty()) return std::nullopt;
    return standing[Below(standing.size())];
  }

  void Write(Transaction& t) {
    const ModelView now = {clock_, clock_};
    switch (Below(12)) {
      case 0:
      case 1: {
        const EntityId a = Any(), b = Any();
        if (a == b) break;
        // Known always, from some day that has come, or from one that will.
        const Instant from = OneIn(3) ? kInstantMin : static_cast<Instant>(Below(200)) * kDay;
        const auto fact = t.Merge(a, b, from, kInstantMax, OneIn(2) ? "as they say" : "");
        ASSERT_TRUE(fact.ok()) << fact.status();
        model_.merges.push_back({Raw(std::min(a, b)), Raw(kSameAs), Term::Entity(std::max(a, b)),
                                 Raw(fact->version), Period::Always(), from, kInstantMax, clock_});
        break;
      }
      case 2:
      case 3: {
        const std::optional<size_t> i = AnyStanding(model_.merges);
        if (!i) break;
        ModelRow& row = model_.merges[*i];
        ASSERT_TRUE(t.Retract(static_cast<VersionId>(row.version)).ok());
        row.gone = clock_;
        break;
      }
      case 4: {
        const std::optional<size_t> i = AnyStanding(model_.facts);
        if (!i) break;
        ASSERT_TRUE(t.Retract(static_cast<VersionId>(model_.facts[*i].version)).ok());
        model_.facts[*i].gone = clock_;
        break;
      }
      case 5: {
        const EntityId entity = Any();
        const size_t label = Below(labels_.size());
        ASSERT_TRUE(t.AddLabel(entity, labels_[label]).ok());
        model_.labels.push_back({Raw(entity), static_cast<uint32_t>(label), Term(), 0,
                                 Period::Always(), kInstantMin, kInstantMax, clock_});
        break;
      }
      case 6: {
        const EntityId entity = Any();
        const size_t label = Below(labels_.size());
        ASSERT_TRUE(t.RemoveLabel(entity, labels_[label]).ok());
        const std::vector<uint64_t> members = model_.ClassOf(Raw(entity), now);
        for (ModelRow& row : model_.labels) {
          const bool of_one = std::count(members.begin(), members.end(), row.subject) > 0;
          if (of_one && row.relation == label) row.gone = std::min(row.gone, clock_);
        }
        break;
      }
      case 7: {
        const EntityId entity = Any();
        const std::string name(1, static_cast<char>('A' + Below(5)));
        ASSERT_TRUE(t.SetAttribute(entity, name_, Value(name)).ok());
        const std::vector<uint64_t> members = model_.ClassOf(Raw(entity), now);
        for (ModelRow& row : model_.facts) {
          const bool of_one = std::count(members.begin(), members.end(), row.subject) > 0;
          if (of_one && row.relation == Raw(name_)) row.gone = std::min(row.gone, clock_);
        }
        const Term term = **t.view().FindTerm(Value(name));
        // Its version is that of the only name it has now.
        auto cursor = *t.view().Scan({.subject = entity, .relations = {name_}});
        const std::vector<Fact> names = Drain(*cursor);
        ASSERT_EQ(names.size(), 1u);
        model_.facts.push_back({Raw(entity), Raw(name_), term, Raw(names[0].version),
                                Period::Always(), kInstantMin, kInstantMax, clock_});
        break;
      }
      default: {
        FactDraft draft;
        draft.subject = Any();
        draft.relation = relations_[Below(relations_.size())];
        draft.object = Value(Any());
        draft.valid = AnyValid();
        if (OneIn(3)) draft.known_from = static_cast<Instant>(Below(200)) * kDay;
        const auto fact = t.Assert(draft);
        ASSERT_TRUE(fact.ok()) << fact.status();
        model_.facts.push_back({Raw(draft.subject), Raw(draft.relation),
                                Term::Entity(draft.object.as_node()), Raw(fact->version),
                                draft.valid, draft.known_from, kInstantMax, clock_});
      }
    }
  }

  // Puts all kinds of questions to a state: of the present and, unless it is one of a transaction,
  // of the past of both clocks.
  void Ask(const Snapshot& snapshot, Instant recorded, Instant now) {
    AskIn(snapshot, View(), {recorded, now});
    View view;
    ModelView model{recorded, now};
    view.as_of = At(static_cast<Instant>(Below(200)) * kDay);
    model.known = view.as_of->from;
    AskIn(snapshot, view, model);
    std::vector<Instant> past;
    for (const Instant time : times_) {
      if (time < recorded) past.push_back(time);
    }
    if (past.empty()) return;
    const Instant time = past[Below(past.size())];
    view.as_recorded = At(time);
    AskIn(snapshot, view, {time, model.known});
  }

  template <typename Keeps>
  std::vector<Seen> Expected(const ModelView& view, const std::optional<Period>& at, Keeps keeps) {
    std::vector<Seen> expected;
    for (const ModelRow& row : model_.facts) {
      if (!Shows(row, view) || (at && !MayOverlap(row.valid, *at))) continue;
      const Seen seen = {model_.OneOf(row.subject, view), row.relation,
                         model_.OneOf(row.object, view).bits(), row.version};
      if (keeps(seen)) expected.push_back(seen);
    }
    return expected;
  }

  void AskIn(const Snapshot& snapshot, const View& view, const ModelView& model) {
    AskForEntities(snapshot, view, model);
    for (int i = 0; i < 4; ++i) AskForFacts(snapshot, view, model);
  }

  void AskForEntities(const Snapshot& snapshot, const View& view, const ModelView& model) {
    std::set<uint64_t> ones;
    for (const EntityId entity : entities_) ones.insert(model_.OneOf(Raw(entity), model));
    const auto raw = [](const std::vector<EntityId>& entities) {
      std::vector<uint64_t> numbers;
      for (const EntityId entity : entities) numbers.push_back(Raw(entity));
      return numbers;
    };
    EXPECT_THAT(raw(*snapshot.AllEntities(view)), ElementsAreArray(ones));
    const EntityId asked = Any();
    const std::vector<uint64_t> members = model_.ClassOf(Raw(asked), model);
    EXPECT_EQ(raw(*snapshot.Members(asked, view)), members);
    if (view.as_recorded) return;  // labels are those of now
    for (size_t label = 0; label < labels_.size(); ++label) {
      std::set<uint64_t> with_label;
      bool asked_has = false;
      for (const ModelRow& row : model_.labels) {
        if (!Shows(row, model) || row.relation != label) continue;
        with_label.insert(model_.OneOf(row.subject, model));
        asked_has = asked_has || std::count(members.begin(), members.end(), row.subject) > 0;
      }
      EXPECT_THAT(raw(*snapshot.EntitiesWithLabel(labels_[label], view)),
                  ElementsAreArray(with_label));
      const std::vector<LabelId> labels = *snapshot.Labels(asked, view);
      EXPECT_EQ(std::count(labels.begin(), labels.end(), labels_[label]), asked_has ? 1 : 0);
    }
    const std::string name(1, static_cast<char>('A' + Below(5)));
    std::set<uint64_t> named;
    std::string greatest;
    for (const ModelRow& row : model_.facts) {
      if (row.relation != Raw(name_) || !Shows(row, model)) continue;
      const std::string text = snapshot.ValueOf(row.object)->as_string();
      if (text == name) named.insert(model_.OneOf(row.subject, model));
      if (std::count(members.begin(), members.end(), row.subject) > 0) {
        greatest = std::max(greatest, text);
      }
    }
    EXPECT_THAT(raw(*snapshot.EntitiesNamed(name, view)), ElementsAreArray(named));
    const Value chosen = *snapshot.Attribute(asked, name_, view);
    EXPECT_EQ(chosen.is_null() ? "" : chosen.as_string(), greatest);
    EXPECT_EQ(snapshot.Attributes(asked, view)->size(), greatest.empty() ? 0u : 1u);
  }

  void AskForFacts(const Snapshot& snapshot, const View& view, const ModelView& model) {
    Pattern pattern;
    pattern.view = view;
    std::optional<Period> at;
    if (OneIn(2)) {
      at = Period::Granule(static_cast<Instant>(Below(70)) * kDay, Precision::kDay);
      pattern.view.valid.push_back({ValidTest::Kind::kAt, *at});
    }
    const uint64_t kind = Below(4);
    EntityId anchor = Any();
    const EntityId other = Any();
    if (kind == 0 || kind == 2) pattern.subject = anchor;
    if (kind == 1) pattern.object = Term::Entity(anchor);
    if (kind == 2) pattern.object = Term::Entity(other);
    pattern.attributes = OneIn(2);
    if (OneIn(2)) pattern.relations = {relations_[Below(2)]};
    if (OneIn(4)) pattern.relations = relations_;
    const auto keeps = [&](const Seen& seen) {
      const auto& [subject, relation, object, version] = seen;
      if (pattern.subject && subject != model_.OneOf(Raw(anchor), model)) return false;
      if (pattern.object && Term::FromBits(object) != model_.OneOf(*pattern.object, model)) {
        return false;
      }
      if (pattern.relations.empty()) return pattern.attributes || relation != Raw(name_);
      return std::count(pattern.relations.begin(), pattern.relations.end(),
                        static_cast<RelationId>(relation)) > 0;
    };
    std::vector<Seen> expected = Expected(model, at, keeps);
    SCOPED_TRACE(absl::StrCat("pattern of kind ", kind));

    auto cursor = *snapshot.Scan(pattern);
    const std::vector<Fact> facts = Drain(*cursor);
    EXPECT_THAT(SeenOf(facts), UnorderedElementsAreArray(expected));
    for (const StartOrder order : {StartOrder::kEarliestFirst, StartOrder::kLatestFirst}) {
      auto ordered = *snapshot.ScanByStart(pattern, order);
      const std::vector<Fact> by_start = Drain(*ordered);
      EXPECT_THAT(SeenOf(by_start), UnorderedElementsAreArray(expected));
      EXPECT_TRUE(
          std::is_sorted(by_start.begin(), by_start.end(), [&](const Fact& a, const Fact& b) {
            const auto start = [](const Fact& f) {
              return f.valid.has_start() ? f.valid.from : kInstantMin;
            };
            return order == StartOrder::kEarliestFirst ? start(a) < start(b) : start(a) > start(b);
          }));
    }
    auto ends = *snapshot.ScanEnds(pattern);
    std::vector<std::pair<uint64_t, uint64_t>> found_ends, expected_ends;
    for (std::vector<FactEnds> some(4);;) {
      const size_t count = *ends->Next(absl::MakeSpan(some));
      if (count == 0) break;
      for (size_t i = 0; i < count; ++i) {
        found_ends.emplace_back(Raw(some[i].subject), some[i].object.bits());
      }
    }
    for (const Seen& seen : expected) {
      expected_ends.emplace_back(std::get<0>(seen), std::get<2>(seen));
    }
    EXPECT_THAT(found_ends, UnorderedElementsAreArray(expected_ends));
    const StartCounts counts = *snapshot.CountByStart(pattern, Precision::kMonth, {});
    uint64_t counted = counts.without_start;
    for (const StartCounts::Granule& granule : counts.granules) counted += granule.facts;
    EXPECT_EQ(counted, expected.size());
    for (const Fact& fact : facts) {
      EXPECT_TRUE(view.as_recorded || !*snapshot.Withdrawn(fact));
    }
    if (kind > 1) return;
    anchor = Any();
    if (kind == 0) pattern.subject = anchor;
    if (kind == 1) pattern.object = Term::Entity(anchor);
    ASSERT_TRUE(cursor->Restart(anchor).ok());
    EXPECT_THAT(SeenOf(Drain(*cursor)), UnorderedElementsAreArray(Expected(model, at, keeps)));
    auto by_start = *snapshot.ScanByStart(pattern, StartOrder::kLatestFirst);
    ASSERT_TRUE(by_start->Restart(anchor).ok());
    EXPECT_THAT(SeenOf(Drain(*by_start)), UnorderedElementsAreArray(Expected(model, at, keeps)));
  }

  std::mt19937_64 random_;
  const std::string path_;
  Instant clock_ = 50 * kDay;
  std::unique_ptr<Database> database_, reader_;
  std::vector<EntityId> entities_;
  std::vector<RelationId> relations_;
  RelationId name_;
  std::vector<LabelId> labels_;
  Model model_, committed_;
  std::vector<Instant> times_;
  std::vector<std::pair<std::unique_ptr<Snapshot>, Instant>> kept_;
};

uint64_t SeedOf(uint64_t fallback) {
  uint64_t seed = fallback;
  if (const char* const text = std::getenv("FASTI_SEED")) {
    EXPECT_TRUE(absl::SimpleAtoi(text, &seed));
  }
  return seed;
}

TEST(MergeTest, AnyReaderSeesWhatANaiveModelSees) {
  for (uint64_t i = 0; i < 12 && !HasFailure(); ++i) {
    const uint64_t seed = SeedOf(std::random_device()());
    SCOPED_TRACE(absl::StrCat("FASTI_SEED=", seed));
    const TemporaryFolder folder;
    MergeRunner(seed, i % 2 == 0 ? ":memory:" : folder.File("db")).Run(60);
  }
}

// --------------------------------------------------------------------------------------------

class MergedTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    Options options;
    options.background_fold = false;
    options.durability = Durability::kBuffered;
    options.clock = [this] { return now_; };
    auto database = Database::Open(path_, options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
  }

  void Tell(const std::string& source, const std::string& subject, const std::string& object,
            Instant day) {
    Report report;
    report.source.key = source;
    report.source.published = Period::Granule(day * kDay, Precision::kDay);
    Statement statement;
    statement.subject.name = subject;
    statement.relation = "ACQUIRED";
    statement.object = EntityName{.name = object};
    statement.text = absl::StrCat(subject, " acquired ", object, ".");
    report.statements = {statement};
    const auto summary = database_->Report(report);
    ASSERT_TRUE(summary.ok()) << summary.status();
    ASSERT_THAT(summary->ambiguous, IsEmpty());
    now_ += kDay;
  }

  EntityId Named(const std::string& name, const View& view = {}) {
    const std::vector<EntityId> found = *database_->GetSnapshot()->EntitiesNamed(name, view);
    EXPECT_EQ(found.size(), 1u) << name;
    return found.empty() ? EntityId::kNone : found.front();
  }

  VersionId Merge(const std::string& a, const std::string& b, Instant known_from = kInstantMin) {
    auto t = *database_->Begin();
    const auto fact =
        t->Merge(Named(a, {.apart = true}), Named(b, {.apart = true}), known_from, kInstantMax, "");
    EXPECT_TRUE(fact.ok()) << fact.status();
    EXPECT_TRUE(t->Commit().ok());
    now_ += kDay;
    return fact.ok() ? fact->version : VersionId::kNone;
  }

  void Unmerge(VersionId version) {
    auto t = *database_->Begin();
    ASSERT_TRUE(t->Retract(version).ok());
    ASSERT_TRUE(t->Commit().ok());
    now_ += kDay;
  }

  // "subject object" of every ACQUIRED, by name as it is given out, how often it is claimed.
  std::multiset<std::string> Acquired(const View& view = {}) {
    const auto snapshot = database_->GetSnapshot();
    const RelationId relation = snapshot->FindRelation("ACQUIRED")->id;
    const RelationId name = snapshot->FindAttribute("name")->id;
    std::multiset<std::string> told;
    auto cursor = *snapshot->Scan({.relations = {relation}, .view = view});
    for (const Fact& fact : Drain(*cursor)) {
      const View apart = {.apart = true};
      told.insert(absl::StrCat(snapshot->Attribute(fact.subject, name, apart)->as_string(), " ",
                               snapshot->Attribute(fact.object.entity(), name, apart)->as_string(),
                               " ", snapshot->Claims(fact, {})->size()));
    }
    return told;
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
  Instant now_ = 20'000 * kDay;
  std::unique_ptr<Database> database_;
};

TEST_F(MergedTest, WhatWasReportedMeanwhileStaysWithItsNameWhenAMergeIsTakenBack) {
  Tell("a", "Facebook", "Instagram", 100);
  Tell("b", "Meta", "Scale", 200);
  const VersionId merge = Merge("Facebook", "Meta");
  Tell("c", "Meta", "Giphy", 300);
  Tell("d", "Facebook", "WhatsApp", 300);
  EXPECT_THAT(Acquired(), ElementsAre("Facebook Giphy 1", "Facebook Instagram 1",
                                      "Facebook Scale 1", "Facebook WhatsApp 1"));
  Unmerge(merge);
  EXPECT_THAT(Acquired(), ElementsAre("Facebook Instagram 1", "Facebook WhatsApp 1", "Meta Giphy 1",
                                      "Meta Scale 1"));
}

TEST_F(MergedTest, ItDoesNotMatterWhetherReportsCameBeforeOrAfterTheMerge) {
  std::vector<std::multiset<std::string>> answers;
  for (int merge_at = 2; merge_at <= 5; ++merge_at) {
    const TemporaryFolder folder;
    ASSERT_TRUE(database_->Close().ok());
    Options options;
    options.clock = [this] { return now_; };
    database_ = *Database::Open(folder.File("db"), options);
    const char* const told[][3] = {{"a", "Facebook", "Instagram"},
                                   {"b", "Meta", "Scale"},
                                   {"c", "Meta", "Instagram"},
                                   {"d", "Facebook", "Scale"},
                                   {"e", "Meta", "Scale"}};
    for (int i = 0; i < 5; ++i) {
      if (i == merge_at) Merge("Facebook", "Meta");
      Tell(told[i][0], told[i][1], told[i][2], 100 + i);
    }
    if (merge_at == 5) Merge("Facebook", "Meta");
    answers.push_back(Acquired());
    ASSERT_TRUE(database_->Close().ok());
    Open();
  }
  // Facts told of either name stay facts of their own, since each may turn out to be another's.
  EXPECT_THAT(answers.front(), ElementsAre("Facebook Instagram 1", "Facebook Instagram 1",
                                           "Facebook Scale 1", "Facebook Scale 2"));
  for (const auto& answer : answers) EXPECT_EQ(answer, answers.front());
}

TEST_F(MergedTest, ANameThatMetTwoEntitiesIsNoLongerAmbiguousOnceTheyAreOne) {
  auto t = *database_->Begin();
  const RelationId name = *t->InternAttribute("name");
  std::vector<EntityId> both;
  for (int i = 0; i < 2; ++i) {
    both.push_back(*t->CreateEntity());
    ASSERT_TRUE(
        t->Assert({.subject = both.back(), .relation = name, .object = Value("Orion")}).ok());
  }
  ASSERT_TRUE(t->Commit().ok());
  Report report;
  report.source.key = "a";
  report.statements.push_back({.subject = {"Orion", "", {}},
                               .relation = "ACQUIRED",
                               .object = EntityName{"Scale", "", {}}});
  EXPECT_THAT((*database_->Report(report)).ambiguous, ::testing::SizeIs(1));
  t = *database_->Begin();
  ASSERT_TRUE(t->Merge(both[1], both[0], kInstantMin, kInstantMax, "").ok());
  ASSERT_TRUE(t->Commit().ok());
  const auto summary = database_->Report(report);
  ASSERT_TRUE(summary.ok());
  EXPECT_THAT(summary->ambiguous, IsEmpty());
  EXPECT_EQ(summary->claims_added, 1u);
  EXPECT_THAT(*database_->GetSnapshot()->EntitiesNamed("orion"), ElementsAre(both[0]));
}

TEST_F(MergedTest, BeforeItWasKnownAndBeforeItWasRecordedThereWereTwo) {
  Tell("a", "Facebook", "Instagram", 100);
  Tell("b", "Meta", "Scale", 200);
  const Instant before = now_ - kDay / 2;
  Merge("Facebook", "Meta", 19'000 * kDay);
  EXPECT_EQ(Named("Meta"), Named("Facebook"));
  View recorded;
  recorded.as_recorded = At(before);
  EXPECT_THAT(Acquired(recorded), ElementsAre("Facebook Instagram 1", "Meta Scale 1"));
  View known;
  known.as_of = At(18'999 * kDay);
  EXPECT_THAT(Acquired(known), ElementsAre("Facebook Instagram 1", "Meta Scale 1"));
  known.as_of = At(19'001 * kDay);
  EXPECT_THAT(Acquired(known), ElementsAre("Facebook Instagram 1", "Facebook Scale 1"));
}

TEST_F(MergedTest, AVersionStaysWithTheEntityItWasToldOfWhenItIsReplaced) {
  Tell("a", "Facebook", "Instagram", 100);
  Tell("b", "Meta", "Scale", 200);
  const VersionId merge = Merge("Facebook", "Meta");
  auto t = *database_->Begin();
  const RelationId relation = t->view().FindRelation("ACQUIRED")->id;
  auto cursor = *t->view().Scan({.object = Term::Entity(Named("Scale")), .relations = {relation}});
  const std::vector<Fact> facts = Drain(*cursor);
  cursor.reset();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].subject, Named("Facebook"));
  // A denial, and a portion, are of the fact that is stored.
  Claim denial;
  denial.source = *t->InternSource({.key = "c"});
  denial.published = Period::Granule(300 * kDay, Precision::kDay);
  denial.valid = Period::Always();
  denial.stance = Stance::kDenies;
  const FactDraft draft = {.subject = facts[0].subject,
                           .relation = relation,
                           .object = Value(facts[0].object.entity()),
                           .valid = facts[0].valid,
                           .supersedes = facts[0].version};
  const auto denied = t->AddClaim(draft, denial);
  ASSERT_TRUE(denied.ok()) << denied.status();
  EXPECT_EQ(denied->lineage, facts[0].lineage);
  ASSERT_TRUE(t->Commit().ok());
  now_ += kDay;
  EXPECT_THAT(Acquired(), ElementsAre("Facebook Instagram 1"));
  Unmerge(merge);
  t = *database_->Begin();
  ASSERT_TRUE(t->RetractSource(denial.source).ok());
  ASSERT_TRUE(t->Commit().ok());
  EXPECT_THAT(Acquired(), ElementsAre("Facebook Instagram 1", "Meta Scale 1"));
}

TEST_F(MergedTest, DeletingOneDeletesAllThatItIs) {
  Tell("a", "Facebook", "Instagram", 100);
  Tell("b", "Meta", "Instagram", 200);
  Merge("Facebook", "Meta");
  const EntityId one = Named("Meta");
  auto t = *database_->Begin();
  EXPECT_EQ(t->DeleteEntity(one).code(), absl::StatusCode::kFailedPrecondition);
  for (const char* key : {"a", "b"}) {
    ASSERT_TRUE(t->RetractSource(*t->InternSource({.key = key})).ok());
  }
  ASSERT_TRUE(t->DeleteEntity(one).ok());
  ASSERT_TRUE(t->Commit().ok());
  const auto snapshot = database_->GetSnapshot();
  EXPECT_THAT(*snapshot->EntitiesNamed("Meta"), IsEmpty());
  EXPECT_THAT(*snapshot->EntitiesNamed("Facebook"), IsEmpty());
  EXPECT_THAT(*database_->Check(), IsEmpty());
}

TEST_F(MergedTest, WhatCannotBeOneIsRefused) {
  Tell("a", "Facebook", "Instagram", 100);
  auto t = *database_->Begin();
  const EntityId facebook = Named("Facebook"), source = *t->InternSource({.key = "a"});
  const auto code = [&](EntityId a, EntityId b, Instant from, Instant to) {
    return t->Merge(a, b, from, to, "").status().code();
  };
  EXPECT_EQ(code(facebook, facebook, kInstantMin, kInstantMax), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(facebook, Named("Instagram"), 7, 7), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(facebook, source, kInstantMin, kInstantMax),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(facebook, static_cast<EntityId>(4711), kInstantMin, kInstantMax),
            absl::StatusCode::kNotFound);
}

TEST_F(MergedTest, ABulkLoadFindsTheOneByEitherName) {
  Tell("a", "Facebook", "Instagram", 100);
  Tell("b", "Meta", "Scale", 200);
  const VersionId merge = Merge("Facebook", "Meta");
  const View apart = {.apart = true};
  const size_t entities = database_->GetSnapshot()->AllEntities(apart)->size();
  auto loader = *database_->BeginBulkLoad({});
  std::vector<BulkFact> facts(1);
  facts[0].subject = "Meta";
  facts[0].relation = "ACQUIRED";
  facts[0].object = "Giphy";
  std::vector<BulkRefusal> refused;
  ASSERT_TRUE(loader->Add(facts, &refused).ok());
  ASSERT_THAT(refused, IsEmpty());
  ASSERT_TRUE(loader->FinishBatch({}).ok());
  loader.reset();
  now_ += kDay;
  const std::vector<std::string> as_one = {"Facebook Giphy 0", "Facebook Instagram 1",
                                           "Facebook Scale 1"};
  EXPECT_THAT(Acquired(), ElementsAreArray(as_one));
  EXPECT_EQ(database_->GetSnapshot()->AllEntities(apart)->size(), entities + 1);  // Giphy
  const View merged = {.as_recorded = At(now_ - kDay / 2)};
  Unmerge(merge);
  // Each has what was told of its own name, now and whoever opens the database, and the past stays.
  for (const bool reopened : {false, true}) {
    if (reopened) {
      ASSERT_TRUE(database_->Close().ok());
      Open();
    }
    EXPECT_THAT(Acquired(), ElementsAre("Facebook Instagram 1", "Meta Giphy 0", "Meta Scale 1"));
    EXPECT_NE(Named("Meta"), Named("Facebook"));
    EXPECT_THAT(Acquired(merged), ElementsAreArray(as_one));
    EXPECT_EQ(*database_->GetSnapshot()->Members(Named("Meta"), merged),
              (std::vector<EntityId>{Named("Facebook"), Named("Meta")}));
  }
}

TEST_F(MergedTest, BackupsAndSalvageKeepWhatWasMergedAndAPurgeErasesOneAlone) {
  Tell("a", "Facebook", "Instagram", 100);
  Tell("b", "Meta", "Scale", 200);
  Merge("Facebook", "Meta");
  ASSERT_TRUE(database_->Fold().ok());
  Tell("c", "Oculus", "Surreal", 300);
  Merge("Oculus", "Facebook");  // in the log only
  const std::multiset<std::string> told = Acquired();
  EXPECT_EQ(told.count("Facebook Surreal 1"), 1u);
  ASSERT_TRUE(database_->Backup(folder_.File("backups"), {}).ok());
  ASSERT_TRUE(RestoreBackup(folder_.File("backups"), 0, folder_.File("restored"), {}).ok());
  ASSERT_TRUE(database_->Close().ok());
  ASSERT_TRUE(Salvage(path_, folder_.File("salvaged"), {}).ok());
  for (const char* const copy : {"db", "restored", "salvaged"}) {
    Options options;
    options.clock = [this] { return now_; };
    database_ = *Database::Open(folder_.File(copy), options);
    EXPECT_EQ(Acquired(), told) << copy;
    ASSERT_TRUE(database_->Close().ok());
  }
  PurgeRequest request;
  request.entity_names = {"Oculus"};
  const auto purged = Purge(path_, request, {});
  ASSERT_TRUE(purged.ok()) << purged.status();
  Open();
  EXPECT_THAT(*database_->Check(), IsEmpty());
  EXPECT_THAT(Acquired(), ElementsAre("Facebook Instagram 1", "Facebook Scale 1"));
  EXPECT_EQ(Named("Meta"), Named("Facebook"));
}

}  // namespace
}  // namespace fasti
