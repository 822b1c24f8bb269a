#include "tools/ingest/review/corroboration.h"

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ingest/review/candidates.h"
#include "tools/ingest/review/store.h"

namespace fasti::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr double kGate = 0.5;

// What an article tells of one fact.
struct Word {
  std::string article;
  double confidence = 0;
  std::string sentence = "";  // empty: words of its own
  std::string object = "Boreal";
  Modality modality = Modality::kAsserted;
};

class News {
 public:
  StoredArticle Read(const Word& word) {
    Extraction extraction;
    Source& source = extraction.report.source;
    source.key = absl::StrCat("https://", word.article, ".example");
    source.published = *ParsePeriod("2025-06-12");
    source.text = word.sentence.empty() ? absl::StrCat("So says ", word.article) : word.sentence;
    ExtractedFact& fact = extraction.facts.emplace_back();
    fact.statement.subject.name = "Alvena";
    fact.statement.relation = "acquires";
    fact.statement.object = EntityName{.name = word.object, .label = "", .aliases = {}};
    fact.statement.modality = word.modality;
    fact.statement.confidence = word.confidence;
    fact.statement.extractor = "a rule";
    fact.statement.span = {0, static_cast<uint32_t>(source.text.size())};
    fact.kept = word.confidence >= kGate;
    if (fact.kept) extraction.report.statements.push_back(fact.statement);
    auto stored = StoreArticle(word.article, kGate, &extraction, database_.get());
    EXPECT_TRUE(stored.ok()) << stored.status();
    return *std::move(stored);
  }

  // "Boreal: So says a 0.4", for every claim, with a "+" if it is stored since others tell it.
  std::set<std::string> Claims() const {
    std::set<std::string> told;
    const auto snapshot = database_->GetSnapshot();
    const auto relation = snapshot->FindRelation("acquires");
    if (!relation) return told;
    Pattern pattern;
    pattern.relations = {relation->id};
    const auto cursor = *snapshot->Scan(pattern);
    Fact fact;
    while (*cursor->Next(absl::MakeSpan(&fact, 1)) == 1) {
      const auto object = snapshot->ValueOf(fact.object)->as_node();
      const Map named = *snapshot->Attributes(object, View());
      const std::vector<Claim> claims = *snapshot->Claims(fact, std::nullopt);
      for (const Claim& claim : claims) {
        told.insert(absl::StrCat(named.at("name").as_string(), ": ", claim.text, " ",
                                 claim.confidence, claim.extractor == "a rule" ? "" : "+"));
      }
    }
    return told;
  }

  std::vector<std::string> Waiting() const {
    std::vector<std::string> articles;
    const std::vector<Candidate> waiting = *PendingCandidates(*database_->GetSnapshot());
    for (const Candidate& candidate : waiting) {
      articles.push_back(candidate.article);
    }
    return articles;
  }

  Database& database() { return *database_; }

 private:
  std::unique_ptr<Database> database_ = *Database::Open(":memory:", Options());
};

TEST(CorroborationTest, SourcesInTheirOwnWordsAreSureTogether) {
  News news;
  EXPECT_THAT(news.Read({"a", 0.3}).others, IsEmpty());
  EXPECT_THAT(news.Claims(), IsEmpty());
  const StoredArticle second = news.Read({"b", 0.3});
  ASSERT_EQ(second.others.size(), 1);
  EXPECT_EQ(second.others[0].outcome.verdict, Verdict::kNew);
  ASSERT_EQ(second.summary.outcomes.size(), 1);
  EXPECT_EQ(second.summary.outcomes[0].verdict, Verdict::kSame);
  EXPECT_THAT(news.Claims(),
              UnorderedElementsAre("Boreal: So says a 0.3+", "Boreal: So says b 0.3+"));
  EXPECT_THAT(news.Waiting(), IsEmpty());
}

TEST(CorroborationTest, WhatIsStoredTakesAlongWhatIsUnsure) {
  const Word sure = {"sure", 0.7};
  const Word unsure = {"unsure", 0.1};
  for (const auto& [first, second] : {std::pair(sure, unsure), std::pair(unsure, sure)}) {
    SCOPED_TRACE(first.article);
    News news;
    news.Read(first);
    news.Read(second);
    EXPECT_THAT(news.Claims(),
                UnorderedElementsAre("Boreal: So says sure 0.7", "Boreal: So says unsure 0.1+"));
    EXPECT_THAT(news.Waiting(), IsEmpty());
  }
}

TEST(CorroborationTest, ASourceCountsOnceAndSoDoesASentence) {
  struct Case {
    const char* law;
    Word other;
  };
  const Case cases[] = {
      {"the same article in a new version", {"a", 0.4, "Alvena buys all of Boreal."}},
      {"the same sentence elsewhere", {"b", 0.4, "So says a"}},
      {"another object", {"b", 0.4, "", "Carrow"}},
      {"a denial", {"b", 0.4, "", "Boreal", Modality::kDenied}},
      {"too little together", {"b", 0.1}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.law);
    News news;
    news.Read({"a", 0.4});
    EXPECT_THAT(news.Read(one.other).others, IsEmpty());
    EXPECT_THAT(news.Claims(), IsEmpty());
  }
}

TEST(CorroborationTest, NamesAgreeAsTheyAreCompared) {
  News news;
  news.Read({"a", 0.4, "", "Boreal AI"});
  EXPECT_EQ(news.Read({"b", 0.4, "", "Boreal-AI"}).others.size(), 1);
}

TEST(CorroborationTest, ReadAgainNothingIsAdded) {
  News news;
  for (int i = 0; i < 3; ++i) {
    for (const char* article : {"a", "b"}) {
      const StoredArticle stored = news.Read({article, 0.4});
      if (i == 0) continue;
      EXPECT_EQ(stored.summary.claims_added + stored.waiting + stored.others.size(), 0);
    }
  }
  EXPECT_EQ(news.Claims().size(), 2);
}

TEST(CorroborationTest, WhatAPersonRejectedIsNeverStored) {
  News news;
  news.Read({"a", 0.4});
  const Candidate rejected = PendingCandidates(*news.database().GetSnapshot())->front();
  ASSERT_EQ(Decide({{{rejected.id, Decision::kReject}}}, &news.database()), absl::OkStatus());
  news.Read({"b", 0.9});
  news.Read({"a", 0.4});
  EXPECT_THAT(news.Claims(), ElementsAre("Boreal: So says b 0.9"));
  EXPECT_THAT(news.Waiting(), IsEmpty());
}

TEST(CorroborationTest, WhatIsStoredDoesNotDependOnTheOrderOfArticles) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 8; ++round) {
    std::vector<Word> words;
    for (int i = 0; i < 8; ++i) {
      words.push_back({.article = std::string(1, static_cast<char>('a' + i)),
                       .confidence = 0.05 + 0.05 * static_cast<double>(random() % 11),
                       .sentence = random() % 3 == 0 ? "An agency says so." : "",
                       .object = random() % 2 == 0 ? "Boreal" : "Carrow"});
    }
    std::set<std::string> expected;
    for (int order = 0; order < 4; ++order) {
      News news;
      for (const Word& word : words) news.Read(word);
      if (order == 0) expected = news.Claims();
      EXPECT_EQ(news.Claims(), expected);
      std::shuffle(words.begin(), words.end(), random);
    }
  }
}

}  // namespace
}  // namespace fasti::ingest
