#include "tools/ingest/names/lexicon.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ExpandBracesTest, EveryChoiceIsSpelledOut) {
  EXPECT_THAT(*ExpandBraces("accord{o,i}"), ElementsAre("accordo", "accordi"));
  EXPECT_THAT(*ExpandBraces("{a,b}{c,d}"), ElementsAre("ac", "ad", "bc", "bd"));
  EXPECT_THAT(*ExpandBraces("plain"), ElementsAre("plain"));
}

TEST(ExpandBracesTest, UnbalancedBracesAreRefused) {
  for (const char* bad : {"a{b", "a}b", "a}b{c", "{a{b}}"}) {
    EXPECT_FALSE(ExpandBraces(bad).ok()) << bad;
  }
}

class LexiconTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Lexicon>> Load(absl::string_view words, absl::string_view verbs) {
    const std::string language = absl::StrCat(folder_.path(), "/it");
    std::filesystem::create_directory(language);
    WriteFile(language + "/words.txt", words);
    WriteFile(language + "/verbs.txt", verbs);
    auto resources = Resources::Load(folder_.path());
    if (!resources.ok()) return resources.status();
    return Lexicon::Create(*resources, "it");
  }

  // "deal", "acquire:past", ... for a phrase of folded words.
  static std::vector<std::string> Readings(const Lexicon& lexicon, absl::string_view phrase) {
    const std::vector<absl::string_view> words = absl::StrSplit(phrase, ' ');
    std::vector<std::string> result;
    for (const Sense& sense : lexicon.Find(words)) {
      result.push_back(absl::StrCat(lexicon.ClassName(sense.word_class), ":",
                                    static_cast<int>(sense.form), ":", sense.length));
    }
    return result;
  }

  TemporaryFolder folder_;
};

TEST_F(LexiconTest, PhrasesAreFoundLongestFirst) {
  const auto lexicon = Load("word revenue: ricavi\nword money: ricavi netti\n", "");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_THAT(Readings(**lexicon, "ricavi netti oggi"), ElementsAre("money:0:2", "revenue:0:1"));
  EXPECT_THAT(Readings(**lexicon, "netti"), ElementsAre());
}

TEST_F(LexiconTest, VerbsAreInflectedByTheirParadigm) {
  const auto lexicon = Load("",
                            "paradigm are\n  present: a, ano\n  participle: at{o,a}\n"
                            "verb acquire: compr+are, past:comprò in blocco\n");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_THAT(Readings(**lexicon, "comprano"), ElementsAre("acquire:1:1"));
  EXPECT_THAT(Readings(**lexicon, "comprata"), ElementsAre("acquire:5:1"));
  EXPECT_THAT(Readings(**lexicon, "comprò in blocco"), ElementsAre("acquire:2:3"));
}

TEST_F(LexiconTest, ParticleStandsApartInFiniteFormsAndBeforeTheOthers) {
  const auto lexicon = Load("",
                            "infix: zu\nattributive: e, en\n"
                            "paradigm en\n  present: t\n  participle: ge~t\n  infinitive: en\n"
                            "verb launch: vor|stell+en, past:an|{bot,boten}\n");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_THAT(Readings(**lexicon, "stellt vor"), ElementsAre("launch:1:2", "other:1:1"));
  EXPECT_THAT(Readings(**lexicon, "vorstellt"), ElementsAre("launch:1:1"));
  EXPECT_THAT(Readings(**lexicon, "vorgestellt"), ElementsAre("launch:5:1"));
  EXPECT_THAT(Readings(**lexicon, "vorzustellen"), ElementsAre("launch:7:1"));
  EXPECT_THAT(Readings(**lexicon, "vorgestellte"), ElementsAre("launch:0:1", "adjective:0:1"));
  EXPECT_THAT(Readings(**lexicon, "boten an"), ElementsAre("launch:2:2", "other:2:1"));
}

TEST_F(LexiconTest, CompoundsAreReadByTheLongestNounTheyEndWith) {
  const auto lexicon =
      Load("inflection: s, en\nword head.org: -bank, -konzern\nword other: -datenbank\n", "");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  const auto reading = [&](absl::string_view word) -> std::string {
    const Lexicon::Compound compound = (*lexicon)->FindCompound(word);
    if (compound.senses.empty()) return "";
    return absl::StrCat((*lexicon)->ClassName(compound.senses.front().word_class),
                        compound.whole ? " whole" : "");
  };
  EXPECT_EQ(reading("bank"), "head whole");
  EXPECT_EQ(reading("banken"), "head whole");
  EXPECT_EQ(reading("stahlkonzerns"), "head");
  EXPECT_EQ(reading("bilddatenbank"), "other");
  EXPECT_EQ(reading("banker"), "");
  EXPECT_THAT(Readings(**lexicon, "bank"), ElementsAre());
}

TEST_F(LexiconTest, CanonicalValueFollowsTheFirstDot) {
  const auto lexicon = Load("word role.ceo: amministratore delegato\n", "");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  const std::vector<absl::string_view> words = {"amministratore", "delegato"};
  const Senses senses = (*lexicon)->Find(words);
  ASSERT_EQ(senses.size(), 1u);
  EXPECT_EQ((*lexicon)->Canonical(senses[0].canonical), "ceo");
  EXPECT_EQ((*lexicon)->ClassName(senses[0].word_class), "role");
}

TEST_F(LexiconTest, ComplaintsNameTheLine) {
  struct Case {
    const char* words;
    const char* verbs;
    const char* message;
  };
  const Case kCases[] = {
      {"word deal: accord{o\n", "", "it/words.txt:1: expected balanced braces"},
      {"noun deal: accordo\n", "", "it/words.txt:1: unknown kind of record 'noun'"},
      {"", "verb acquire: compr+are\n", "it/verbs.txt:1: unknown paradigm 'are'"},
      {"", "verb acquire: compra\n", "it/verbs.txt:1: expected stem+paradigm or form:word"},
      {"", "paradigm are\n  aorist: a\n", "unknown verb form 'aorist'"},
  };
  for (const Case& c : kCases) {
    const auto lexicon = Load(c.words, c.verbs);
    ASSERT_FALSE(lexicon.ok()) << c.message;
    EXPECT_THAT(lexicon.status().message(), HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace fasti::ingest
