#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "fasti/quantity.h"
#include "tools/ingest/text/document.h"
#include "tools/ingest/text/phrases.h"

namespace fasti::ingest {

// A number in the text, without unit: "14,3 miliardi", "quattordici", "una decina", "decine di
// miliardi".
struct Number {
  uint32_t end = 0;  // the token after it
  double low = 0;    // high == low unless hedge is kOrder
  double high = 0;
  Hedge hedge = Hedge::kExact;  // kAbout for "una decina", kOrder for "decine"
  double scale = 1;             // of the last scale word: 1e9 in "14,3 miliardi"
  bool digits = false;          // begins with digits
  bool grouped = false;         // "1.300.000", "1 300 000"
  bool fraction = false;        // has decimals
  // Its scale is a letter that means many things ("7B", "4K"); only money makes it a scale.
  bool needs_currency = false;
};

// Reads numbers by the records of numbers.txt, see lang/README.md.
class NumberParser {
 public:
  static absl::StatusOr<NumberParser> Make(const Resources& resources, absl::string_view language);

  // The number that begins at token `at` and ends before `limit`; nullopt if none does.  Digits
  // that are no number ("1.2.3", a date) are none.  `measures` are the units that may follow it:
  // they decide whether "1, 3" is one number written with a stray space.
  std::optional<Number> At(const Document& document, uint32_t at, uint32_t limit,
                           const PhraseTable& measures) const {
    return At(document, at, limit, measures, decimal_);
  }
  // The same where `decimal` sets fractions apart.
  std::optional<Number> At(const Document& document, uint32_t at, uint32_t limit,
                           const PhraseTable& measures, char decimal) const;

  // The mark that sets fractions apart in this document: that of the language, unless all of its
  // fractions before a measure are written with the other one, as in the Spanish of Mexico.
  char DecimalOf(const Document& document, const PhraseTable& measures) const;

  // "di", "of": what may stand between a number and what it counts.
  bool IsOf(const Token& token) const { return of_.Contains(token); }

 private:
  // A word for a number: added to others if `scale` is false, multiplied if true.
  struct Atom {
    double value = 0;
    bool scale = false;
    bool alone = false;           // a scale that needs no number before it: "cento", "mille"
    bool needs_currency = false;  // see Number
    bool suffix = false;          // an abbreviation, after digits only
    bool bound = false;           // only within a compound: "vent" in "ventuno"
  };
  // Adds up atoms: "due cento trenta mila" -> 230000.
  struct Sum;

  absl::Status AddRecord(const Record& record, const Tokenizer& tokenizer);
  void CollectOpenings();
  // Whether a number in words may begin with the token; most tokens are told apart by that.
  bool MayOpen(const Token& token) const;
  std::optional<Number> Digits(const Document& document, uint32_t at, uint32_t limit,
                               const PhraseTable& measures, char decimal) const;
  static std::optional<double> DigitValue(absl::string_view text, char decimal, Number& number);
  std::optional<Number> Words(const Document& document, uint32_t at, uint32_t limit) const;
  std::optional<Number> Approximate(const Document& document, uint32_t at, uint32_t limit) const;
  void Scales(const Document& document, uint32_t limit, const PhraseTable& measures, char decimal,
              Number& number) const;
  std::optional<std::vector<Atom>> Compound(absl::string_view word) const;
  void AddHundreds(const std::vector<Token>& tokens, uint32_t limit, const PhraseTable& measures,
                   Number& number) const;
  uint32_t SkipOf(const std::vector<Token>& tokens, uint32_t at, uint32_t limit) const;

  char decimal_ = '.';
  bool space_groups_ = false;
  bool compounds_ = false;
  std::vector<Atom> atoms_;
  PhraseTable words_;    // phrase -> index into atoms_
  PhraseTable scales_;   // the scales among them, and the suffixes
  PhraseTable orders_;   // "decine" -> index into sizes_
  PhraseTable abouts_;   // "decina"
  PhraseTable halves_;   // "e mezzo", after a scale
  PhraseTable half_of_;  // "mezzo", before a scale
  std::vector<double> sizes_;
  absl::flat_hash_map<std::string, size_t> morphemes_;  // single words -> index into atoms_
  WordSet ones_;                                        // "un", "a": one, before a scale
  WordSet of_;
  WordSet joiners_;                       // "e" in "cento e due"
  WordSet several_;                       // "diversi", before an order
  absl::flat_hash_set<int> teens_after_;  // 60 in "soixante-dix"
  // With what a number in words may begin: its first word or, of a compound, its first bytes.
  WordFilter openings_;
  std::bitset<1 << 16> compound_openings_;
};

}  // namespace fasti::ingest
