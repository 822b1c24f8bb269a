#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/reference_history.h"
#include "tests/support/temporary_folder.h"

// Random histories, each operation done to a database and to a list of rows, and random questions
// put to both.  Values come from small pools, so that equal times, shared subjects and retracted
// rows happen all the time.  The seed is printed with every failure; FASTI_SEED repeats one.

namespace fasti {
namespace {

using testing::ReferenceHistory;

constexpr Instant kDay = Instant{86400} * 1'000'000;

class HistoryRunner {
 public:
  // `bulk` facts are there from the start, folded: enough for runs of many blocks.
  HistoryRunner(uint64_t seed, std::string path, uint64_t steps, uint64_t bulk = 0)
      : random_(seed), path_(std::move(path)), steps_(steps), bulk_(bulk) {}

  void Run() {
    Open();
    DeclareNames();
    if (bulk_ > 0) {
      AddBulk();
      ASSERT_TRUE(database_->Fold().ok());
    }
    for (uint64_t step = 0; step < steps_ && !::testing::Test::HasFailure(); ++step) {
      SCOPED_TRACE(absl::StrCat("step ", step));
      Step();
    }
    for (const Kept& kept : kept_) Ask(kept);
    CheckAll();
  }

 private:
  struct Kept {
    std::unique_ptr<Snapshot> snapshot;
    ReferenceHistory::State state;
  };

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& pool) {
    return pool[Below(pool.size())];
  }

  void Open() {
    Options options;
    options.background_fold = false;
    options.clock = [this] { return clock_; };
    // Room for all blocks and timelines, or for a few, so that every answer makes others go.
    if (OneIn(2)) options.cache_bytes = OneIn(2) ? 40'000 : 400'000;
    absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path_, options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
  }

  void DeclareNames() {
    auto transaction = database_->Begin();
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    Transaction& t = **transaction;
    for (int i = 0; i < 6; ++i) entities_.push_back(*t.CreateEntity());
    relations_.push_back(*t.InternRelation("knows"));
    ASSERT_TRUE(t.DeclareRelation({.name = "met", .kind = RelationKind::kEvent}).ok());
    relations_.push_back(*t.InternRelation("met"));
    ASSERT_TRUE(t.DeclareRelation({.name = "leads", .kind = RelationKind::kState}).ok());
    relations_.push_back(*t.InternRelation("leads"));
    attributes_.push_back(*t.InternAttribute("name"));
    ASSERT_TRUE(
        t.DeclareRelation({.name = "size", .is_attribute = true, .kind = RelationKind::kMetric})
            .ok());
    attributes_.push_back(*t.InternAttribute("size"));
    reference_.readings = {{relations_[1], Reading::kEvent}, {attributes_[1], Reading::kExact}};
    literals_ = {Value("Ada"),
                 Value("Bit"),
                 Value(7),
                 Value(-3),
                 Value(2.5),
                 Value(true),
                 Value(Date{9000}),
                 Value(List{Value(1), Value("x")}),
                 Value(std::string(3000, 'y'))};
    Finish(t);
  }

  void Finish(Transaction& t) {
    clock_ += 1 + static_cast<Instant>(Below(50));
    const absl::StatusOr<Sequence> sequence = t.Commit();
    ASSERT_TRUE(sequence.ok()) << sequence.status();
    reference_.commit_times[*sequence] = clock_;
    last_ = *sequence;
  }

  void AddBulk() {
    auto transaction = database_->Begin();
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    for (uint64_t i = 0; i < bulk_ && !::testing::Test::HasFailure(); ++i) {
      WriteOne(**transaction, &reference_.rows);
    }
    Finish(**transaction);
  }

  void Step() {
    clock_ += static_cast<Instant>(Below(3)) * 7;
    switch (Below(12)) {
      case 0:
        ASSERT_TRUE(database_->Fold().ok());
        if (OneIn(4)) CheckAll();
        break;
      case 1:
        if (kept_.size() < 6) kept_.push_back(Now());
        break;
      case 2:
        if (!kept_.empty()) Ask(kept_[Below(kept_.size())]);
        break;
      case 3:
        if (OneIn(4)) Reopen();
        break;
      case 4:
      case 5:
        Ask(Now());
        break;
      default:
        Write();
    }
  }

