#include "tools/ingest/grammar/time_pattern.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace fasti::ingest {
namespace {

// The value of a token of `size_min` to `size_max` digits, within [low, high].
std::optional<int> DigitsIn(const Token& token, size_t size_min, size_t size_max, int low,
                            int high) {
  const std::string& text = token.lower;
  if (token.kind != TokenKind::kNumber || text.size() < size_min || text.size() > size_max) {
    return std::nullopt;
  }
  int value = 0;
  if (!std::all_of(text.begin(), text.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &value) || value < low || value > high) {
    return std::nullopt;
  }
  return value;
}

// '25 is 2025, '68 is 1968.
int FullYear(int two_digits) {
  return two_digits + (two_digits <= 50 ? 2000 : 1900);
}

constexpr int kYearMin = 1000;
constexpr int kYearMax = 2199;

struct BuiltIn {
  absl::string_view name;
  TimeWords::Form form;
  Slot slot;
};
using Form = TimeWords::Form;
constexpr BuiltIn kBuiltIn[] = {
    {"year", Form::kYear, Slot::kYear},
    {"year2", Form::kYear2, Slot::kYear},
    {"short_year", Form::kShortYear, Slot::kYear},
    {"dd", Form::kDd, Slot::kDay},
    {"mm", Form::kMm, Slot::kMonth},
    {"dd13", Form::kDd13, Slot::kDay},
    {"dotted", Form::kDotted, Slot::kDay},  // and month and year
    {"prefixed_year", Form::kPrefixedYear, Slot::kYear},
    {"count", Form::kCount, Slot::kCount},
    {"day", Form::kDay, Slot::kDay},
};

// "12.06.2025"
std::optional<TimeWords::Match> DottedDate(const Token& token, uint32_t at) {
  if (token.kind != TokenKind::kNumber) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(token.lower, '.');
  int day = 0, month = 0, year = 0;
  if (parts.size() != 3 || parts[2].size() != 4 || !absl::SimpleAtoi(parts[0], &day) ||
      !absl::SimpleAtoi(parts[1], &month) || !absl::SimpleAtoi(parts[2], &year) || month < 1 ||
      month > 12 || day < 1 || day > 31 || year < kYearMin || year > kYearMax) {
    return std::nullopt;
  }
  return TimeWords::Match{at + 1, {{Slot::kDay, day}, {Slot::kMonth, month}, {Slot::kYear, year}}};
}

}  // namespace

const std::optional<Number>& TimeText::NumberAt(uint32_t at) const {
  std::optional<std::optional<Number>>& read = read_[at - range_.begin];
  if (!read) read = numbers_.At(document_, at, range_.end, no_measures_);
  return *read;
}

TimeWords::TimeWords() {
  for (const BuiltIn& built_in : kBuiltIn) {
    Class& named = classes_[std::string(built_in.name)];
    named.form = built_in.form;
    named.slot = built_in.slot;
  }
}

absl::StatusOr<bool> TimeWords::AddRecord(const Record& record, const Tokenizer& tokenizer) {
  const std::vector<std::string> words = record.List("words");
  if (record.kind == "let") {
    if (record.name.empty()) return record.Complain("expected a name after 'let'");
    for (const std::string& word : words) lets_[record.name].Add(tokenizer, word, 0);
    return true;
  }
  if (record.kind == "day_suffix") {
    for (const std::string& word : words) day_suffixes_.insert(FoldWord(word));
    return true;
  }
  if (record.kind == "year_prefix") {
    for (const std::string& word : words) year_prefixes_.push_back(FoldWord(word));
    return true;
  }
  const std::optional<Slot> slot = SlotFromName(record.kind);
  if (!slot) return false;
  const std::vector<std::string> name = absl::StrSplit(record.name, ' ');
  int value = 0;
  if (!absl::SimpleAtoi(name[0], &value)) {
    return record.Complain(absl::StrCat("expected a number after '", record.kind, "'"));
  }
  const bool capital = name.size() > 1 && name[1] == "capital";
  Class& named = classes_[record.kind];
  named.slot = *slot;
  for (const std::string& word : words) {
    (capital ? named.capitalized : named.phrases).Add(tokenizer, word, value);
  }
  return true;
}

const TimeWords::Class* TimeWords::FindClass(absl::string_view name) const {
  const auto it = classes_.find(name);
  return it == classes_.end() ? nullptr : &it->second;
}

const PhraseTable* TimeWords::Let(absl::string_view name) const {
  const auto it = lets_.find(name);
  return it == lets_.end() ? nullptr : &it->second;
}

