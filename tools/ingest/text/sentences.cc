#include "tools/ingest/text/sentences.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fasti/status_macros.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {
namespace {

// The byte offsets at which ICU would begin a new sentence, sorted.
absl::StatusOr<std::vector<uint32_t>> ProposedBreaks(absl::string_view text,
                                                     const std::string& language) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createSentenceInstance(icu::Locale(language.c_str()), error));
  UText* utext = utext_openUTF8(nullptr, text.data(), static_cast<int64_t>(text.size()), &error);
  const auto close = absl::MakeCleanup([utext] { utext_close(utext); });
  if (U_SUCCESS(error)) breaks->setText(utext, error);
  if (U_FAILURE(error)) {
    return absl::InternalError(absl::StrCat("sentence breaks: ", u_errorName(error)));
  }
  std::vector<uint32_t> offsets;
  for (int32_t at = breaks->first(); at != icu::BreakIterator::DONE; at = breaks->next()) {
    offsets.push_back(static_cast<uint32_t>(at));
  }
  return offsets;
}

// Whether single line ends are only there to keep lines short, as in a mail: then only blank lines
// separate paragraphs.  Told by many lines that all stop before the same column.
bool IsHardWrapped(absl::string_view text) {
  constexpr size_t kLineMin = 50;
  constexpr size_t kLineMax = 100;
  size_t wrapped = 0, breaks = 0, previous = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.size() > kLineMax) return false;
    if (!line.empty() && previous > 0) {
      ++breaks;
      if (previous >= kLineMin) ++wrapped;
    }
    previous = line.size();
  }
  return wrapped >= 3 && wrapped * 4 >= breaks * 3;
}

// Whether a new paragraph begins between two neighbouring tokens.
bool ParagraphBetween(absl::string_view text, const Token& left, const Token& right,
                      bool hard_wrapped) {
  const absl::string_view gap = text.substr(left.end, right.begin - left.end);
  const auto lines = std::count(gap.begin(), gap.end(), '\n');
  return lines > 1 || (lines == 1 && !hard_wrapped);
}

bool EndsSentence(absl::string_view mark) {
  return mark == "." || mark == "!" || mark == "?" || mark == "…";
}
bool Closes(absl::string_view mark) {
  return mark == "\"" || mark == "”" || mark == "»" || mark == "’" || mark == "'" || mark == ")" ||
         mark == "]" || mark == "«" || mark == "“";  // "»...«", "„...“"
}
bool Opens(absl::string_view mark) {
  return mark == "\"" || mark == "“" || mark == "«" || mark == "‘" || mark == "'" || mark == "(" ||
         mark == "[" || mark == "»" || mark == "„" || mark == "-" || mark == "–" || mark == "—";
}

absl::string_view TextOf(absl::string_view text, const Token& token) {
  return text.substr(token.begin, token.end - token.begin);
}

bool IsCapitals(absl::string_view word) {
  return word.size() > 1 && std::all_of(word.begin(), word.end(), absl::ascii_isupper);
}

// A heading is closed by no mark; a colon leads on to a list and is not a mark of its own.
bool IsClosed(const std::vector<Token>& tokens, TokenRange range) {
  uint32_t last = range.end - 1;
  while (last > range.begin && Closes(tokens[last].lower)) --last;
  return EndsSentence(tokens[last].lower) || absl::string_view(tokens[last].lower).back() == '.';
}

// Where to cut the too long sentence [begin, end): after the last comma of its second half.
uint32_t CutWithin(const std::vector<Token>& tokens, uint32_t begin, uint32_t end) {
  for (uint32_t cut = end; cut > begin + (end - begin) / 2; --cut) {
    if (tokens[cut - 1].lower == "," || tokens[cut - 1].lower == ";") return cut;
  }
  return end;
}

}  // namespace

SentenceSplitter::SentenceSplitter(const Resources& resources, absl::string_view language)
    : language_(language) {
  for (const Record* record : resources.Records(language, "text")) {
    for (const std::string& word : record->List("words")) {
      const std::string folded = FoldWord(word);
      if (record->kind == "abbreviation") {
        (record->name == "closing" ? closing_ : abbreviations_).insert(folded);
      } else if (record->kind == "starter") {
        starters_.insert(folded);
      } else if (record->kind == "ordinal_noun") {
        ordinal_nouns_.insert(folded);
      }
    }
  }
}

