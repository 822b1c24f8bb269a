#include "engine/base/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace fasti {
namespace {

TEST(TextTest, InvalidUtf8IsFoundAtItsFirstByte) {
  EXPECT_EQ(FindInvalidUtf8(""), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8("Zoë 東京 🙂"), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8(absl::string_view("ab\0c", 4)), 2);
  EXPECT_EQ(FindInvalidUtf8("ab\x80"), 2);
  EXPECT_EQ(FindInvalidUtf8("é\xC3"), 2);             // cut
  EXPECT_EQ(FindInvalidUtf8("\xC0\xAF"), 0);          // overlong
  EXPECT_EQ(FindInvalidUtf8("x\xED\xA0\x80"), 1);     // surrogate
  EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0);  // beyond Unicode
}

struct TextCase {
  const char* text;
  const char* expected;
};

TEST(TextTest, NamesFoldToOneForm) {
  constexpr TextCase kCases[] = {
      {"São  Paulo", "sao paulo"},
      {" sao\tpaulo\n", "sao paulo"},
      {"Sa\u0303o Paulo", "sao paulo"},  // already decomposed
      {"STRASSE", "strasse"},
      {"Straße", "strasse"},
      {"L’Oréal", "l'oreal"},
      {"Ørsted", "orsted"},
      {"Łódź", "lodz"},
      {"İstanbul", "istanbul"},
      {"Hewlett\u2010Packard", "hewlett-packard"},
      {"ΑΘΉΝΑ", "αθηνα"},
      {"が", "が"},  // the voicing mark makes another letter
      {"か", "か"},
      {"हिन्दी", "हिन्दी"},  // vowel signs are letters, not accents
      {"東京", "東京"},
      {"", ""},
  };
  for (const TextCase& c : kCases) EXPECT_EQ(FoldName(c.text), c.expected) << c.text;
}

TEST(TextTest, FoldingAgainChangesNothing) {
  for (const char* text : {"São  Paulo", "L’Oréal", "が", "İ", "ΐ", "ﬁn"}) {
    EXPECT_EQ(FoldName(FoldName(text)), FoldName(text)) << text;
  }
}

TEST(TextTest, CasesAndNormalForm) {
  EXPECT_EQ(ToLower("ÀÉ Ω Z"), "àé ω z");
  EXPECT_EQ(ToUpper("àé ω straße"), "ÀÉ Ω STRASSE");
  EXPECT_EQ(NormalizeNfc("e\u0301"), "é");
}

TEST(TextTest, ExcerptsCutBetweenCharactersAndEscape) {
  EXPECT_EQ(Excerpt("short"), "short");
  EXPECT_EQ(Excerpt("aéb", 2), "a...");
  EXPECT_EQ(Excerpt("aéb", 3), "aé...");
  EXPECT_EQ(Excerpt("a\nb\x01\xFF"), "a\\nb\\x01\\xff");
}

TEST(TextTest, DoublesPrintInTheFewestDigits) {
  EXPECT_EQ(FormatDouble(1), "1.0");
  EXPECT_EQ(FormatDouble(-0.25), "-0.25");
  EXPECT_EQ(FormatDouble(0.1), "0.1");
  EXPECT_EQ(FormatDouble(1e21), "1e+21");
  EXPECT_EQ(FormatDouble(1e15), "1000000000000000.0");
  EXPECT_EQ(FormatDouble(1e-7), "1e-07");
  EXPECT_EQ(FormatDouble(std::nan("")), "NaN");
  EXPECT_EQ(FormatDouble(-std::numeric_limits<double>::infinity()), "-Infinity");
}

// Plain names are folded by a short cut.
TEST(TextTest, AsciiNamesFoldAsAmongOtherLetters) {
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string text = "x";
    for (size_t size = random() % 12; size > 0; --size) {
      text.push_back(static_cast<char>(random() % 3 == 0 ? ' ' : 1 + random() % 127));
    }
    text.push_back('x');
    EXPECT_EQ(FoldName(text + "\u00e9"), FoldName(text) + "e") << text;
  }
  EXPECT_EQ(FoldName("  a\t\n B "), "a b");
}

}  // namespace
}  // namespace fasti
