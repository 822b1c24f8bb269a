#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "fasti/database.h"
#include "fasti/transaction.h"
#include "query/function/operators.h"
#include "tests/query/function_harness.h"

namespace fasti::function {
namespace {

// Ann leads Acme from 12 June 2025 on (`.since` is a qualifier), and is 41 since 2024, 42 since
// 2025.  Everything lives in one uncommitted transaction, which is what functions see.
class GraphFunctionsTest : public testing::Test, public FakeContext {
 protected:
  void SetUp() override {
    auto database = Database::Open(":memory:", {});
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    auto transaction = database_->Begin();
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    transaction_ = *std::move(transaction);
    ann_ = Create({"Person", "Manager"}, "Ann");
    acme_ = Create({"Company"}, "Acme");
    const RelationId leads = *transaction_->InternRelation("LEADS");
    leads_ = Assert({.subject = ann_,
                     .relation = leads,
                     .object = Value(acme_),
                     .valid = *ParsePeriod("2025-06-12.."),
                     .qualifiers = {{"role", Value("CEO")}}});
    const RelationId age = *transaction_->InternAttribute("age");
    Assert({.subject = ann_, .relation = age, .object = Value(41), .valid = *ParsePeriod("2024")});
    age_ = Assert(
        {.subject = ann_, .relation = age, .object = Value(42), .valid = *ParsePeriod("2025")});
  }

  EntityId Create(const std::vector<std::string>& labels, absl::string_view name) {
    const EntityId entity = *transaction_->CreateEntity();
    for (const std::string& label : labels) {
      FASTI_CHECK(transaction_->AddLabel(entity, *transaction_->InternLabel(label)).ok());
    }
    const RelationId key = *transaction_->InternAttribute("name");
    FASTI_CHECK(transaction_->SetAttribute(entity, key, Value(name)).ok());
    return entity;
  }

  std::shared_ptr<const Fact> Assert(const FactDraft& draft) {
    const absl::StatusOr<Fact> fact = transaction_->Assert(draft);
    FASTI_CHECK(fact.ok());
    return std::make_shared<const Fact>(*fact);
  }

  template <typename... Args>
  std::string Evaluate(absl::string_view name, const Args&... args) {
    return Outcome(Call(*FindFunction(name), {Value(args)...}, *this));
  }

