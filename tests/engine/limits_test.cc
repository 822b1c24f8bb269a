#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/sanitized.h"

// The limits of docs/limits.md that hold for what is stored: what is at the limit is stored, what
// is one beyond is refused with an error that says so.

namespace fasti {
namespace {

using testing::HasSubstr;

constexpr size_t kNameBytesMax = 1024;
constexpr size_t kTextBytesMax = size_t{1} << 20;
constexpr size_t kArticleBytesMax = size_t{16} << 20;
constexpr size_t kRecordBytesMax = size_t{64} << 10;
constexpr int kListLevelsMax = 8;
constexpr size_t kKeyQualifiersMax = 32;

Value Nested(int levels) {
  Value value(1);
  for (int i = 0; i < levels; ++i) value = Value(List{value});
  return value;
}

std::unique_ptr<Database> OpenInMemory() {
  return *Database::Open(":memory:", {});
}

// Something of a size, done in a transaction.
struct Limit {
  std::string name;
  size_t at;
  // What the error says of one more.
  std::string complaint;
  absl::Status (*store)(Transaction& transaction, size_t size);
};

void PrintTo(const Limit& limit, std::ostream* out) {
  *out << limit.name;
}

class StoredLimitsTest : public testing::TestWithParam<Limit> {};

TEST_P(StoredLimitsTest, TheLimitIsStoredAndOneMoreIsRefused) {
  const Limit& limit = GetParam();
  const std::unique_ptr<Database> database = OpenInMemory();
  {
    const auto transaction = *database->Begin();
    const absl::Status status = limit.store(*transaction, limit.at);
    ASSERT_TRUE(status.ok()) << status;
    const absl::StatusOr<Sequence> committed = transaction->Commit();
    ASSERT_TRUE(committed.ok()) << committed.status();
  }
  const auto transaction = *database->Begin();
  const absl::Status status = limit.store(*transaction, limit.at + 1);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(limit.complaint));
  EXPECT_LT(status.message().size(), 500u) << "a message holds an excerpt, not the whole";
}

absl::Status SetTag(Transaction& transaction, const Value& value) {
  return transaction.SetAttribute(*transaction.CreateEntity(), *transaction.InternAttribute("tag"),
                                  value);
}

absl::Status AssertQualified(Transaction& transaction, Map qualifiers) {
  FactDraft draft;
  draft.subject = *transaction.CreateEntity();
  draft.relation = *transaction.InternRelation("knows");
  draft.object = Value(*transaction.CreateEntity());
  draft.qualifiers = std::move(qualifiers);
  return transaction.Assert(draft).status();
}

Report ReportOf(std::string article, std::string name, std::string sentence) {
  Report report;
  report.source.key = "https://news.example/1";
  report.source.text = std::move(article);
  Statement statement;
  statement.subject.name = std::move(name);
  statement.relation = "knows";
  statement.object = EntityName{.name = "Borealis", .label = "", .aliases = {}};
  statement.text = std::move(sentence);
  report.statements.push_back(std::move(statement));
  return report;
}

const Limit kLimits[] = {
    {"name_of_a_relation", kNameBytesMax, "relation: expected at most 1024 bytes, found 1025",
     [](Transaction& transaction, size_t size) {
       return transaction.InternRelation(std::string(size, 'r')).status();
     }},
    {"name_of_an_attribute", kNameBytesMax, "attribute: expected at most 1024 bytes",
     [](Transaction& transaction, size_t size) {
       return transaction.InternAttribute(std::string(size, 'a')).status();
     }},
    {"name_of_a_label", kNameBytesMax, "label: expected at most 1024 bytes",
     [](Transaction& transaction, size_t size) {
       return transaction.InternLabel(std::string(size, 'l')).status();
     }},
    {"name_of_a_qualifier", kNameBytesMax, "qualifier: expected at most 1024 bytes",
     [](Transaction& transaction, size_t size) {
       return AssertQualified(transaction, {{std::string(size, 'q'), Value(1)}});
     }},
    {"unit_of_a_quantity", kNameBytesMax, "unit: expected at most 1024 bytes",
     [](Transaction& transaction, size_t size) {
       return SetTag(transaction, Value(Quantity::Exactly(1, std::string(size, 'u'))));
     }},
    {"text_value", kTextBytesMax, "text: expected at most 1048576 bytes, found 1048577",
     [](Transaction& transaction, size_t size) {
       return SetTag(transaction, Value(std::string(size, 't')));
     }},
    {"text_in_a_list", kTextBytesMax, "text: expected at most 1048576 bytes",
     [](Transaction& transaction, size_t size) {
       return SetTag(transaction, Value(List{Value(1), Value(std::string(size, 't'))}));
     }},
    {"lists_within_each_other", kListLevelsMax, "nested deeper than 8",
     [](Transaction& transaction, size_t size) {
       return SetTag(transaction, Nested(static_cast<int>(size)));
     }},
    {"key_qualifiers", kKeyQualifiersMax, "at most 32 key qualifiers, found 33",
     [](Transaction& transaction, size_t size) {
       RelationInfo info;
       info.name = "holds";
       for (size_t i = 0; i < size; ++i) info.key_qualifiers.push_back(absl::StrCat("q", i));
       return transaction.DeclareRelation(info);
     }},
    {"article", kArticleBytesMax, "expected a text of at most 16777216 bytes, found 16777217",
     [](Transaction& transaction, size_t size) {
       return transaction.Report(ReportOf(std::string(size, 'x'), "Aurora", "So it is.")).status();
     }},
    {"name_of_an_entity_in_a_report", kNameBytesMax, "entity: expected a name",
     [](Transaction& transaction, size_t size) {
       return transaction.Report(ReportOf("", std::string(size, 'n'), "So it is.")).status();
     }},
};

INSTANTIATE_TEST_SUITE_P(Limits, StoredLimitsTest, testing::ValuesIn(kLimits),
                         [](const auto& limit) { return limit.param.name; });

// Records are packed, so the least text that is too long depends on what stands beside it.
TEST(LimitsTest, WhatOneFactCarriesFitsARecord) {
  const std::unique_ptr<Database> database = OpenInMemory();
  const std::string fits(kRecordBytesMax - 1024, 't'), beyond(kRecordBytesMax, 't');
  {
    const auto transaction = *database->Begin();
    EXPECT_TRUE(AssertQualified(*transaction, {{"note", Value(fits)}}).ok());
    EXPECT_TRUE(absl::IsInvalidArgument(AssertQualified(*transaction, {{"note", Value(beyond)}})));
  }
  EXPECT_TRUE(database->Report(ReportOf("", "Aurora", fits)).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(database->Report(ReportOf("", "Cirrus", beyond)).status()));
}

TEST(LimitsTest, ATransactionMayBeLargerThanABatchOfTheStore) {
  if (test::kIsSanitized) GTEST_SKIP() << "80 MB of text take minutes under a sanitizer";
  constexpr int kTexts = 80;  // of a megabyte; a batch takes 64
  const std::unique_ptr<Database> database = OpenInMemory();
  const auto transaction = *database->Begin();
  for (int i = 0; i < kTexts; ++i) {
    std::string text(kTextBytesMax, 'x');
    text.replace(0, 8, absl::StrCat(10'000'000 + i));
    ASSERT_TRUE(SetTag(*transaction, Value(text)).ok());
  }
  ASSERT_TRUE(transaction->Commit().ok());
  const std::unique_ptr<Snapshot> snapshot = database->GetSnapshot();
  Pattern pattern;
  pattern.relations = {snapshot->FindAttribute("tag")->id};
  pattern.relationships = false;
  pattern.attributes = true;
  EXPECT_EQ(snapshot->EstimateFacts(pattern), kTexts);
}

TEST(LimitsTest, ABulkLoadRefusesNamesThatAreTooLong) {
  const std::unique_ptr<Database> database = OpenInMemory();
  const auto loader = *database->BeginBulkLoad({});
  const std::string fits(kNameBytesMax, 'n'), beyond(kNameBytesMax + 1, 'n');
  const std::vector<BulkFact> facts = {{.subject = fits, .relation = "knows", .object = "b"},
                                       {.subject = beyond, .relation = "knows", .object = "b"},
                                       {.subject = "a", .relation = beyond, .object = "b"}};
  std::vector<BulkRefusal> refused;
  ASSERT_TRUE(loader->Add(facts, &refused).ok());
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].index, 1u);
  EXPECT_EQ(refused[1].index, 2u);
  EXPECT_EQ(loader->Finish()->facts, 1u);
}

// Every text form leads to the same limit: nothing is cut to fit.
TEST(LimitsTest, InstantsAreMicrosecondsIn64Bits) {
  constexpr const char* kWithin[] = {"-290307", "+294246", "-290308-12-22", "+294247-01-09",
                                     "+294247-01-10T04:00:54.775805"};
  constexpr const char* kBeyond[] = {
      "-290308", "+294247", "-290308-12-21", "+294247-01-10", "+294247-01-10T04:00:54.775807",
      "+999999"};
  for (const char* text : kWithin)
    EXPECT_TRUE(ParsePeriod(text).ok()) << ParsePeriod(text).status();
  for (const char* text : kBeyond) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParsePeriod(text).status())) << text;
  }
  EXPECT_TRUE(ParseDate("+999999999-12-31").ok());
  EXPECT_TRUE(absl::IsInvalidArgument(ParseDate("+1000000000-01-01").status()));
}

}  // namespace
}  // namespace fasti