  void CheckAll() {
    const absl::StatusOr<std::vector<std::string>> problems = database_->Check();
    ASSERT_TRUE(problems.ok()) << problems.status();
    EXPECT_THAT(*problems, ::testing::IsEmpty());
  }

  Kept Now() {
    Kept kept{.snapshot = database_->GetSnapshot(), .state = {}};
    EXPECT_EQ(kept.snapshot->sequence(), last_);
    kept.state = {.sequence = kept.snapshot->sequence(), .now = kept.snapshot->now()};
    return kept;
  }

  void Reopen() {
    if (path_ == ":memory:") return;
    kept_.clear();
    if (OneIn(2)) {
      ASSERT_TRUE(database_->Close().ok());
    }
    database_.reset();
    Open();
  }

  // A few writes in one transaction, sometimes given up.
  void Write() {
    auto transaction = database_->Begin();
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    Transaction& t = **transaction;
    std::vector<ReferenceHistory::Row> rows = reference_.rows;
    for (uint64_t i = Below(6); i <= 6; ++i) WriteOne(t, &rows);
    if (OneIn(3)) {
      std::swap(rows, reference_.rows);
      AskOne(t.view(), {.sequence = t.view().sequence(), .now = t.view().now()}, false);
      std::swap(rows, reference_.rows);
    }
    if (OneIn(5)) return;
    reference_.rows = std::move(rows);
    Finish(t);
  }

  void WriteOne(Transaction& t, std::vector<ReferenceHistory::Row>* rows) {
    ReferenceHistory::Row* old = rows->empty() ? nullptr : &(*rows)[Below(rows->size())];
    if (old != nullptr && OneIn(4)) {
      ASSERT_TRUE(t.Retract(static_cast<VersionId>(old->version)).ok());
      if (old->gone == 0) old->gone = t.view().sequence();
      return;
    }
    FactDraft draft;
    if (old != nullptr && OneIn(4)) {
      draft.subject = old->subject;
      draft.relation = old->relation;
      draft.supersedes = static_cast<VersionId>(old->version);
    } else {
      draft.subject = Pick(entities_);
      draft.relation = OneIn(3) ? Pick(attributes_) : Pick(relations_);
    }
    const bool is_attribute =
        std::find(attributes_.begin(), attributes_.end(), draft.relation) != attributes_.end();
    draft.object = is_attribute ? Pick(literals_) : Value(Pick(entities_));
    draft.valid = RandomPeriod(draft.relation == relations_[1]);
    if (OneIn(3)) {
      draft.known_from = Epoch() + static_cast<Instant>(Below(20)) * kDay;
      if (OneIn(2)) draft.known_to = draft.known_from + static_cast<Instant>(1 + Below(9)) * kDay;
    }
    if (OneIn(4)) draft.qualifiers = {{"role", Value("cook")}};
    const absl::StatusOr<Fact> fact = t.Assert(draft);
    ASSERT_TRUE(fact.ok()) << fact.status();
    EXPECT_EQ(fact->valid, draft.valid);
    EXPECT_EQ(Raw(fact->version), t.view().sequence());
    rows->push_back({.version = Raw(fact->version),
                     .lineage = draft.supersedes == VersionId::kNone ? Raw(fact->version)
                                                                     : LineageOf(*rows, draft),
                     .subject = draft.subject,
                     .relation = draft.relation,
                     .object = draft.object,
                     .valid = draft.valid,
                     .known_from = draft.known_from,
                     .known_to = draft.known_to});
  }

  static uint64_t LineageOf(const std::vector<ReferenceHistory::Row>& rows,
                            const FactDraft& draft) {
    for (const ReferenceHistory::Row& row : rows) {
      if (row.version == Raw(draft.supersedes)) return row.lineage;
    }
    return 0;
  }

