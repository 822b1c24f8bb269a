#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ingest/text/document.h"
#include "tools/ingest/text/sentences.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {
namespace {

using ::testing::HasSubstr;

class DocumentTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Resources::Load();
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    resources_ = *std::move(loaded);
  }

  // Tokens, separated by spaces; '_' joins glued ones.
  std::string Tokens(absl::string_view language, absl::string_view text) {
    std::string out;
    for (const Token& token : Tokenizer(resources_, language).Tokenize(text)) {
      absl::StrAppend(&out, out.empty() ? "" : token.glued ? "_" : " ", token.lower);
    }
    return out;
  }

  // Sentences, separated by " | "; headings in brackets.
  std::string Sentences(absl::string_view language, absl::string_view text) {
    const auto document = Analyze(std::string(text), {std::string(language), 0}, resources_);
    if (!document.ok()) return document.status().ToString();
    std::vector<std::string> parts;
    for (const Sentence& s : document->sentences) {
      const absl::string_view words = document->TextOf(s.tokens);
      parts.push_back(s.is_heading ? absl::StrCat("[", words, "]") : std::string(words));
    }
    return absl::StrJoin(parts, " | ");
  }

  Resources resources_;
};

TEST_F(DocumentTest, TokensAreCutFinely) {
  struct Case {
    const char* language;
    const char* text;
    const char* tokens;
  };
  const Case kCases[] = {
      {"it", "L’azienda dell'anno", "l'_azienda dell'_anno"},
      {"it", "L' azienda", "l' azienda"},
      {"it", "l'\"unità\"", "l'_\"_unità_\""},
      {"it", "14,3 miliardi; 1, 3 milioni", "14,3 miliardi_; 1_, 3 milioni"},
      {"it", "la Ferrari S.p.A. cresce", "la ferrari s.p.a. cresce"},
      {"it", "un po' di più", "un po_' di più"},
      {"it", "12.06.2025.", "12.06.2025_."},
      {"it", "PERCHÉ È Così", "perché è così"},
      {"fr", "aujourd'hui l’an d'euros", "aujourd'hui l'_an d'_euros"},
      {"fr", "vingt-cinq", "vingt_-_cinq"},
      {"fr", "32 % de 10 Md€", "32 % de 10 md_€"},
      {"en", "Meta's $14.3bn deal isn't O'Brien's", "meta_'s $_14.3_bn deal isn't o'brien_'s"},
      {"en", "GPT-4.5 Q2 U.S. AT&T amazon.com", "gpt_-_4.5 q2 u.s. at&t amazon.com"},
      {"en", "It ended.The next", "it ended_._the next"},
      {"en", "companies' 3x 2GW", "companies_' 3_x 2_gw"},
      {"en", "\xEF\xBB\xBFhi\xC2\xA0there", "hi there"},
      {"en", "e\xCC\x81lan", "élan"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Tokens(c.language, c.text), c.tokens) << c.text;
}

TEST_F(DocumentTest, AbbreviationsInitialsAndNumbersDoNotEndSentences) {
  struct Case {
    const char* language;
    const char* text;
    const char* sentences;
  };
  const Case kCases[] = {
      {"it", "Il dott. Rossi arriva. Poi parte.", "Il dott. Rossi arriva. | Poi parte."},
      {"it", "Eni S.p.A. Roma. La Enel S.p.A. La società cresce.",
       "Eni S.p.A. Roma. | La Enel S.p.A. | La società cresce."},
      {"it", "Circa l'1, 4%. Oltre 1.300.000 GPU nel 2025. Fine.",
       "Circa l'1, 4%. | Oltre 1.300.000 GPU nel 2025. | Fine."},
      {"it", "Ha detto: «Non so.» Poi basta.", "Ha detto: «Non so.» | Poi basta."},
      {"it", "\"Perché?\" chiede lui. Nessuno sa.", "\"Perché?\" chiede lui. | Nessuno sa."},
      {"fr", "M. Dupont et J. Martin parlent. C'est fini !",
       "M. Dupont et J. Martin parlent. | C'est fini !"},
      {"en", "Apple Inc. CEO Tim Cook spoke. He left.",
       "Apple Inc. CEO Tim Cook spoke. | He left."},
      {"en", "It sold Apple Inc. The deal closed.", "It sold Apple Inc. | The deal closed."},
      {"en", "U.S. President George W. Bush met J.P. Morgan in the U.S. The talks failed.",
       "U.S. President George W. Bush met J.P. Morgan in the U.S. | The talks failed."},
      {"en", "It sold the company. 285 million euros were paid.",
       "It sold the company. | 285 million euros were paid."},
      {"de", "So die Chefin. 1954 gegründet, wächst sie.",
       "So die Chefin. | 1954 gegründet, wächst sie."},
      {"es", "Destinará más a redes 5G. Brasil recibirá menos.",
       "Destinará más a redes 5G. | Brasil recibirá menos."},
      {"fr", "Le président de ST. Parmi les clients.", "Le président de ST. | Parmi les clients."},
      {"en", "It raised $14.3 billion. Shares rose 3.5 percent.",
       "It raised $14.3 billion. | Shares rose 3.5 percent."},
      {"en", "The Title\n\nThe body is here.\n\nSources\n",
       "[The Title] | The body is here. | [Sources]"},
      {"en", "1. Meta buys it.\n2. Google does not.", "1. Meta buys it. | 2. Google does not."},
  };
  for (const Case& c : kCases) EXPECT_EQ(Sentences(c.language, c.text), c.sentences) << c.text;
}

TEST_F(DocumentTest, HardWrappedLinesAreJoined) {
  const std::string text =
      "The company said on Monday that it would invest more money\n"
      "in data centres over the next few years, without giving any\n"
      "figure at all for the coming year. Analysts were surprised by\n"
      "the news, and shares fell.\n"
      "\n"
      "A second paragraph follows.\n";
  EXPECT_THAT(Sentences("en", text), HasSubstr("shares fell. | A second paragraph"));
  EXPECT_THAT(Sentences("en", text), HasSubstr("more money\nin data centres"));
}

TEST_F(DocumentTest, EveryTokenBelongsToOneSentenceAndSpansRefersToTheOriginal) {
  const std::string text = "  Meta’s “plan”: 65 Mrd. €!\n\nÇa va? Oui — «bien».  ";
  const auto document = Analyze(text, {"fr", 0}, resources_);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->text, text);
  uint32_t next = 0;
  for (size_t i = 0; i < document->sentences.size(); ++i) {
    const Sentence& s = document->sentences[i];
    EXPECT_EQ(s.tokens.begin, next);
    EXPECT_FALSE(s.tokens.empty());
    for (uint32_t t = s.tokens.begin; t < s.tokens.end; ++t) EXPECT_EQ(document->SentenceOf(t), i);
    next = s.tokens.end;
  }
  EXPECT_EQ(next, document->tokens.size());
  uint32_t end = 0;
  for (const Token& token : document->tokens) {
    EXPECT_LE(end, token.begin);
    EXPECT_LT(token.begin, token.end);
    EXPECT_EQ(token.lower, FoldWord(document->TextOf(token)));
    end = token.end;
  }
}

