// Five articles from their texts into a database: what they tell of the same
// facts, against the verdicts that a person gave.
// tests/engine/gold_claims_test.cc does the same from gold facts.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "gtest/gtest.h"
#include "rapidjson/document.h"
#include "tests/ingest/gold_facts.h"
#include "tests/ingest/shared_extractor.h"
#include "tests/support/corpora.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/review/store.h"

namespace fasti::ingest {
namespace {

// What became of a statement that was read, in order of publication.
struct Told {
  std::string article;
  std::string key;
  std::optional<Period> valid;
  Verdict verdict;
  VersionId lineage;
};

std::vector<Told> ReportAll(const Extractor& extractor, const std::string& folder,
                            std::vector<std::string> articles, const Aliases& aliases) {
  const auto metadata = MetadataTable::Read(folder + "/articles.jsonl");
  EXPECT_TRUE(metadata.ok()) << metadata.status();
  const std::unique_ptr<Database> database = *Database::Open(":memory:", Options());
  EXPECT_EQ(DeclareVocabulary(*database), absl::OkStatus());
  std::stable_sort(articles.begin(), articles.end(), [&](const auto& a, const auto& b) {
    return metadata->Find(a)->report_date->from < metadata->Find(b)->report_date->from;
  });
  std::vector<Told> told;
  for (const std::string& name : articles) {
    const auto article = ReadArticles(absl::StrCat(folder, "/", name), *metadata);
    auto extraction = extractor.Extract(article->front());
    EXPECT_TRUE(extraction.ok()) << extraction.status();
    const auto stored =
        StoreArticle(name, ExtractorOptions().confidence_min, &*extraction, database.get());
    EXPECT_TRUE(stored.ok()) << stored.status();
    const auto add = [&](const std::string& teller, const Statement& statement,
                         const StatementOutcome& outcome) {
      told.push_back(
          {teller, KeyOf(statement, aliases), statement.valid, outcome.verdict, outcome.lineage});
    };
    for (const ConfirmedCandidate& other : stored->others) {
      add(other.candidate.article, other.candidate.fact.statement, other.outcome);
    }
    const std::vector<Statement>& statements = extraction->report.statements;
    for (size_t k = 0; k < statements.size(); ++k) {
      add(name, statements[k], stored->summary.outcomes[k]);
    }
  }
  return told;
}

// What was read of a gold fact: of several readings the one with its time, else
// the first.
const Told* FindReading(const std::vector<Told>& told, const GoldFact& fact) {
  const Told* found = nullptr;
  for (const Told& statement : told) {
    if (statement.article != fact.article || !fact.keys.contains(statement.key)) continue;
    if (found == nullptr || (statement.valid == fact.valid && found->valid != fact.valid)) {
      found = &statement;
    }
  }
  return found;
}

TEST(ClaimsTest, MostFactsToldTwiceGetTheVerdictOfTheAnnotatorFromTheTextsAlone) {
  FASTI_CORPUS_OR_SKIP(folder, "articles");
  const Extractor* const extractor = SharedExtractor();
  ASSERT_NE(extractor, nullptr);
  const Aliases aliases(folder + "/entities.json");
  std::map<std::string, GoldFact> gold;
  std::vector<std::string> articles;  // as the gold facts stand
  for (GoldFact& fact : ReadGold(folder + "/gold.jsonl", aliases)) {
    if (articles.empty() || articles.back() != fact.article) articles.push_back(fact.article);
    gold[fact.id] = std::move(fact);
  }
  const std::vector<Told> told = ReportAll(*extractor, folder, articles, aliases);

  size_t claims = 0;
  size_t right = 0;
  const std::string lines = test::ReadFileOrDie(folder + "/claims.jsonl");
  for (absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    rapidjson::Document claim;
    claim.Parse(line.data(), line.size());
    ++claims;
    // The last statement that is told of the first one's fact.
    std::vector<const Told*> readings;
    for (const auto& id : claim["facts"].GetArray()) {
      const Told* const reading = FindReading(told, gold.at(id.GetString()));
      if (reading != nullptr) readings.push_back(reading);
    }
    std::sort(readings.begin(), readings.end());
    const Told* last = nullptr;
    for (const Told* reading : readings) {
      if (reading->lineage == readings.front()->lineage) last = reading;
    }
    const std::string expected = claim["verdict"].GetString();
    const std::string found(readings.size() < 2 ? "told once or not at all"
                                                : VerdictName(last->verdict));
    right += found == expected;
    if (found != expected) {
      std::cout << "  " << claim["claim"].GetString() << ": expected " << expected << ", found "
                << found << "\n";
    }
  }
  std::cout << "  " << right << " of " << claims << " right\n";
  EXPECT_EQ(claims, 28);
  EXPECT_GE(right, 20);
}

}  // namespace
}  // namespace fasti::ingest
