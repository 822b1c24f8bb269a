#include "fasti/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/database.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant kDay = int64_t{86'400} * 1'000'000;

Period P(const char* text) {
  return *ParsePeriod(text);
}
Value Usd(double number) {
  return Value(Quantity::Exactly(number, "USD"));
}

class ReportTest : public ::testing::Test {
 protected:
  ReportTest() {
    Options options;
    options.clock = [this] { return now_; };
    database_ = *Database::Open(":memory:", options);
  }

  void Declare(RelationInfo relation) {
    const std::unique_ptr<Transaction> transaction = *database_->Begin();
    ASSERT_EQ(transaction->DeclareRelation(relation), absl::OkStatus());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  static Statement Says(const char* subject, const char* relation, const char* object,
                        const char* valid = nullptr) {
    Statement statement;
    statement.subject.name = subject;
    statement.relation = relation;
    statement.object = EntityName{object, "", {}};
    if (valid != nullptr) statement.valid = P(valid);
    return statement;
  }

  static Statement SaysValue(const char* subject, const char* key, Value value,
                             const char* valid = nullptr) {
    Statement statement = Says(subject, key, "", valid);
    statement.object = std::move(value);
    return statement;
  }

  static Report From(const char* key, const char* published, std::vector<Statement> statements) {
    Report report;
    report.source.key = key;
    if (published != nullptr) report.source.published = P(published);
    report.statements = std::move(statements);
    return report;
  }

  ReportSummary Load(const Report& report) {
    absl::StatusOr<ReportSummary> summary = database_->Report(report);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.ok() ? *std::move(summary) : ReportSummary();
  }

  std::vector<Verdict> Verdicts(const Report& report) {
    std::vector<Verdict> verdicts;
    for (const StatementOutcome& outcome : Load(report).outcomes) {
      verdicts.push_back(outcome.verdict);
    }
    return verdicts;
  }

  EntityId Entity(const char* name) {
    const std::vector<EntityId> entities = *database_->GetSnapshot()->EntitiesNamed(name);
    EXPECT_THAT(entities, SizeIs(1)) << name;
    return entities.empty() ? EntityId::kNone : entities.front();
  }

  // The facts of a relation or attribute in a view, in order of start.
  std::vector<Fact> Facts(const char* relation, const View& view = View()) {
    const std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
    Pattern pattern;
    if (const auto info = snapshot->FindRelation(relation)) pattern.relations.push_back(info->id);
    if (const auto info = snapshot->FindAttribute(relation)) pattern.relations.push_back(info->id);
    EXPECT_FALSE(pattern.relations.empty()) << relation;
    pattern.view = view;
    const std::unique_ptr<FactCursor> cursor = *snapshot->Scan(pattern);
    std::vector<Fact> facts(64);
    facts.resize(*cursor->Next(absl::MakeSpan(facts)));
    std::sort(facts.begin(), facts.end(),
              [](const Fact& a, const Fact& b) { return a.valid < b.valid; });
    return facts;
  }

  std::vector<std::string> Valids(const char* relation, const View& view = View()) {
    std::vector<std::string> texts;
    for (const Fact& fact : Facts(relation, view)) texts.push_back(FormatPeriod(fact.valid));
    return texts;
  }

  Map Figures(const Fact& fact, const char* as_of = nullptr,
              std::optional<Policy> policy = std::nullopt) {
    return *database_->GetSnapshot()->Figures(
        fact, as_of == nullptr ? std::nullopt : std::optional<Period>(P(as_of)), policy);
  }

  static View AsOf(const char* text) {
    View view;
    view.as_of = P(text);
    return view;
  }

  Instant now_ = 20'500 * kDay;  // 2026-02-16
  std::unique_ptr<Database> database_;
};

TEST_F(ReportTest, NamesFindTheEntityThatHasThem) {
  Statement first = Says("São Paulo Steel", "buys", "Acme");
  first.subject.label = "Company";
  first.subject.aliases = {"SPS"};
  EXPECT_EQ(Load(From("a", "2025-01", {first})).entities_created, 2);
  const ReportSummary again = Load(From(
      "b", "2025-02", {Says("sao  paulo STEEL", "buys", "ACME"), Says("SPS", "buys", "Beta")}));
  EXPECT_EQ(again.entities_created, 1);
  EXPECT_EQ(Entity("sps"), Entity("são paulo steel"));
  const std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
  EXPECT_THAT(*snapshot->EntitiesWithLabel(snapshot->FindLabel("Company")->id),
              ElementsAre(Entity("SPS")));
}

TEST_F(ReportTest, ANewSpellingBecomesAnAlias) {
  Load(From("a", "2025-01", {Says("Acme", "buys", "Beta")}));
  Statement renamed = Says("Acme Holdings", "buys", "Gamma");
  renamed.subject.aliases = {"Acme"};
  EXPECT_EQ(Load(From("b", "2025-02", {renamed})).entities_created, 1);
  EXPECT_EQ(Entity("Acme Holdings"), Entity("Acme"));
}

TEST_F(ReportTest, ANameKeepsItsMeaningWithinAReport) {
  Load(From("a", "2025-01", {Says("P", "buys", "Beta")}));
  // "N" is P by one alias; the subject then takes the other alias for itself.
  Statement statement = Says("New", "buys", "");
  statement.subject.aliases = {"Q", ""};
  statement.object = EntityName{"N", "", {"P", "Q"}};
  const ReportSummary summary = Load(From("b", "2025-02", {statement, statement}));
  EXPECT_EQ(summary.entities_created, 1);
  EXPECT_THAT(summary.ambiguous, IsEmpty());
  EXPECT_EQ(Entity("N"), Entity("P"));
  EXPECT_EQ(Entity("Q"), Entity("New"));
}

TEST_F(ReportTest, AnAmbiguousNameIsToldAndNothingIsGuessed) {
  EntityId company;
  {
    const std::unique_ptr<Transaction> transaction = *database_->Begin();
    const RelationId name = *transaction->InternAttribute("name");
    for (const char* label : {"Person", "Company"}) {
      const EntityId entity = *transaction->CreateEntity();
      ASSERT_EQ(transaction->SetAttribute(entity, name, Value("Ford")), absl::OkStatus());
      ASSERT_EQ(transaction->AddLabel(entity, *transaction->InternLabel(label)), absl::OkStatus());
      company = entity;
    }
    ASSERT_TRUE(transaction->Commit().ok());
  }
  Statement labelled = Says("Ford", "buys", "Beta");
  labelled.subject.label = "Company";
  const ReportSummary summary =
      Load(From("a", "2025-01", {Says("FORD", "buys", "Somebody new"), labelled}));
  ASSERT_THAT(summary.ambiguous, SizeIs(1));
  EXPECT_EQ(summary.ambiguous[0].name, "FORD");
  EXPECT_THAT(summary.ambiguous[0].candidates, SizeIs(2));
  EXPECT_EQ(summary.outcomes[0].lineage, VersionId::kNone);
  EXPECT_EQ(summary.claims_added, 1);
  EXPECT_EQ(summary.entities_created, 1) << "none for the statement that was not stored";
  ASSERT_THAT(Facts("buys"), SizeIs(1));
  EXPECT_EQ(Facts("buys")[0].subject, company);
}

TEST_F(ReportTest, AnInverseNameTellsTheSameFact) {
  RelationInfo owns;
  owns.name = "owns";
  owns.inverse = "owned_by";
  Declare(owns);
  Load(From("a", "2025-01", {Says("Acme", "owns", "Beta")}));
  EXPECT_THAT(Verdicts(From("b", "2025-02", {Says("Beta", "owned_by", "Acme")})),
              ElementsAre(Verdict::kSame));
  EXPECT_THAT(Facts("owns"), SizeIs(1));
}

TEST_F(ReportTest, EndsOfASymmetricRelationAreUnordered) {
  RelationInfo partners;
  partners.name = "partners";
  partners.symmetric = true;
  Declare(partners);
  Load(From("a", "2025-01", {Says("Acme", "partners", "Beta")}));
  EXPECT_THAT(Verdicts(From("b", "2025-02", {Says("Beta", "partners", "Acme")})),
              ElementsAre(Verdict::kSame));
  EXPECT_THAT(Facts("partners"), SizeIs(1));
}

TEST_F(ReportTest, KeyQualifiersTellFactsApartAndOthersAreFigures) {
  RelationInfo works;
  works.name = "works_at";
  works.kind = RelationKind::kState;
  works.key_qualifiers = {"role"};
  Declare(works);
  Statement chief = Says("Ann", "works_at", "Acme");
  chief.qualifiers = {{"role", Value("chief")}, {"salary", Usd(1)}};
  Statement head = chief;
  head.qualifiers["role"] = Value("head");
  Load(From("a", "2025-01", {chief, head}));
  const std::vector<Fact> facts = Facts("works_at");
  ASSERT_THAT(facts, SizeIs(2));
  EXPECT_THAT(*database_->GetSnapshot()->Qualifiers(facts[0]), SizeIs(1));
  EXPECT_EQ(FormatValue(Value(Figures(facts[0]))), "{salary: 1 USD}");
}

TEST_F(ReportTest, AsOfADateTheStoryIsWhatWasPublishedByThen) {
  RelationInfo invests;
  invests.name = "invests_in";
  invests.kind = RelationKind::kEvent;
  Declare(invests);
  Statement rumour = Says("Acme", "invests_in", "Beta", "2025");
  rumour.qualifiers["amount"] = Usd(14.8e9);
  rumour.modality = Modality::kReported;
  Statement official = Says("Acme", "invests_in", "Beta", "2025-06-12");
  official.qualifiers["amount"] = Usd(14.3e9);
  // Loaded in the wrong order.
  EXPECT_THAT(Verdicts(From("b", "2025-06-13", {official})), ElementsAre(Verdict::kNew));
  EXPECT_THAT(Verdicts(From("a", "2025-06-08", {rumour})), ElementsAre(Verdict::kSuperseded));

  EXPECT_THAT(Facts("invests_in", AsOf("2025-06-07")), IsEmpty());
  const std::vector<Fact> before = Facts("invests_in", AsOf("2025-06-11"));
  ASSERT_THAT(before, SizeIs(1));
  EXPECT_EQ(FormatPeriod(before[0].valid), "2025");
  EXPECT_EQ(before[0].modality, Modality::kReported);
  EXPECT_EQ(FormatValue(Value(Figures(before[0], "2025-06-11"))), "{amount: 14.8e9 USD}");
  const std::vector<Fact> now = Facts("invests_in");
  ASSERT_THAT(now, SizeIs(1));
  EXPECT_EQ(FormatPeriod(now[0].valid), "2025-06-12");
  EXPECT_EQ(now[0].lineage, before[0].lineage);
  EXPECT_EQ(FormatValue(Value(Figures(now[0]))), "{amount: 14.3e9 USD}");
  EXPECT_EQ(FormatValue(Value(Figures(now[0], nullptr, Policy::kRange))),
            "{amount: 14.3e9..14.8e9 USD}");
  EXPECT_THAT(*database_->GetSnapshot()->Claims(now[0], std::nullopt), SizeIs(2));
  EXPECT_THAT(*database_->GetSnapshot()->Claims(now[0], P("2025-06-11")), SizeIs(1));
}

TEST_F(ReportTest, AMetricHasTheValueOfItsPolicy) {
  RelationInfo revenue;
  revenue.name = "revenue";
  revenue.is_attribute = true;
  revenue.kind = RelationKind::kMetric;
  Declare(revenue);
  Load(From("a", "2025-01", {SaysValue("Acme", "revenue", Usd(60), "2024")}));
  EXPECT_THAT(Verdicts(From("b", "2025-03", {SaysValue("Acme", "revenue", Usd(65), "2024")})),
              ElementsAre(Verdict::kSuperseded));
  const std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
  ASSERT_THAT(Facts("revenue"), SizeIs(1));
  EXPECT_EQ(FormatValue(*snapshot->ValueOf(Facts("revenue")[0].object)), "65 USD");
  ASSERT_THAT(Facts("revenue", AsOf("2025-02")), SizeIs(1));
  EXPECT_EQ(FormatValue(*snapshot->ValueOf(Facts("revenue", AsOf("2025-02"))[0].object)), "60 USD");
}

TEST_F(ReportTest, ADenialEndsTheKnownPeriodAndIsKept) {
  Load(From("a", "2025-01", {Says("Acme", "buys", "Beta")}));
  Statement denial = Says("Acme", "buys", "Beta");
  denial.modality = Modality::kDenied;
  Statement other = denial;
  other.object = EntityName{"Gamma", "", {}};
  EXPECT_THAT(Verdicts(From("b", "2025-03", {denial, other})),
              ElementsAre(Verdict::kDenied, Verdict::kDenied));
  EXPECT_THAT(Facts("buys"), IsEmpty());
  ASSERT_THAT(Facts("buys", AsOf("2025-02")), SizeIs(1));
  const std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
  const std::vector<Fact> denied = *snapshot->Denied();
  ASSERT_THAT(denied, SizeIs(1)) << "only the one that nobody supports";
  EXPECT_EQ(denied[0].object, Term::Entity(Entity("Gamma")));
  EXPECT_THAT(*snapshot->Claims(denied[0], std::nullopt), SizeIs(1));
}

TEST_F(ReportTest, AnUndatedSourceCountsFromItsCommit) {
  Load(From("a", nullptr, {Says("Acme", "buys", "Beta")}));
  ASSERT_THAT(Facts("buys"), SizeIs(1));
  EXPECT_EQ(Facts("buys")[0].known_from, now_);
  now_ += kDay;
  const ReportSummary again = Load(From("a", nullptr, {Says("Acme", "buys", "Beta")}));
  EXPECT_TRUE(again.outcomes[0].repeated);
  EXPECT_EQ(Facts("buys")[0].known_from, now_ - kDay);
}

TEST_F(ReportTest, ABatchIsStoredOnce) {
  Report report = From("a", "2025-01", {Says("Acme", "buys", "Beta")});
  report.batch_id = 42;
  const Sequence sequence = Load(report).sequence;
  report.source.key = "something else";
  const ReportSummary again = Load(report);
  EXPECT_EQ(again.claims_added, 0);
  EXPECT_LE(again.sequence, sequence);
  EXPECT_THAT(*database_->GetSnapshot()->Claims(Facts("buys")[0], std::nullopt), SizeIs(1));
}

TEST_F(ReportTest, ObjectsOfAFunctionalRelationFollowOrContradictEachOther) {
  RelationInfo chief;
  chief.name = "chief";
  chief.kind = RelationKind::kState;
  chief.functional = true;
  Declare(chief);
  Load(From("a", "2018", {Says("Acme", "chief", "Ann", "2016..?")}));
  EXPECT_THAT(Verdicts(From("b", "2021", {Says("Acme", "chief", "Bob", "2020-03..?")})),
              ElementsAre(Verdict::kSuperseded));
  EXPECT_THAT(Valids("chief"), ElementsAre("2016..2020-03", "2020-03..?"));
  EXPECT_THAT(Valids("chief", AsOf("2019")), ElementsAre("2016..?"));
  const std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
  EXPECT_THAT(*snapshot->Conflicts(Facts("chief")[0]), IsEmpty());

  EXPECT_THAT(Verdicts(From("c", "2022", {Says("Acme", "chief", "Cid", "2021..")})),
              ElementsAre(Verdict::kSuperseded));
  EXPECT_THAT(Verdicts(From("d", "2023", {Says("Acme", "chief", "Dan", "2022..?")})),
              ElementsAre(Verdict::kConflict));
  const std::vector<Fact> facts = Facts("chief");
  EXPECT_THAT(*database_->GetSnapshot()->Conflicts(facts.back()), SizeIs(1));
}

TEST_F(ReportTest, ClaimsAreEvidenceWithTheirSentence) {
  Report report = From("a", "2025-01", {Says("Acme", "buys", "Beta")});
  report.source.text = "Good morning. Acme buys Beta, says Àlex. The end.";
  report.source.title = "Morning news";
  report.statements[0].span = {14, 41};
  report.statements[0].confidence = 0.75;
  report.statements[0].extractor = "a rule";
  const EntityId source = Load(report).source;
  const std::unique_ptr<Snapshot> snapshot = database_->GetSnapshot();
  const std::vector<Claim> claims = *snapshot->Claims(Facts("buys")[0], std::nullopt);
  ASSERT_THAT(claims, SizeIs(1));
  EXPECT_EQ(claims[0].text, "Acme buys Beta, says Àlex.");
  EXPECT_EQ(claims[0].source, source);
  EXPECT_EQ(claims[0].confidence, 0.75);
  EXPECT_EQ(claims[0].extractor, "a rule");
  EXPECT_EQ(FormatPeriod(claims[0].published), "2025-01");
  const Value title = *snapshot->Attribute(source, snapshot->FindAttribute("title")->id, View());
  EXPECT_EQ(FormatValue(title), "'Morning news'");
}

TEST_F(ReportTest, ASentenceCutsNoCharacter) {
  Report report = From("a", "2025-01", {Says("Acme", "buys", "Beta")});
  report.source.text = "Acme buys Beta, says Àlex.";
  report.statements[0].span = {0, 22};  // in the middle of À
  EXPECT_EQ(database_->Report(report).status().code(), absl::StatusCode::kInvalidArgument);
  report.statements[0].span = {22, 27};
  EXPECT_EQ(database_->Report(report).status().code(), absl::StatusCode::kInvalidArgument);
  report.statements[0].span = {0, 23};
  EXPECT_TRUE(database_->Report(report).ok());
}

TEST_F(ReportTest, WhatIsWrongIsRefusedAsAWhole) {
  const auto refused = [this](const Report& report, const char* message) {
    const absl::StatusOr<ReportSummary> summary = database_->Report(report);
    EXPECT_EQ(summary.status().code(), absl::StatusCode::kInvalidArgument) << message;
    EXPECT_THAT(std::string(summary.status().message()), HasSubstr(message));
  };
  const Statement good = Says("Acme", "buys", "Beta");
  refused(From("", "2025", {good}), "source: expected a key or a text, found neither");
  refused(From("a", "2025", {good, Says("Acme", "", "Beta")}), "statement 1: relation");
  refused(From("a", "2025", {Says(" ", "buys", "Beta")}), "entity: expected a name");
  Statement bad = good;
  bad.confidence = 1.5;
  refused(From("a", "2025", {bad}), "confidence: expected a number from 0 to 1");
  bad = good;
  bad.object = Value();
  refused(From("a", "2025", {bad}), "object: expected a value, found null");
  bad = good;
  bad.text = "\xFF";
  refused(From("a", "2025", {bad}), "expected valid UTF-8 text");
  bad = good;
  bad.valid = Period{5, 4, Precision::kMicrosecond, Precision::kMicrosecond, Reading::kExact};
  refused(From("a", "2025", {bad}), "the end does not come after the start");
  Report beyond = From("a", "2025", {good});
  beyond.source.text = "short";
  beyond.statements[0].span = {2, 9};
  refused(beyond, "span 2 to 9: expected a place in the source's text");
  EXPECT_THAT(*database_->GetSnapshot()->AllEntities(), IsEmpty());
}

// Claims on single facts, as the writing clauses of the language make them.
class AddClaimTest : public ReportTest {
 protected:
  void SetUp() override {
    transaction_ = *database_->Begin();
    draft_.subject = *transaction_->CreateEntity();
    draft_.relation = *transaction_->InternRelation("chief_of");
    draft_.object = Value(*transaction_->CreateEntity());
    draft_.valid = P("2016..?");
    Source source;
    source.key = "https://news.example/1";
    claim_.source = *transaction_->InternSource(source);
    claim_.published = P("2025-06-13");
  }
  void Commit() { ASSERT_TRUE(transaction_->Commit().ok()); }