  Instant Epoch() const { return 19'800 * kDay; }  // the clock stands 10 days behind this

  // A period within about two years, of any precision; ends may be open (unless `closed`) or
  // unknown.
  Period RandomPeriod(bool closed) {
    static constexpr Precision kPrecisions[] = {
        Precision::kMicrosecond, Precision::kSecond,  Precision::kHour, Precision::kDay,
        Precision::kMonth,       Precision::kQuarter, Precision::kYear, Precision::kDecade};
    const auto granule = [&] {
      const Instant at = Epoch() + static_cast<Instant>(Below(600)) * kDay / 3;
      return Period::Granule(at, kPrecisions[Below(std::size(kPrecisions))]);
    };
    Period period = granule();
    if (OneIn(2)) {
      const Period other = granule();
      if (period.from < other.to) {
        period.to = other.to;
        period.to_precision = other.to_precision;
      }
    }
    if (OneIn(4)) {
      period.to = kInstantMax;
      period.to_precision = closed || OneIn(2) ? Precision::kUnknown : Precision::kOpen;
    }
    if (OneIn(6)) {
      period.from = kInstantMin;
      period.from_precision = closed || OneIn(2) ? Precision::kUnknown : Precision::kOpen;
    }
    return period;
  }

  View RandomView() {
    View view;
    for (uint64_t tests = Below(5) / 2; tests > 0; --tests) {
      static constexpr Reading kReadings[] = {Reading::kExact, Reading::kExact, Reading::kState,
                                              Reading::kEvent};
      view.valid.push_back({static_cast<ValidTest::Kind>(Below(4)),
                            RandomPeriod(false).As(kReadings[Below(std::size(kReadings))])});
    }
    if (OneIn(3)) {
      view.as_of = Period::Granule(Epoch() + static_cast<Instant>(Below(25)) * kDay,
                                   OneIn(2) ? Precision::kDay : Precision::kMonth);
    }
    if (OneIn(3)) {
      const auto past = [&] {
        const Instant first = reference_.commit_times.begin()->second;
        return first - 5 + static_cast<Instant>(Below(static_cast<uint64_t>(clock_ - first + 10)));
      };
      const Instant a = past();
      const Instant b = OneIn(2) ? a : past();
      view.as_recorded = Period{std::min(a, b), std::max(a, b) + 1, Precision::kMicrosecond,
                                Precision::kMicrosecond};
      if (OneIn(8)) view.as_recorded = Period::Always();
    }
    return view;
  }

  void Ask(const Kept& kept) {
    for (int i = 0; i < 8; ++i) AskOne(*kept.snapshot, kept.state, true);
  }

  void AskOne(const Snapshot& snapshot, const ReferenceHistory::State& state, bool committed) {
    Pattern pattern;
    if (OneIn(2)) pattern.subject = Pick(entities_);
    pattern.attributes = OneIn(2);
    pattern.relationships = !pattern.attributes || OneIn(2);
    for (uint64_t i = Below(4); i > 1; --i) {
      pattern.relations.push_back(OneIn(3) ? Pick(attributes_) : Pick(relations_));
    }
    Value object;
    const bool with_object = OneIn(3);
    if (with_object) {
      object = OneIn(2) ? Value(Pick(entities_)) : Pick(literals_);
      const absl::StatusOr<std::optional<Term>> term = snapshot.FindTerm(object);
      ASSERT_TRUE(term.ok()) << term.status();
      if (!term->has_value()) {
        EXPECT_TRUE(reference_.Find({}, &object, state).empty());
        return;
      }
      pattern.object = **term;
    }
    pattern.view = RandomView();
    if (!committed) pattern.view.as_recorded.reset();
    const std::vector<uint64_t> expected =
        reference_.Find(pattern, with_object ? &object : nullptr, state);
    Compare(snapshot, pattern, expected);
    if (::testing::Test::HasFatalFailure()) return;
    CompareEnds(snapshot, pattern, expected);
    CompareByStart(snapshot, pattern, expected);
    CompareCounts(snapshot, pattern, expected);
  }

  const ReferenceHistory::Row& RowOf(uint64_t version) const {
    const auto row =
        std::lower_bound(reference_.rows.begin(), reference_.rows.end(), version,
                         [](const ReferenceHistory::Row& r, uint64_t v) { return r.version < v; });
    FASTI_CHECK(row != reference_.rows.end() && row->version == version);
    return *row;
  }

  // What `open` makes of a pattern; now and then made for another entity and read for a while,
  // before it begins anew with the one that is meant.
  template <typename Item, typename Open>
  absl::StatusOr<std::unique_ptr<ScanCursor<Item>>> OpenOrRestart(Pattern pattern, Open open) {
    const bool by_object = pattern.object.has_value() && pattern.object->is_entity();
    if (pattern.subject.has_value() ? pattern.object.has_value() : !by_object) return open(pattern);
    if (OneIn(2)) return open(pattern);
    const EntityId anchor = by_object ? pattern.object->entity() : *pattern.subject;
    if (by_object) {
      pattern.object = Term::Entity(Pick(entities_));
    } else {
      pattern.subject = Pick(entities_);
    }
    FASTI_ASSIGN_OR_RETURN(std::unique_ptr<ScanCursor<Item>> cursor, open(pattern));
    std::vector<Item> items(1 + Below(10));
    for (uint64_t reads = Below(4); reads > 0; --reads) {
      FASTI_RETURN_IF_ERROR(cursor->Next(absl::MakeSpan(items)).status());
    }
    FASTI_RETURN_IF_ERROR(cursor->Restart(anchor));
    return cursor;
  }

  void CompareEnds(const Snapshot& snapshot, const Pattern& pattern,
                   const std::vector<uint64_t>& expected) {
    std::vector<std::pair<EntityId, Term>> wanted, found;
    for (const uint64_t version : expected) {
      const absl::StatusOr<Fact> fact = snapshot.FindVersion(static_cast<VersionId>(version));
      ASSERT_TRUE(fact.ok()) << fact.status();
      wanted.emplace_back(fact->subject, fact->object);
    }
    auto cursor =
        OpenOrRestart<FactEnds>(pattern, [&](const Pattern& p) { return snapshot.ScanEnds(p); });
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    std::vector<FactEnds> ends(1 + Below(40));
    while (true) {
      const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(ends));
      ASSERT_TRUE(n.ok()) << n.status();
      if (*n == 0) break;
      for (size_t i = 0; i < *n; ++i) found.emplace_back(ends[i].subject, ends[i].object);
    }
    std::sort(wanted.begin(), wanted.end());
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, wanted);
  }