  // Instead of FakeContext's.
  const Snapshot& snapshot() const override { return transaction_->view(); }
  const View& view() const override { return view_; }
  bool IsDeleted(EntityId node) const override { return deleted_.count(Raw(node)) > 0; }
  bool IsDeleted(const Fact& fact) const override { return deleted_.count(Raw(fact.lineage)) > 0; }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Transaction> transaction_;
  EntityId ann_ = EntityId::kNone;
  EntityId acme_ = EntityId::kNone;
  std::shared_ptr<const Fact> leads_;
  std::shared_ptr<const Fact> age_;
  View view_;
  std::set<uint64_t> deleted_;
};

TEST_F(GraphFunctionsTest, NodesTellLabelsKeysAndPropertiesInOrder) {
  EXPECT_EQ(Evaluate("labels", ann_), "['Manager', 'Person']");
  EXPECT_EQ(Evaluate("keys", ann_), "['age', 'name']");
  EXPECT_EQ(Evaluate("properties", acme_), "{name: 'Acme'}");
  EXPECT_EQ(Evaluate("properties", Map{{"k", Value(1)}}), "{k: 1}");
  EXPECT_EQ(Evaluate("keys", Map{{"k", Value()}, {"a", Value(1)}}), "['a', 'k']");
}

TEST_F(GraphFunctionsTest, PropertiesAreSeenThroughTheView) {
  EXPECT_EQ(Outcome(Property(Value(ann_), "age", *this)), "42");
  view_.valid.push_back({ValidTest::Kind::kAt, *ParsePeriod("2024-05")});
  EXPECT_EQ(Outcome(Property(Value(ann_), "age", *this)), "41");
  EXPECT_EQ(Evaluate("properties", ann_), "{age: 41, name: 'Ann'}");
  EXPECT_EQ(Outcome(Property(Value(ann_), "shoe_size", *this)), "null");
  EXPECT_EQ(Outcome(Index(Value(ann_), Value("name"), *this)), "'Ann'");
}

TEST_F(GraphFunctionsTest, RelationshipsTellTypeEndsAndQualifiers) {
  EXPECT_EQ(Evaluate("type", leads_), "'LEADS'");
  EXPECT_EQ(Evaluate("startNode", leads_), FormatValue(Value(ann_)));
  EXPECT_EQ(Evaluate("endNode", leads_), FormatValue(Value(acme_)));
  EXPECT_EQ(Evaluate("endNode", age_), "null");
  EXPECT_EQ(Evaluate("properties", leads_), "{role: 'CEO'}");
  EXPECT_EQ(Outcome(Property(Value(leads_), "role", *this)), "'CEO'");
  EXPECT_EQ(Evaluate("id", leads_), absl::StrCat(Raw(leads_->lineage)));
  EXPECT_EQ(Evaluate("id", ann_), absl::StrCat(Raw(ann_)));
}

TEST_F(GraphFunctionsTest, PathsTellTheirNodesAndRelationships) {
  const Path path{{ann_, acme_}, {leads_}};
  EXPECT_EQ(Evaluate("length", path), "1");
  EXPECT_EQ(Evaluate("nodes", path), FormatValue(ListOf(ann_, acme_)));
  EXPECT_EQ(Evaluate("relationships", path), FormatValue(ListOf(leads_)));
}

TEST_F(GraphFunctionsTest, WhatWasDeletedIsNotReadAgain) {
  deleted_ = {Raw(ann_), Raw(leads_->lineage)};
  EXPECT_EQ(Evaluate("labels", ann_), "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(Evaluate("properties", ann_), "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(Outcome(Property(Value(ann_), "name", *this)), "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(Outcome(Property(Value(leads_), "role", *this)), "EntityNotFound.DeletedEntityAccess");
  EXPECT_EQ(Evaluate("type", leads_), "'LEADS'");
  EXPECT_EQ(Evaluate("id", ann_), absl::StrCat(Raw(ann_)));
}

TEST_F(GraphFunctionsTest, OtherKindsAreTypeErrors) {
  EXPECT_EQ(Evaluate("labels", 1), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("type", ann_), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("length", ann_), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("properties", "Cypher"), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("valid", ann_), "TypeError.InvalidArgumentValue");
}

TEST_F(GraphFunctionsTest, FactsWithoutClaimsAreAssertedAndAlwaysKnown) {
  EXPECT_EQ(Evaluate("valid", leads_), "2025-06-12..");
  EXPECT_EQ(Evaluate("known", leads_), "..");
  EXPECT_EQ(Evaluate("modality", leads_), "'asserted'");
  EXPECT_EQ(Evaluate("claims", leads_), "[]");
  EXPECT_EQ(Evaluate("resolve", leads_), "{}");
  EXPECT_EQ(Evaluate("resolve", leads_, "median"), "{}");
  EXPECT_EQ(Evaluate("resolve", leads_, "guess"), "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("withdrawn", leads_), "false");
  EXPECT_EQ(Evaluate("conflicts", leads_), "[]");
}

TEST_F(GraphFunctionsTest, ValidIsReadAsTheRelationSays) {
  EXPECT_EQ(AsPeriod(Value(leads_), *this)->value().reading, Reading::kState);
  ASSERT_TRUE(transaction_->DeclareRelation({.name = "MET", .kind = RelationKind::kEvent}).ok());
  const auto met = Assert({.subject = ann_,
                           .relation = *transaction_->InternRelation("MET"),
                           .object = Value(acme_),
                           .valid = *ParsePeriod("2025-06")});
  EXPECT_EQ(AsPeriod(Value(met), *this)->value().reading, Reading::kEvent);
  EXPECT_EQ(Outcome(PeriodDuring(Value(met), Value(*ParsePeriod("2025-06-12")), *this)), "null");
  EXPECT_EQ(Outcome(PeriodDuring(Value(met), Value(*ParsePeriod("2025")), *this)), "true");
}

TEST_F(GraphFunctionsTest, EntitiesAreFoundByNameUnlessSeveralBearIt) {
  EXPECT_EQ(Evaluate("entity", "ÁCME"), FormatValue(Value(acme_)));
  EXPECT_EQ(Evaluate("entity", "Nobody"), "null");
  Create({"Person"}, "Ann");
  EXPECT_EQ(Evaluate("entity", "Ann"), "ArgumentError.InvalidArgumentValue");
}

}  // namespace
}  // namespace fasti::function