// What keeps the time of the later stages proportional to the length of an article.
TEST_F(DocumentTest, ASentenceWithoutEndIsToldInPiecesOfBoundedLength) {
  const char* const kUnits[] = {
      "Alvena, ",
      "Alvena, Boreal e Carrow hanno stretto un accordo con ",
      "\"",
      "5 miliardi di dollari ",
  };
  for (const char* unit : kUnits) {
    SCOPED_TRACE(unit);
    std::string text = "Alvena ";
    for (int i = 0; i < 2'000; ++i) text += unit;
    const auto document = Analyze(text, {"it", 0}, resources_);
    ASSERT_TRUE(document.ok()) << document.status();
    uint32_t end = 0;
    for (const Sentence& sentence : document->sentences) {
      EXPECT_EQ(sentence.tokens.begin, end);
      EXPECT_GT(sentence.tokens.end, sentence.tokens.begin);
      EXPECT_LE(sentence.tokens.end - sentence.tokens.begin, kSentenceTokensMax);
      end = sentence.tokens.end;
    }
    EXPECT_EQ(end, document->tokens.size());
  }
}

TEST_F(DocumentTest, BodyBeginHidesWhatStandsBefore) {
  const std::string text = " date 2025-06 Meta cresce.";
  const auto document = Analyze(text, {"it", 14}, resources_);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->tokens.front().lower, "meta");
  EXPECT_EQ(document->sentences.front().span.begin, 14u);
}

TEST_F(DocumentTest, LanguageIsDetectedOrGiven) {
  const char* kFrench =
      "Le groupe a annoncé hier un accord avec son concurrent pour construire une usine.";
  EXPECT_EQ(Analyze(kFrench, {}, resources_)->language, "fr");
  EXPECT_EQ(Analyze("Meta cresce", {"it-IT", 0}, resources_)->language, "it");
  EXPECT_THAT(Analyze("Meta", {"tlh", 0}, resources_).status().message(),
              HasSubstr("language 'tlh' is not supported"));
  EXPECT_THAT(Analyze("Xq zzt 12", {}, resources_).status().message(), HasSubstr("cannot be told"));
  const char* kFinnish =
      "Yhtiö kertoi eilen rakentavansa uuden tehtaan ja palkkaavansa satoja työntekijöitä.";
  EXPECT_THAT(Analyze(kFinnish, {}, resources_).status().message(),
              HasSubstr("language 'fi' is not supported"));
}

TEST_F(DocumentTest, TextWithoutWordsIsRefused) {
  EXPECT_EQ(Analyze(" \n ", {"it", 0}, resources_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(FoldWordTest, LettersAreSmallAndComposedAndApostrophesPlain) {
  const struct {
    const char* text;
    const char* folded;
  } kCases[] = {
      {"Alvena", "alvena"},
      {"\u00C0\u00C9\u00D6\u00DC\u00D8\u00DE", "\u00E0\u00E9\u00F6\u00FC\u00F8\u00FE"},
      {"\u00DF\u00D7\u00F7\u00FF", "\u00DF\u00D7\u00F7\u00FF"},  // not capitals
      {"\u0160KODA \u0178", "\u0161koda \u00FF"},
      {"E\u0301lan", "\u00E9lan"},
      {"Dell\u2019\u00C9tat", "dell'\u00E9tat"},
      {"l\u02BCan \u2018x", "l'an 'x"},
      {"A\xC3", "a\uFFFD"},  // half a letter
  };
  for (const auto& c : kCases) EXPECT_EQ(FoldWord(c.text), c.folded);
}

}  // namespace
}  // namespace fasti::ingest
