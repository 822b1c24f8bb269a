// What five annotated articles tell of the same facts, against the verdicts that a person gave.

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "tests/support/corpora.h"

namespace fasti {
namespace {

using rapidjson::Document;
using Json = rapidjson::Value;

std::vector<Document> ReadLines(const std::string& path) {
  std::vector<Document> lines;
  std::istringstream in(test::ReadFileOrDie(path));
  for (std::string line; std::getline(in, line);) {
    lines.emplace_back();
    lines.back().Parse(line.c_str());
    EXPECT_FALSE(lines.back().HasParseError()) << line;
  }
  return lines;
}

std::string Text(const Json& object, const char* key) {
  const auto member = object.FindMember(key);
  return member != object.MemberEnd() && member->value.IsString() ? member->value.GetString() : "";
}

std::optional<double> Number(const Json& object, const char* key) {
  const auto member = object.FindMember(key);
  if (member == object.MemberEnd() || !member->value.IsNumber()) return std::nullopt;
  return member->value.GetDouble();
}

// The relations of the articles' vocabulary.
struct Declared {
  RelationKind kind;
  absl::string_view names;  // separated by spaces
};
constexpr Declared kVocabulary[] = {
    {RelationKind::kEvent,
     "acquires invests_in raises_funding partners_with merges_with founded founded_by launches "
     "builds appointed_to leaves succeeds"},
    {RelationKind::kState,
     "holds_role owns part_of participates_in uses develops competes_with located_in"},
    {RelationKind::kMetric,
     "revenue revenue_growth net_income operating_income profit_growth capex budget valuation "
     "headcount capacity price share_price_change other_metric"},
};

std::vector<RelationInfo> Vocabulary() {
  std::vector<RelationInfo> relations;
  for (const Declared& declared : kVocabulary) {
    std::istringstream names{std::string(declared.names)};
    for (std::string name; names >> name;) {
      RelationInfo relation;
      relation.name = name;
      relation.kind = declared.kind;
      relation.is_attribute =
          declared.kind == RelationKind::kMetric || name == "founded" || name == "raises_funding";
      relation.symmetric =
          name == "partners_with" || name == "merges_with" || name == "competes_with";
      if (declared.kind == RelationKind::kMetric) {
        relation.key_qualifiers = {"measure", "item", "of", "segment", "fiscal"};
      }
      // One may hold two offices at once; being hired is one event, whatever is said of the role.
      if (name == "holds_role") relation.key_qualifiers = {"role"};
      relations.push_back(std::move(relation));
    }
  }
  return relations;
}

std::map<std::string, std::vector<std::string>> ReadAliases(const std::string& path) {
  Document document;
  document.Parse(test::ReadFileOrDie(path).c_str());
  std::map<std::string, std::vector<std::string>> aliases;
  for (const Json& entity : document["entities"].GetArray()) {
    for (const Json& alias : entity["aliases"].GetArray()) {
      aliases[entity["name"].GetString()].push_back(alias.GetString());
    }
  }
  return aliases;
}

// A quantity, a text, a truth, or a list of them.
Value ReadFigure(const Json& json) {
  if (json.IsBool()) return Value(json.GetBool());
  if (json.IsString()) return Value(json.GetString());
  if (json.IsNumber()) return Value(json.GetDouble());
  if (json.IsArray()) {
    List list;
    for (const Json& element : json.GetArray()) list.push_back(ReadFigure(element));
    return Value(std::move(list));
  }
  if (json.HasMember("text")) return Value(Text(json, "text"));
  Quantity quantity;
  quantity.low = Number(json, "lo");
  quantity.high = Number(json, "hi");
  quantity.unit = Text(json, "unit");
  quantity.hedge = HedgeFromName(Text(json, "qualifier")).value_or(Hedge::kExact);
  return Value(std::move(quantity));
}

std::optional<Period> ReadValid(const Json& json) {
  const std::string from = Text(json, "from");
  const std::string to = Text(json, "to");
  if (from.empty() && to.empty()) return std::nullopt;
  return *ParsePeriod(absl::StrCat(from.empty() ? "?" : from, "..", to.empty() ? "?" : to));
}

class GoldClaimsTest : public ::testing::Test {
 protected:
  EntityName NameOf(const std::string& name) const {
    const auto known = aliases_.find(name);
    return {name, "", known == aliases_.end() ? std::vector<std::string>() : known->second};
  }

