#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/fact.h"
#include "tools/ingest/text/resources.h"

// An article cut into tokens, sentences and paragraphs.  Every offset is a byte offset into the
// original UTF-8 text, which is kept unchanged, so that any finding can be shown in its place.

namespace fasti::ingest {

enum class TokenKind : uint8_t {
  kWord,         // letters, and digits after a letter: "ricavi", "Q2", "S.p.A.", "AT&T", "dell'"
  kNumber,       // digits with inner separators: "14,3", "1.300.000", "12.06.2025"
  kPunctuation,  // one character: . , - « (
  kSymbol,       // one character: $ € % + =
};

// Tokens are cut finely: at hyphens ("vingt", "-", "cinq"; "Zeta", "-", "4.5"), between a number
// and the letters after it ("14.3", "bn"), and after an elided article or preposition ("dell'",
// "anno"; "Alvena", "'s").  `glued` tells what stood together.
struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  TokenKind kind = TokenKind::kWord;
  bool glued = false;        // no white space between this token and the one before
  bool capitalized = false;  // begins with an upper-case letter
  // Lower case, NFC, with every apostrophe written '.  Accents are kept: they tell "è" from "e".
  std::string lower;
  size_t hash = 0;  // of `lower`, for WordMap
};

// Tokens [begin, end) of a document.
struct TokenRange {
  uint32_t begin = 0;
  uint32_t end = 0;

  uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool Covers(TokenRange other) const { return begin <= other.begin && other.end <= end; }
  bool Overlaps(TokenRange other) const { return begin < other.end && other.begin < end; }
  friend bool operator==(const TokenRange&, const TokenRange&) = default;
};

struct Sentence {
  TokenRange tokens;       // never empty
  Span span;               // of the text, without surrounding white space
  uint32_t paragraph = 0;  // counted from 0
  // A paragraph of its own that no punctuation closes: a title, a heading, a byline, a footer.
  bool is_heading = false;
};

struct Document {
  std::string text;
  std::string language;  // one that the resources know
  std::vector<Token> tokens;
  std::vector<Sentence> sentences;  // in order; each token belongs to exactly one
  std::optional<uint32_t> title;    // the first sentence, if it is a heading

  absl::string_view TextOf(const Token& token) const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return absl::string_view(text).substr(token.begin, token.end - token.begin);
  }
  Span SpanOf(TokenRange range) const;  // REQUIRES: not empty
  absl::string_view TextOf(TokenRange range) const ABSL_ATTRIBUTE_LIFETIME_BOUND;
  // The index of the sentence that holds token `token`.  REQUIRES: token < tokens.size().
  uint32_t SentenceOf(uint32_t token) const;
};

struct AnalyzeOptions {
  // The language of the text ("it", "en-GB"), if its reader knows; empty: it is detected.
  std::string language;
  // Where the body begins: what stands before (a date line) yields no tokens.
  uint32_t body_begin = 0;
};

// REQUIRES: `text` is valid UTF-8.  INVALID_ARGUMENT if there is no text, if its language cannot be
// told, or if the resources do not know that language.
absl::StatusOr<Document> Analyze(std::string text, const AnalyzeOptions& options,
                                 const Resources& resources);

}  // namespace fasti::ingest
