#include "tools/ingest/text/tokens.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <optional>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fasti::ingest {
namespace {

constexpr UChar32 kNone = -1;

// Decodes the character at `at`, and where the next one begins.
struct Character {
  UChar32 code = kNone;
  uint32_t next = 0;
};

Character At(absl::string_view text, uint32_t at) {
  if (at >= text.size()) return {kNone, at};
  Character c;
  int32_t i = static_cast<int32_t>(at);
  U8_NEXT(text.data(), i, static_cast<int32_t>(text.size()), c.code);
  c.next = static_cast<uint32_t>(i);
  return c;
}

// ASCII is told without asking ICU.
bool IsAscii(UChar32 c) {
  return 0 <= c && c < 0x80;
}
bool IsLetter(UChar32 c) {
  if (IsAscii(c)) return absl::ascii_isalpha(static_cast<unsigned char>(c));
  return c != kNone && (u_isalpha(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0);
}
bool IsDigit(UChar32 c) {
  return c >= '0' && c <= '9';
}
bool IsApostrophe(UChar32 c) {
  return c == '\'' || c == 0x2019 || c == 0x02BC || c == 0x2018;
}
bool IsBlank(UChar32 c) {
  if (IsAscii(c)) return c <= ' ' || c == 0x7F;
  // White space, and what is invisible: the byte order mark, soft hyphens, zero-width characters.
  return u_isUWhiteSpace(c) || (U_GET_GC_MASK(c) & (U_GC_CC_MASK | U_GC_CF_MASK)) != 0;
}
bool IsSymbol(UChar32 c) {
  return c == '%' || c == 0x2030 || (U_GET_GC_MASK(c) & U_GC_S_MASK) != 0;
}

// One pass over the text.
class Scanner {
 public:
  Scanner(absl::string_view text, const absl::flat_hash_set<std::string>& elisions,
          const absl::flat_hash_set<std::string>& clitics)
      : text_(text), elisions_(elisions), clitics_(clitics) {}

  std::vector<Token> Run(uint32_t begin) {
    constexpr size_t kBytesPerToken = 5;
    tokens_.reserve((text_.size() - begin) / kBytesPerToken);
    uint32_t at = begin;
    bool glued = false;
    while (at < text_.size()) {
      const Character c = At(text_, at);
      if (IsBlank(c.code)) {
        at = c.next;
        glued = false;
        continue;
      }
      const auto [end, kind] = Next(at, c, glued);
      Emit(at, end, kind, glued);
      at = end;
      glued = true;
    }
    return std::move(tokens_);
  }

 private:
  std::pair<uint32_t, TokenKind> Next(uint32_t at, Character c, bool glued) const {
    if (IsDigit(c.code)) {
      const uint32_t end = NumberEnd(at);
      if (At(text_, end).code == '&' && JoinsCharacters(end))
        return {WordEnd(end), TokenKind::kWord};  // "1&1"
      return {end, TokenKind::kNumber};
    }
    if (IsLetter(c.code)) return {WordEnd(at), TokenKind::kWord};
    if (IsApostrophe(c.code) && glued) {
      if (const std::optional<uint32_t> end = CliticEnd(at)) return {*end, TokenKind::kWord};
    }
    return {c.next, IsSymbol(c.code) ? TokenKind::kSymbol : TokenKind::kPunctuation};
  }

  // Digits, with single separators between digits.
  uint32_t NumberEnd(uint32_t at) const {
    while (true) {
      const Character c = At(text_, at);
      if (IsDigit(c.code)) {
        at = c.next;
      } else if ((c.code == '.' || c.code == ',' || IsApostrophe(c.code)) &&
                 IsDigit(At(text_, c.next).code)) {
        at = c.next;
      } else {
        return at;
      }
    }
  }

  // Whether "&" or "+" at `at`, which stands tight behind a word, goes on to its other half.
  bool JoinsCharacters(uint32_t at) const {
    const Character c = At(text_, at);
    const Character after = At(text_, c.next);
    return (c.code == '&' && (IsLetter(after.code) || IsDigit(after.code))) ||
           (c.code == '+' && IsLetter(after.code));
  }

  uint32_t WordEnd(uint32_t begin) const {
    uint32_t at = begin;
    uint32_t part = begin;      // where the part after the last inner period begins
    bool abbreviation = false;  // every part so far has at most three letters: "S.p.A."
    while (true) {
      const Character c = At(text_, at);
      if (IsLetter(c.code) || IsDigit(c.code) || c.code == '_') {
        at = c.next;
        continue;
      }
      const Character after = At(text_, c.next);
      if (IsApostrophe(c.code)) {
        if (elisions_.contains(FoldWord(text_.substr(begin, c.next - begin)))) return c.next;
        if (!IsLetter(after.code) || CliticEnd(at)) return at;
        at = c.next;  // "O'Brien", "aujourd'hui"
      } else if (JoinsCharacters(at)) {
        at = c.next;  // "AT&T", "K+S"
      } else if (c.code == '.' && IsLetter(after.code) && InnerPeriod(part, at, after.code)) {
        abbreviation = (part == begin || abbreviation) && at - part <= 3;
        at = part = c.next;
      } else {
        // The period that closes an abbreviation belongs to it.
        if (c.code == '.' && part != begin && abbreviation && at - part <= 3) return c.next;
        return at;
      }
    }
  }

  // "S.p.A", "Liberal.gr"; but not "ended.The", where a space is missing.
  static bool InnerPeriod(uint32_t part, uint32_t at, UChar32 after) {
    return at - part <= 2 || u_islower(after);
  }

  // The end of "'s" in "Alvena's"; nullopt if no clitic begins here.
  std::optional<uint32_t> CliticEnd(uint32_t at) const {
    uint32_t end = At(text_, at).next;
    while (IsLetter(At(text_, end).code)) end = At(text_, end).next;
    if (clitics_.contains(FoldWord(text_.substr(at, end - at)))) return end;
    return std::nullopt;
  }

  void Emit(uint32_t begin, uint32_t end, TokenKind kind, bool glued) {
    Token token;
    token.begin = begin;
    token.end = end;
    token.kind = kind;
    token.glued = glued;
    const UChar32 first = At(text_, begin).code;
    token.capitalized =
        u_isupper(first) || u_istitle(first) || (kind == TokenKind::kWord && IsDigit(first));
    token.lower = FoldWord(text_.substr(begin, end - begin));
    token.hash = HashOfWord(token.lower);
    tokens_.push_back(std::move(token));
  }

  absl::string_view text_;
  const absl::flat_hash_set<std::string>& elisions_;
  const absl::flat_hash_set<std::string>& clitics_;
  std::vector<Token> tokens_;
};

void AddWords(const Resources& resources, absl::string_view language, absl::string_view kind,
              absl::flat_hash_set<std::string>& words) {
  for (const Record* record : resources.Records(language, "text")) {
    if (record->kind != kind) continue;
    for (const std::string& word : record->List("words")) words.insert(FoldWord(word));
  }
}

// FoldWord of ASCII, the letters of Latin-1 and typographic apostrophes: most words.  Nullopt if
// there is anything else.
std::optional<std::string> FoldLatin(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) < 0x80) {
      folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    } else if (c == '\xC3' &&
               i + 1 < text.size()) {  // U+00C0 to U+00FF, of which U+00D7 is no letter
      const char low = text[++i];
      const bool upper = static_cast<unsigned char>(low) < 0x9F && low != '\x97';
      folded += c;
      folded += upper ? static_cast<char>(low + 32) : low;
    } else if (absl::StartsWith(text.substr(i), "\xE2\x80\x99")) {
      folded += '\'';
      i += 2;
    } else {
      return std::nullopt;
    }
  }
  return folded;
}

}  // namespace

std::string FoldWord(absl::string_view text) {
  if (std::optional<std::string> latin = FoldLatin(text)) return *std::move(latin);
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  wide.toLower(icu::Locale::getRoot());
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_SUCCESS(error)) {
    icu::UnicodeString normal = nfc->normalize(wide, error);
    if (U_SUCCESS(error)) wide = std::move(normal);
  }
  for (int32_t i = 0; i < wide.length(); ++i) {
    if (IsApostrophe(wide.charAt(i))) wide.setCharAt(i, u'\'');
  }
  std::string folded;
  wide.toUTF8String(folded);
  return folded;
}

size_t HashOfWord(absl::string_view folded) {
  return absl::Hash<absl::string_view>()(folded);
}

Tokenizer::Tokenizer(const Resources& resources, absl::string_view language) {
  AddWords(resources, language, "elision", elisions_);
  AddWords(resources, language, "clitic", clitics_);
}

std::vector<Token> Tokenizer::Tokenize(absl::string_view text, uint32_t begin) const {
  return Scanner(text, elisions_, clitics_).Run(begin);
}

}  // namespace fasti::ingest