  std::unique_ptr<Transaction> transaction_;
  FactDraft draft_;
  Claim claim_;
};

TEST_F(AddClaimTest, AClaimMakesTheFactAndAnotherJoinsIt) {
  const Fact first = *transaction_->AddClaim(draft_, claim_);
  Source other;
  other.key = "https://news.example/2";
  claim_.source = *transaction_->InternSource(other);
  claim_.published = P("2025-08");
  const Fact second = *transaction_->AddClaim(draft_, claim_);
  EXPECT_EQ(first.version, second.version);
  EXPECT_EQ(first.known_from, P("2025-06-13").from);
  Commit();
  EXPECT_THAT(*database_->GetSnapshot()->Claims(first, std::nullopt), SizeIs(2));
}

TEST_F(AddClaimTest, ADenialOfAPartLeavesTheYearsBefore) {
  const Fact fact = *transaction_->AddClaim(draft_, claim_);
  claim_.stance = Stance::kDenies;
  claim_.published = P("2025-07");
  claim_.valid = P("2025-06-12..");
  ASSERT_TRUE(transaction_->AddClaim(draft_, claim_).ok());
  Commit();
  EXPECT_THAT(Valids("chief_of"), ElementsAre("2016..2025-06-11"));
  EXPECT_EQ(Facts("chief_of")[0].lineage, fact.lineage);
  EXPECT_THAT(Valids("chief_of", AsOf("2025-06-14")), ElementsAre("2016..?"));
}

TEST_F(AddClaimTest, AFactOfTheRecordWithoutClaimsStaysAlwaysKnownUntilItIsDenied) {
  draft_.valid = Period::Always();
  const Fact own = *transaction_->Assert(draft_);
  draft_.supersedes = own.version;
  claim_.stance = Stance::kDenies;
  ASSERT_TRUE(transaction_->AddClaim(draft_, claim_).ok());
  Commit();
  EXPECT_THAT(Facts("chief_of"), IsEmpty());
  const std::vector<Fact> before = Facts("chief_of", AsOf("1999"));
  ASSERT_THAT(before, SizeIs(1));
  EXPECT_EQ(before[0].lineage, own.lineage);
  EXPECT_EQ(before[0].known_from, kInstantMin);
  EXPECT_EQ(before[0].known_to, P("2025-06-13").from);
  EXPECT_THAT(*database_->GetSnapshot()->Claims(before[0], std::nullopt), SizeIs(1));
}

TEST_F(AddClaimTest, WithdrawingTheSourceLeavesWhatTheRecordKnew) {
  const Fact own = *transaction_->Assert(draft_);
  draft_.supersedes = own.version;
  claim_.stance = Stance::kDenies;
  ASSERT_TRUE(transaction_->AddClaim(draft_, claim_).ok());
  ASSERT_EQ(transaction_->RetractSource(claim_.source), absl::OkStatus());
  Commit();
  ASSERT_THAT(Facts("chief_of"), SizeIs(1));
  EXPECT_EQ(Facts("chief_of")[0].lineage, own.lineage);
  EXPECT_EQ(Facts("chief_of")[0].known_from, kInstantMin);
}

TEST_F(AddClaimTest, WhatIsNoFactIsRefused) {
  draft_.object = Value("a literal");
  EXPECT_EQ(transaction_->AddClaim(draft_, claim_).status().code(),
            absl::StatusCode::kInvalidArgument);
  draft_.object = Value(draft_.subject);
  draft_.relation = kLabel;
  EXPECT_EQ(transaction_->AddClaim(draft_, claim_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fasti