  // The order of equal starts is not told, so the starts are compared, and the facts as a set; a
  // reader that stops early has met the first of them.
  void CompareByStart(const Snapshot& snapshot, const Pattern& pattern,
                      std::vector<uint64_t> expected) {
    const bool latest = OneIn(2);
    std::vector<Instant> starts;
    for (const uint64_t version : expected) starts.push_back(RowOf(version).valid.from);
    std::sort(starts.begin(), starts.end());
    if (latest) std::reverse(starts.begin(), starts.end());
    auto cursor = OpenOrRestart<Fact>(pattern, [&](const Pattern& p) {
      return snapshot.ScanByStart(p,
                                  latest ? StartOrder::kLatestFirst : StartOrder::kEarliestFirst);
    });
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    const bool stops_early = OneIn(4);
    std::vector<uint64_t> found;
    std::vector<Fact> facts(1 + Below(40));
    while (true) {
      const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(facts));
      ASSERT_TRUE(n.ok()) << n.status();
      for (size_t i = 0; i < *n; ++i) {
        ASSERT_LT(found.size(), starts.size());
        ASSERT_EQ(facts[i].valid.from, starts[found.size()]);
        found.push_back(Raw(facts[i].version));
      }
      if (stops_early) return;
      if (*n == 0) break;
    }
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected);
  }

  void CompareCounts(const Snapshot& snapshot, const Pattern& pattern,
                     const std::vector<uint64_t>& expected) {
    const auto precision =
        static_cast<Precision>(Below(static_cast<uint64_t>(Precision::kCentury) + 1));
    std::map<Instant, uint64_t> counts;
    uint64_t without_start = 0;
    for (const uint64_t version : expected) {
      const Period& valid = RowOf(version).valid;
      if (valid.has_start()) {
        ++counts[GranuleStart(valid.from, precision)];
      } else {
        ++without_start;
      }
    }
    const absl::StatusOr<StartCounts> interrupted = snapshot.CountByStart(
        pattern, precision, [] { return absl::CancelledError("counted enough"); });
    EXPECT_TRUE(absl::IsCancelled(interrupted.status())) << interrupted.status();
    const absl::StatusOr<StartCounts> found =
        snapshot.CountByStart(pattern, precision, [] { return absl::OkStatus(); });
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->without_start, without_start);
    std::vector<StartCounts::Granule> granules;
    for (const auto& [from, facts] : counts) granules.push_back({from, facts});
    EXPECT_EQ(found->granules, granules);
  }

  void Compare(const Snapshot& snapshot, const Pattern& pattern,
               const std::vector<uint64_t>& expected) {
    auto cursor = OpenOrRestart<Fact>(pattern, [&](const Pattern& p) { return snapshot.Scan(p); });
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    std::vector<uint64_t> found;
    std::vector<Fact> facts(1 + Below(40));
    while (true) {
      const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(facts));
      ASSERT_TRUE(n.ok()) << n.status();
      if (*n == 0) break;
      for (size_t i = 0; i < *n; ++i) {
        found.push_back(Raw(facts[i].version));
        if (bulk_ == 0 || OneIn(50)) CheckFact(snapshot, facts[i]);
      }
    }
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected);
  }

  // Every part of a fact, and that it is found by its id.
  void CheckFact(const Snapshot& snapshot, const Fact& fact) {
    const ReferenceHistory::Row* const row = &RowOf(Raw(fact.version));
    EXPECT_EQ(fact.subject, row->subject);
    EXPECT_EQ(fact.relation, row->relation);
    EXPECT_EQ(Raw(fact.lineage), row->lineage);
    EXPECT_EQ(fact.valid, row->valid);
    EXPECT_EQ(fact.known_from, row->known_from);
    EXPECT_EQ(fact.known_to, row->known_to);
    EXPECT_EQ(fact.gone, row->gone <= snapshot.sequence() ? row->gone : 0);
    const absl::StatusOr<Value> value = snapshot.ValueOf(fact.object);
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_TRUE(SameValue(*value, row->object));
    const absl::StatusOr<Map> qualifiers = snapshot.Qualifiers(fact);
    ASSERT_TRUE(qualifiers.ok()) << qualifiers.status();
    EXPECT_EQ(qualifiers->size(), fact.has_qualifiers ? 1 : 0);
    const absl::StatusOr<Fact> again = snapshot.FindVersion(fact.version);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->object, fact.object);
    EXPECT_EQ(again->gone, fact.gone);
  }

  std::mt19937_64 random_;
  const std::string path_;
  const uint64_t steps_;
  const uint64_t bulk_;
  Instant clock_ = 19'810 * kDay;
  uint64_t last_ = 0;
  std::unique_ptr<Database> database_;
  ReferenceHistory reference_;
  std::vector<EntityId> entities_;
  std::vector<RelationId> relations_;
  std::vector<RelationId> attributes_;
  std::vector<Value> literals_;
  std::vector<Kept> kept_;
};

uint64_t FirstSeed() {
  uint64_t seed = 1;
  const char* text = std::getenv("FASTI_SEED");
  if (text != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(text, &seed));
  }
  return seed;
}

TEST(RandomHistoryTest, InMemoryEveryQuestionIsAnsweredAsByAListOfRows) {
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + 6 && !HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("FASTI_SEED=", seed));
    HistoryRunner(seed, ":memory:", 150).Run();
  }
}

TEST(RandomHistoryTest, InRunsOfManyBlocksOnlyTheRightRowsAreFound) {
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + 1 && !HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("FASTI_SEED=", seed));
    HistoryRunner(seed + 2000, ":memory:", 50, 6000).Run();
  }
}

TEST(RandomHistoryTest, OnDiskEveryQuestionIsAnsweredAsByAListOfRows) {
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + 2 && !HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("FASTI_SEED=", seed));
    const TemporaryFolder folder;
    HistoryRunner(seed + 1000, folder.File("db"), 120).Run();
  }
}

}  // namespace
}  // namespace fasti
