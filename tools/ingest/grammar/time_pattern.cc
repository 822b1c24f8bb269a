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
constexpr absl::string_view kBuiltIn[] = {"year", "year2",  "short_year",    "dd",    "mm",
                                          "dd13", "dotted", "prefixed_year", "count", "day"};

}  // namespace

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
  if (!SlotFromName(record.kind)) return false;
  const std::vector<std::string> name = absl::StrSplit(record.name, ' ');
  int value = 0;
  if (!absl::SimpleAtoi(name[0], &value)) {
    return record.Complain(absl::StrCat("expected a number after '", record.kind, "'"));
  }
  const bool capital = name.size() > 1 && name[1] == "capital";
  Class& named = classes_[record.kind];
  for (const std::string& word : words) {
    (capital ? named.capitalized : named.phrases).Add(tokenizer, word, value);
  }
  return true;
}

bool TimeWords::HasClass(absl::string_view name) const {
  return classes_.find(name) != classes_.end() ||
         std::find(std::begin(kBuiltIn), std::end(kBuiltIn), name) != std::end(kBuiltIn);
}

const PhraseTable* TimeWords::Let(absl::string_view name) const {
  const auto it = lets_.find(name);
  return it == lets_.end() ? nullptr : &it->second;
}

std::optional<TimeWords::Match> TimeWords::Find(absl::string_view name, std::optional<Slot> slot,
                                                const Document& document, uint32_t at,
                                                uint32_t limit, const NumberParser& numbers) const {
  const std::vector<Token>& tokens = document.tokens;
  const Token& token = tokens[at];
  const auto found = [&](std::optional<int> value, Slot own, uint32_t end) -> std::optional<Match> {
    if (!value) return std::nullopt;
    return Match{end, {{slot.value_or(own), *value}}};
  };

  if (const auto it = classes_.find(name); it != classes_.end()) {
    const Slot own = *SlotFromName(name);
    if (const auto match = it->second.phrases.Longest(tokens, at, limit)) {
      return found(match->value, own, match->bound);
    }
    if (const auto match = it->second.capitalized.Longest(tokens, at, limit);
        match && token.capitalized) {
      return found(match->value, own, match->bound);
    }
  }
  if (name == "year") return found(DigitsIn(token, 4, 4, kYearMin, kYearMax), Slot::kYear, at + 1);
  if (name == "year2") {
    if (FoldWord(token.lower) != "'" || at + 1 >= limit || !tokens[at + 1].glued)
      return std::nullopt;
    const std::optional<int> value = DigitsIn(tokens[at + 1], 2, 2, 0, 99);
    return value ? found(FullYear(*value), Slot::kYear, at + 2) : std::nullopt;
  }
  if (name == "short_year") {
    const std::optional<int> value = DigitsIn(token, 2, 2, 0, 99);
    return value ? found(FullYear(*value), Slot::kYear, at + 1) : std::nullopt;
  }
  if (name == "dd") return found(DigitsIn(token, 1, 2, 1, 31), Slot::kDay, at + 1);
  if (name == "dd13") return found(DigitsIn(token, 2, 2, 13, 31), Slot::kDay, at + 1);
  if (name == "mm") return found(DigitsIn(token, 1, 2, 1, 12), Slot::kMonth, at + 1);
  if (name == "day") {
    const bool suffixed =
        at + 1 < limit && tokens[at + 1].glued && day_suffixes_.contains(tokens[at + 1].lower);
    return found(DigitsIn(token, 1, 2, 1, 31), Slot::kDay, at + (suffixed ? 2 : 1));
  }
  if (name == "dotted") {
    const std::vector<std::string> parts = absl::StrSplit(token.lower, '.');
    int day = 0, month = 0, year = 0;
    if (parts.size() != 3 || parts[2].size() != 4 || !absl::SimpleAtoi(parts[0], &day) ||
        !absl::SimpleAtoi(parts[1], &month) || !absl::SimpleAtoi(parts[2], &year) || month < 1 ||
        month > 12 || day < 1 || day > 31 || year < kYearMin || year > kYearMax) {
      return std::nullopt;
    }
    return Match{at + 1, {{Slot::kDay, day}, {Slot::kMonth, month}, {Slot::kYear, year}}};
  }
  if (name == "prefixed_year") {
    for (const std::string& prefix : year_prefixes_) {
      absl::string_view digits = token.lower;
      int year = 0;
      if (!absl::ConsumePrefix(&digits, prefix) || !absl::SimpleAtoi(digits, &year)) continue;
      if (digits.size() == 2) return found(FullYear(year), Slot::kYear, at + 1);
      if (digits.size() == 4) return found(year, Slot::kYear, at + 1);
    }
    return std::nullopt;
  }
  if (name == "count") {
    const std::optional<Number> number = numbers.At(document, at, limit, PhraseTable());
    if (!number || number->hedge != Hedge::kExact || number->fraction || number->low < 1 ||
        number->low >= 1000) {
      return std::nullopt;
    }
    return found(static_cast<int>(number->low), Slot::kCount, number->end);
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
      element.class_name = std::string(word.substr(0, colon));
      if (colon != absl::string_view::npos) {
        element.slot = SlotFromName(word.substr(colon + 1));
        if (!element.slot) {
          return absl::InvalidArgumentError(absl::StrCat("unknown slot in '<", word, ">'"));
        }
      }
      element.time = element.class_name == "time";
      if (!element.time && !words.HasClass(element.class_name)) {
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

}  // namespace fasti::ingest
