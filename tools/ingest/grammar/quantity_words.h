#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fasti/quantity.h"
#include "tools/ingest/text/phrases.h"

namespace fasti::ingest {

// The words around numbers, from quantities.txt (see lang/README.md): units, hedges, words of
// decline.
struct QuantityWords {
  enum class UnitKind : uint8_t { kMoney, kPercent, kCount, kTime, kOther };
  struct Unit {
    UnitKind kind = UnitKind::kOther;
    std::string name;     // "USD", "percent", "count", "gigawatt"
    std::string item;     // of kCount: "employees"
    bool points = false;  // of kPercent: percentage points
    double parts = 1;     // how many make one of `name`: 100 cents
  };

  static absl::StatusOr<QuantityWords> Make(const Resources& resources, absl::string_view language);

  // Whether token `at` is a currency code, written in capitals.
  std::optional<int> CodeAt(const Document& document, uint32_t at) const;

  std::vector<Unit> units;
  PhraseTable before;         // "$", "euro": a unit that may stand before its number -> units
  PhraseTable after;          // "dollari", "%", "dipendenti" -> units
  PhraseTable hedge_before;   // "oltre" -> Hedge
  PhraseTable not_durations;  // hedges that before a duration are prepositions: "over"
  PhraseTable hedge_after;    // "o più" -> Hedge
  PhraseTable between;        // "tra", which opens a range
  PhraseTable money_nouns;    // "ricavi" in "43 miliardi di ricavi": what is measured in money
  PhraseTable decline;        // "calo", that makes a percentage after it negative
  PhraseTable decline_at;     // "in ribasso", even when "a" follows
  PhraseTable decline_next;   // "ridotto", only when it stands just before
  PhraseTable decline_after;  // "drop" in "a 22% drop"
  PhraseTable rise;           // "crescita", that ends the reach of a decline
  PhraseTable part_of;        // "dei suoi", between a part and its whole: "3 dei suoi 12 negozi"
  PhraseTable counted;        // "organico", which counts what a number after it says -> units
  WordSet article;            // between a hedge and its number
  WordSet conjunction;        // between the ends of a range
  WordSet by;                 // "del": between a decline and its size
  WordSet to;                 // "al": before a level, not a size
  WordSet filler;             // "nuovi", between a number and its unit
  WordSet not_counted;        // never what a number counts
  WordSet range_to;           // "to" in "5 to 7 percent"
  WordSet range_from;         // "from", which makes that a change
  WordSet minus;              // before money below zero
  WordSet sum_of;             // "über": no hedge after a noun that is a sum
  std::vector<std::string> sum_nouns;        // how such nouns end: "anleihe"
  std::vector<std::string> large_suffixes;   // the same, after millions too: "million users"
  std::vector<std::string> plural_suffixes;  // of words counted without "of": "million users"
  // The currency that articles mean which name none; "" if the language tells nothing of it.
  std::string default_currency;

 private:
  absl::Status AddRecord(const Record& record, const Tokenizer& tokenizer);

  PhraseTable codes_;  // "usd" -> units
};

}  // namespace fasti::ingest