// Whether the break that ICU proposes before token `next` holds.
bool SentenceSplitter::Breaks(const std::vector<Token>& tokens, absl::string_view text,
                              uint32_t next) const {
  uint32_t begin = next;  // the first word or number of the new sentence
  while (begin + 1 < tokens.size() && Opens(tokens[begin].lower)) ++begin;
  const Token& first = tokens[begin];
  const bool lower = first.kind == TokenKind::kWord && !first.capitalized;

  uint32_t last = next - 1;  // the mark that ended the old one
  while (last > 0 && Closes(tokens[last].lower)) --last;
  const Token& mark = tokens[last];
  // A word that ends in a period of its own: "S.p.A.", "U.S.".
  if (mark.kind == TokenKind::kWord && mark.lower.back() == '.') {
    return !abbreviations_.contains(mark.lower) && starters_.contains(first.lower) &&
           first.capitalized;
  }
  if (!EndsSentence(mark.lower)) return false;
  if (lower) return false;
  if (mark.lower != "." || last == 0 || !mark.glued) return true;

  const Token& word = tokens[last - 1];
  const std::string abbreviation = absl::StrCat(word.lower, ".");
  // "the head of ST. After": initials, unless all of the text is in capitals.
  const bool initials = IsCapitals(TextOf(text, word)) && !IsCapitals(TextOf(text, first));
  if (!initials && abbreviations_.contains(abbreviation)) return false;
  if (closing_.contains(abbreviation)) return first.capitalized && starters_.contains(first.lower);
  // An initial: "J. Smith", "George W. Bush"; but not "5G".
  const bool measured = word.glued && last > 1 && tokens[last - 2].kind == TokenKind::kNumber;
  if (!measured && word.kind == TokenKind::kWord && word.capitalized &&
      word.end - word.begin == 1 && first.capitalized) {
    return starters_.contains(first.lower);
  }
  // "am 14. April", "im 2. Quartal".
  if (word.kind == TokenKind::kNumber && ordinal_nouns_.contains(first.lower)) return false;
  // The number of a list at the beginning of a line: "1. Alvena".
  const bool line_begins =
      last == 1 ||
      text.substr(tokens[last - 2].end, word.begin - tokens[last - 2].end).find('\n') !=
          absl::string_view::npos;
  return !(word.kind == TokenKind::kNumber && word.end - word.begin <= 2 && line_begins);
}

// "... of the group. 285 million euros ...": before a number ICU looks at the word that follows it,
// and finds it small.  Shorter words may be abbreviations that are not listed.
bool SentenceSplitter::BreaksBeforeNumber(const std::vector<Token>& tokens, uint32_t next) const {
  constexpr size_t kWordMin = 4;
  if (next < 2 || tokens[next].kind != TokenKind::kNumber || tokens[next].glued) return false;
  const Token& word = tokens[next - 2];
  if (tokens[next - 1].lower != "." || !tokens[next - 1].glued) return false;
  return word.kind == TokenKind::kWord && word.lower.size() >= kWordMin &&
         !abbreviations_.contains(absl::StrCat(word.lower, ".")) &&
         !closing_.contains(absl::StrCat(word.lower, "."));
}

absl::StatusOr<std::vector<Sentence>> SentenceSplitter::Split(
    absl::string_view text, const std::vector<Token>& tokens) const {
  FASTI_ASSIGN_OR_RETURN(const std::vector<uint32_t> proposed, ProposedBreaks(text, language_));
  const bool hard_wrapped = IsHardWrapped(text);

  std::vector<Sentence> sentences;
  uint32_t paragraph = 0;
  uint32_t begin = 0;
  uint32_t paragraph_begin = 0;  // the index of the paragraph's first sentence
  auto next_break = proposed.begin();
  for (uint32_t next = 1; next <= tokens.size(); ++next) {
    const bool at_end = next == tokens.size();
    const bool new_paragraph =
        at_end || ParagraphBetween(text, tokens[next - 1], tokens[next], hard_wrapped);
    bool new_sentence = new_paragraph;
    if (!new_sentence) {
      // ICU breaks before the white space or after it: any break in the gap is meant for this gap.
      while (next_break != proposed.end() && *next_break < tokens[next - 1].end) ++next_break;
      const bool proposes = next_break != proposed.end() && *next_break <= tokens[next].begin;
      new_sentence = proposes ? Breaks(tokens, text, next) : BreaksBeforeNumber(tokens, next);
    }
    const bool too_long = !new_sentence && next - begin >= kSentenceTokensMax;
    if (!new_sentence && !too_long) continue;
    const TokenRange range{begin, too_long ? CutWithin(tokens, begin, next) : next};
    sentences.push_back(
        {range, {tokens[range.begin].begin, tokens[range.end - 1].end}, paragraph, false});
    begin = range.end;
    if (!new_paragraph) continue;
    Sentence& only = sentences.back();
    only.is_heading = sentences.size() == paragraph_begin + 1 && !IsClosed(tokens, only.tokens);
    paragraph_begin = static_cast<uint32_t>(sentences.size());
    ++paragraph;
  }
  return sentences;
}

}  // namespace fasti::ingest