std::optional<TimeWords::Match> TimeWords::Find(const Class& named, std::optional<Slot> slot,
                                                const TimeText& text, uint32_t at) const {
  const std::vector<Token>& tokens = text.tokens();
  const uint32_t limit = text.limit();
  const Token& token = tokens[at];
  const Slot own = slot.value_or(named.slot);
  const auto found = [own](std::optional<int> value, uint32_t end) -> std::optional<Match> {
    if (!value) return std::nullopt;
    return Match{end, {{own, *value}}};
  };

  if (const auto match = named.phrases.Longest(tokens, at, limit)) {
    return found(match->value, match->bound);
  }
  if (const auto match = named.capitalized.Longest(tokens, at, limit); match && token.capitalized) {
    return found(match->value, match->bound);
  }
  switch (named.form) {
    case Form::kListed:
      return std::nullopt;
    case Form::kYear:
      return found(DigitsIn(token, 4, 4, kYearMin, kYearMax), at + 1);
    case Form::kYear2: {
      if (token.lower != "'") return std::nullopt;
      if (at + 1 >= limit || !tokens[at + 1].glued) return std::nullopt;
      const std::optional<int> value = DigitsIn(tokens[at + 1], 2, 2, 0, 99);
      return value ? found(FullYear(*value), at + 2) : std::nullopt;
    }
    case Form::kShortYear: {
      const std::optional<int> value = DigitsIn(token, 2, 2, 0, 99);
      return value ? found(FullYear(*value), at + 1) : std::nullopt;
    }
    case Form::kDd:
      return found(DigitsIn(token, 1, 2, 1, 31), at + 1);
    case Form::kDd13:
      return found(DigitsIn(token, 2, 2, 13, 31), at + 1);
    case Form::kMm:
      return found(DigitsIn(token, 1, 2, 1, 12), at + 1);
    case Form::kDay: {
      const bool suffixed =
          at + 1 < limit && tokens[at + 1].glued && day_suffixes_.contains(tokens[at + 1].lower);
      return found(DigitsIn(token, 1, 2, 1, 31), at + (suffixed ? 2 : 1));
    }
    case Form::kDotted:
      return DottedDate(token, at);
    case Form::kPrefixedYear:
      for (const std::string& prefix : year_prefixes_) {
        absl::string_view digits = token.lower;
        int year = 0;
        if (!absl::ConsumePrefix(&digits, prefix) || !absl::SimpleAtoi(digits, &year)) continue;
        if (digits.size() == 2) return found(FullYear(year), at + 1);
        if (digits.size() == 4) return found(year, at + 1);
      }
      return std::nullopt;
    case Form::kCount: {
      const std::optional<Number>& number = text.NumberAt(at);
      if (!number || number->hedge != Hedge::kExact || number->fraction || number->low < 1 ||
          number->low >= 1000) {
        return std::nullopt;
      }
      return found(static_cast<int>(number->low), number->end);
    }
  }
  return std::nullopt;
}

absl::StatusOr<TimePattern> TimePattern::Parse(absl::string_view text, const TimeWords& words,
                                               const Tokenizer& tokenizer) {
  TimePattern pattern;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    Element element;
    element.optional = word.size() > 1 && absl::ConsumeSuffix(&word, "?");
    if (absl::ConsumePrefix(&word, "@")) {
      element.list = words.Let(word);
      if (element.list == nullptr) {
        return absl::InvalidArgumentError(absl::StrCat("unknown list '@", word, "'"));
      }
    } else if (word.size() > 2 && word.front() == '<' && word.back() == '>') {
      word = word.substr(1, word.size() - 2);
      const size_t colon = word.find(':');
      const absl::string_view name = word.substr(0, colon);
      if (colon != absl::string_view::npos) {
        element.slot = SlotFromName(word.substr(colon + 1));
        if (!element.slot) {
          return absl::InvalidArgumentError(absl::StrCat("unknown slot in '<", word, ">'"));
        }
      }
      element.time = name == "time";
      element.named = words.FindClass(name);
      if (!element.time && element.named == nullptr) {
        return absl::InvalidArgumentError(absl::StrCat("unknown class '<", word, ">'"));
      }
    } else {
      for (absl::string_view literal : absl::StrSplit(word, '|', absl::SkipEmpty())) {
        element.literals.Add(tokenizer, literal, 0);
      }
    }
    pattern.elements_.push_back(std::move(element));
  }
  const bool all_optional = std::all_of(pattern.elements_.begin(), pattern.elements_.end(),
                                        [](const Element& e) { return e.optional; });
  if (all_optional) return absl::InvalidArgumentError("expected a pattern that cannot be empty");
  return pattern;
}

TimeOpening TimePattern::Opening() const {
  TimeOpening opening;
  for (const Element& element : elements_) {
    AddOpening(element, opening);
    if (!element.optional) break;
  }
  return opening;
}

std::vector<TimeOpening> TimePattern::Needs() const {
  std::vector<TimeOpening> needs;
  for (const Element& element : elements_) {
    if (!element.optional) AddOpening(element, needs.emplace_back());
  }
  return needs;
}

void TimePattern::AddOpening(const Element& element, TimeOpening& opening) {
  const auto add = [&opening](const PhraseTable& table) {
    for (std::string& word : table.FirstWords()) opening.words.push_back(std::move(word));
  };
  if (element.time) {
    opening.time = true;
    return;
  }
  if (element.named == nullptr) {
    add(element.list != nullptr ? *element.list : element.literals);
    return;
  }
  add(element.named->phrases);
  add(element.named->capitalized);
  switch (element.named->form) {
    case Form::kListed:
      break;
    case Form::kYear2:
      opening.words.emplace_back("'");
      break;
    case Form::kPrefixedYear:
      opening.last_digit = true;
      break;
    case Form::kCount:
      opening.number = true;
      break;
    default:
      opening.figure = true;
  }
}

uint64_t TimeNeeds::BitsOf(const TimePattern& pattern) {
  uint64_t bits = 0;
  for (TimeOpening& need : pattern.Needs()) {
    if (need.last_digit || need.number || need.time) continue;  // told by no word
    std::sort(need.words.begin(), need.words.end());
    const uint64_t fresh = uint64_t{1} << (bits_.size() % 64);
    const uint64_t bit = bits_.try_emplace(need.words, fresh).first->second;
    for (const std::string& word : need.words) by_word_[word] |= bit;
    if (need.figure) of_figures_ |= bit;
    bits |= bit;
  }
  return bits;
}

uint64_t TimeNeeds::BitsIn(const Document& document, TokenRange range) const {
  uint64_t bits = 0;
  for (uint32_t i = range.begin; i < range.end; ++i) {
    const Token& token = document.tokens[i];
    if (token.kind == TokenKind::kNumber) bits |= of_figures_;
    if (const auto found = by_word_.find(token); found != by_word_.end()) bits |= found->second;
  }
  return bits;
}

}  // namespace fasti::ingest
