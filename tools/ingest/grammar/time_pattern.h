#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/grammar/numbers.h"
#include "tools/ingest/grammar/time_meaning.h"
#include "tools/ingest/text/phrases.h"

namespace fasti::ingest {

// A sentence in which times are looked for.  Many patterns ask for the number at one place: it is
// read once.
class TimeText {
 public:
  TimeText(const Document& document, TokenRange sentence, const NumberParser& numbers)
      : document_(document), range_(sentence), numbers_(numbers), read_(sentence.size()) {}

  const std::vector<Token>& tokens() const { return document_.tokens; }
  uint32_t limit() const { return range_.end; }
  // The number that begins at a token of the sentence.
  const std::optional<Number>& NumberAt(uint32_t at) const;

 private:
  const Document& document_;
  const TokenRange range_;
  const NumberParser& numbers_;
  const PhraseTable no_measures_;
  mutable std::vector<std::optional<std::optional<Number>>> read_;  // by token
};

// The word classes that the patterns of times.txt use.
//
//   <month>, <weekday>, <quarter> ...   a phrase of the records of that kind; the number in the
//                                       record's name goes to the slot of that name
//   <year>      four digits          <year2>  '25           <short_year>  25
//   <day>       1 to 31, with "st", "er" ... of `day_suffix`, or a record `day`
//   <dd>, <mm>  1 to 31, 1 to 12     <dd13>   13 to 31
//   <dotted>    12.06.2025           <prefixed_year>  FY25, by `year_prefix`
//   <count>     digits or words for a whole number below 1000, or a record `count`
//   <time>      a whole expression
//   <class:slot>  puts the number into another slot
class TimeWords {
 public:
  TimeWords();
  // Patterns point into it.
  TimeWords(const TimeWords&) = delete;
  TimeWords& operator=(const TimeWords&) = delete;

  // Takes the record if it defines a word or a `let`; false if it is of another kind.
  absl::StatusOr<bool> AddRecord(const Record& record, const Tokenizer& tokenizer);

  struct Match {
    uint32_t end = 0;
    std::vector<std::pair<Slot, int>> values;
  };
  // How a class is told where it is not only listed.
  enum class Form : uint8_t {
    kListed,
    kYear,
    kYear2,
    kShortYear,
    kDd,
    kMm,
    kDd13,
    kDotted,
    kPrefixedYear,
    kCount,
    kDay,
  };
  struct Class {
    Form form = Form::kListed;
    Slot slot = Slot::kYear;  // where the number goes
    PhraseTable phrases;
    PhraseTable capitalized;  // those that count only with a capital: "May"
  };
  // Null if there is none.
  const Class* FindClass(absl::string_view name) const ABSL_ATTRIBUTE_LIFETIME_BOUND;
  std::optional<Match> Find(const Class& named, std::optional<Slot> slot, const TimeText& text,
                            uint32_t at) const;
  const PhraseTable* Let(absl::string_view name) const;

 private:
  std::map<std::string, Class, std::less<>> classes_;
  std::map<std::string, PhraseTable, std::less<>> lets_;
  absl::flat_hash_set<std::string> day_suffixes_;
  std::vector<std::string> year_prefixes_;
};

// With what an expression of time, or an element of it, may begin.
struct TimeOpening {
  std::vector<std::string> words;
  bool figure = false;      // a token of kind kNumber
  bool last_digit = false;  // a token that ends in a digit: "FY25"
  bool number = false;      // a number, in words, too
  bool time = false;        // another expression
};

// A sequence of words, alternatives (a|b), lists (@name) and classes (<month>), each optional
// with a '?' after it.
class TimePattern {
 public:
  // What a match says: slots, and the inner expressions in order.
  template <typename Inner>
  struct Match {
    uint32_t end = 0;
    Slots slots;
    std::vector<const Inner*> inner;
  };

  static absl::StatusOr<TimePattern> Parse(absl::string_view text, const TimeWords& words,
                                           const Tokenizer& tokenizer);

  TimeOpening Opening() const;
  // With what each element that must be there begins.
  std::vector<TimeOpening> Needs() const;

  // The longest match that begins at `at`.  `inner(token)` gives the expression of time that
  // begins at a token, or null; Inner has a member `end`.
  template <typename Inner>
  std::optional<Match<Inner>> Longest(const TimeText& text, uint32_t at, const TimeWords& words,
                                      const std::function<const Inner*(uint32_t)>& inner) const;

 private:
  struct Element {
    bool optional = false;
    bool time = false;
    const TimeWords::Class* named = nullptr;  // or
    std::optional<Slot> slot;                 // of the class, if not its own
    const PhraseTable* list = nullptr;        // or
    PhraseTable literals;
  };

  template <typename Inner>
  struct Search;

  static void AddOpening(const Element& element, TimeOpening& opening);

  std::vector<Element> elements_;
};

// What patterns cannot do without, as bits that stand for words and figures: "the <day> of <month>"
// is not tried where no month is named.  A bit may stand for several things, so what has all the
// bits of a pattern may still lack a word of it.
class TimeNeeds {
 public:
  // The bits of a pattern; those not met before are added.
  uint64_t BitsOf(const TimePattern& pattern);
  // The bits of all that stands in a part of a text.
  uint64_t BitsIn(const Document& document, TokenRange range) const;

 private:
  std::map<std::vector<std::string>, uint64_t> bits_;  // by the words that one bit stands for
  WordMap<uint64_t> by_word_;
  uint64_t of_figures_ = 0;
};

// Implementation details follow.

template <typename Inner>
struct TimePattern::Search {
  const std::vector<Element>& elements;
  const TimeText& text;
  const TimeWords& words;
  const std::function<const Inner*(uint32_t)>& inner;
  Match<Inner> current;
  std::optional<Match<Inner>> best;

  // Tries elements [index, ...) at token `at`, each first present, then absent.
  void Try(size_t index, uint32_t at) {
    if (index == elements.size()) {
      if (!best || at > best->end) {
        best = current;
        best->end = at;
      }
      return;
    }
    const Element& element = elements[index];
    if (at < text.limit()) Present(element, index, at);
    if (element.optional) Try(index + 1, at);
  }

  void Present(const Element& element, size_t index, uint32_t at) {
    if (element.time) {
      const Inner* found = inner(at);
      if (found == nullptr) return;
      current.inner.push_back(found);
      Try(index + 1, found->end);
      current.inner.pop_back();
    } else if (element.named != nullptr) {
      const auto found = words.Find(*element.named, element.slot, text, at);
      if (!found) return;
      const Slots saved = current.slots;
      for (const auto& [slot, value] : found->values) At(current.slots, slot) = value;
      Try(index + 1, found->end);
      current.slots = saved;
    } else {
      const PhraseTable& table = element.list != nullptr ? *element.list : element.literals;
      // A shorter phrase may leave the words that the next element needs.
      for (uint32_t end = text.limit(); end > at;) {
        const auto found = table.Longest(text.tokens(), at, end);
        if (!found) return;
        Try(index + 1, found->bound);
        end = found->bound - 1;
      }
    }
  }
};

template <typename Inner>
std::optional<TimePattern::Match<Inner>> TimePattern::Longest(
    const TimeText& text, uint32_t at, const TimeWords& words,
    const std::function<const Inner*(uint32_t)>& inner) const {
  Search<Inner> search{elements_, text, words, inner, {}, {}};
  search.Try(0, at);
  return std::move(search.best);
}

}  // namespace fasti::ingest