  Statement ReadStatement(const Json& json) const {
    Statement statement;
    statement.subject = NameOf(Text(json, "subject"));
    statement.relation = Text(json, "relation");
    if (!Text(json, "object").empty()) {
      statement.object = NameOf(Text(json, "object"));
    } else {
      statement.object = json.HasMember("value") ? ReadFigure(json["value"]) : Value(true);
    }
    statement.valid = ReadValid(json["valid"]);
    for (const auto& qualifier : json["qualifiers"].GetObject()) {
      statement.qualifiers[qualifier.name.GetString()] = ReadFigure(qualifier.value);
    }
    statement.modality = *ModalityFromName(Text(json, "modality"));
    statement.span = {json["sentence"]["start"].GetUint(), json["sentence"]["end"].GetUint()};
    return statement;
  }

  std::map<std::string, std::vector<std::string>> aliases_;
};

TEST_F(GoldClaimsTest, MostFactsToldTwiceGetTheVerdictOfTheAnnotator) {
  FASTI_CORPUS_OR_SKIP(folder, "articles");
  aliases_ = ReadAliases(folder + "/entities.json");
  const std::unique_ptr<Database> database = *Database::Open(":memory:", Options());
  {
    const std::unique_ptr<Transaction> transaction = *database->Begin();
    for (const RelationInfo& relation : Vocabulary()) {
      ASSERT_EQ(transaction->DeclareRelation(relation), absl::OkStatus());
    }
    ASSERT_TRUE(transaction->Commit().ok());
  }

  // The articles in order of publication, the order of the file within a month.
  std::vector<Document> articles = ReadLines(folder + "/articles.jsonl");
  std::vector<size_t> order(articles.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return Text(articles[a], "report_date") < Text(articles[b], "report_date");
  });
  const std::vector<Document> gold = ReadLines(folder + "/gold.jsonl");
  struct Told {
    size_t order;
    Verdict verdict;
    VersionId lineage;
  };
  std::map<std::string, Told> told;
  for (const size_t article : order) {
    Report report;
    report.source.key = Text(articles[article], "article");
    report.source.text = test::ReadFileOrDie(folder + "/" + report.source.key);
    const std::string published = Text(articles[article], "published");
    if (!published.empty()) report.source.published = *ParsePeriod(published);
    report.source.report_date = *ParsePeriod(Text(articles[article], "report_date"));
    std::vector<std::string> ids;
    for (const Document& fact : gold) {
      if (Text(fact, "article") != report.source.key) continue;
      report.statements.push_back(ReadStatement(fact));
      ids.push_back(Text(fact, "id"));
    }
    const absl::StatusOr<ReportSummary> summary = database->Report(report);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_TRUE(summary->ambiguous.empty());
    for (size_t i = 0; i < ids.size(); ++i) {
      told[ids[i]] = {told.size(), summary->outcomes[i].verdict, summary->outcomes[i].lineage};
    }
  }

  int right = 0;
  std::vector<std::string> wrong;
  for (const Document& claim : ReadLines(folder + "/claims.jsonl")) {
    // The last statement in order of publication that is told of the first one's fact.
    std::vector<Told> statements;
    for (const Json& id : claim["facts"].GetArray()) statements.push_back(told.at(id.GetString()));
    std::sort(statements.begin(), statements.end(),
              [](const Told& a, const Told& b) { return a.order < b.order; });
    const Told* last = &statements.front();
    for (const Told& statement : statements) {
      if (statement.lineage == statements.front().lineage) last = &statement;
    }
    const std::string expected = Text(claim, "verdict");
    if (VerdictName(last->verdict) == expected) {
      ++right;
    } else {
      wrong.push_back(absl::StrCat(Text(claim, "claim"), ": expected ", expected, ", found ",
                                   VerdictName(last->verdict)));
    }
  }
  for (const std::string& line : wrong) std::cout << line << "\n";
  EXPECT_EQ(right + wrong.size(), 28);
  EXPECT_GE(right, 24);
}

}  // namespace
}  // namespace fasti
