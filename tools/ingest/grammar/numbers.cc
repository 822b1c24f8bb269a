#include "tools/ingest/grammar/numbers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// The bytes between two neighbouring tokens.
absl::string_view Gap(const Document& document, uint32_t right) {
  const Token& left = document.tokens[right - 1];
  return absl::string_view(document.text).substr(left.end, document.tokens[right].begin - left.end);
}

// "10-billion": a number may be tied to its scale.
uint32_t SkipHyphen(const std::vector<Token>& tokens, uint32_t at, uint32_t limit) {
  return at + 1 < limit && tokens[at].lower == "-" && tokens[at].glued ? at + 1 : at;
}

// The first two bytes as a number.
size_t FirstBytes(absl::string_view word) {
  return static_cast<unsigned char>(word[0]) << 8 | static_cast<unsigned char>(word[1]);
}

bool IsHardSpace(absl::string_view gap) {
  return gap == "\xC2\xA0" || gap == "\xE2\x80\xAF" || gap == "\xE2\x80\x89";
}

}  // namespace

struct NumberParser::Sum {
  double total = 0;    // closed by a scale of a thousand or more
  double current = 0;  // what follows it
  double last_scale = 0;
  bool any = false;

  double value() const { return total + current; }

  // False if `atom` cannot continue the number; then nothing has changed.
  bool Add(const Atom& atom, const absl::flat_hash_set<int>& teens_after) {
    if (!atom.scale) {
      if (current != 0 && !Fits(atom.value, teens_after)) return false;
      if (any && (atom.value == 0 || (current == 0 && total == 0))) return false;
      current += atom.value;
    } else if (atom.value < 1000) {
      if (current >= 100 || (current == 0 && !atom.alone)) return false;
      current = std::max(current, 1.0) * atom.value;
    } else if (current == 0 && total > 0) {
      total *= atom.value;  // "mille miliardi"
      last_scale = atom.value;
    } else {
      if (current == 0 && !atom.alone) return false;
      if (last_scale != 0 && atom.value >= last_scale) return false;
      total += std::max(current, 1.0) * atom.value;
      current = 0;
      last_scale = atom.value;
    }
    any = true;
    return true;
  }

  // Whether `value` may be added to `current`: 2 to 30, 45 to 200, but not 5 to 15.
  bool Fits(double value, const absl::flat_hash_set<int>& teens_after) const {
    const int rest = static_cast<int>(std::fmod(current, 100));
    if (rest == 0) return value < 100;
    if (rest < 20 || rest % 10 != 0) return false;
    return value < (teens_after.contains(rest) ? 20 : 10);
  }
};

absl::StatusOr<NumberParser> NumberParser::Make(const Resources& resources,
                                                absl::string_view language) {
  NumberParser parser;
  const Tokenizer tokenizer(resources, language);
  for (const Record* record : resources.Records(language, "numbers")) {
    FASTI_RETURN_IF_ERROR(parser.AddRecord(*record, tokenizer));
  }
  parser.CollectOpenings();
  return parser;
}

void NumberParser::CollectOpenings() {
  for (const WordSet* words : {&ones_, &several_}) {
    for (const std::string& word : *words) openings_.Add(word);
  }
  for (const PhraseTable* phrases : {&words_, &scales_, &orders_, &half_of_}) {
    for (const std::string& word : phrases->FirstWords()) openings_.Add(word);
  }
  if (!compounds_) return;
  for (const auto& [morpheme, atom] : morphemes_) {
    if (morpheme.size() > 1) {
      compound_openings_.set(FirstBytes(morpheme));
    } else {
      compound_openings_.set();  // anything may follow a single letter
    }
  }
}

bool NumberParser::MayOpen(const Token& token) const {
  return openings_.MayHold(token) ||
         (token.lower.size() > 1 && compound_openings_.test(FirstBytes(token.lower)));
}

absl::Status NumberParser::AddRecord(const Record& record, const Tokenizer& tokenizer) {
  const std::vector<std::string> words = record.List("words");
  const std::vector<std::string> name = absl::StrSplit(record.name, ' ');
  const auto insert = [&](WordSet& set) {
    for (const std::string& word : words) set.Insert(FoldWord(word));
    return absl::OkStatus();
  };
  if (record.kind == "one") return insert(ones_);
  if (record.kind == "of") return insert(of_);
  if (record.kind == "joiner") return insert(joiners_);
  if (record.kind == "several") return insert(several_);
  if (record.kind == "decimal" && record.name.size() == 1) {
    decimal_ = record.name[0];
    return absl::OkStatus();
  }
  if (record.kind == "group" && record.name == "space") {
    space_groups_ = true;
    return absl::OkStatus();
  }
  if (record.kind == "compounds") {
    compounds_ = true;
    return absl::OkStatus();
  }
  if (record.kind == "and_half" || record.kind == "half_of") {
    PhraseTable& table = record.kind == "half_of" ? half_of_ : halves_;
    for (const std::string& word : words) table.Add(tokenizer, word, 0);
    return absl::OkStatus();
  }

  double value = 0;
  if (!absl::SimpleAtod(name[0], &value)) {
    return record.Complain(
        absl::StrCat("'", record.kind, "': expected a known record, with a number"));
  }
  if (record.kind == "teens_after") {
    teens_after_.insert(static_cast<int>(value));
    return absl::OkStatus();
  }
  if (record.kind == "order" || record.kind == "about") {
    PhraseTable& table = record.kind == "order" ? orders_ : abouts_;
    for (const std::string& word : words) {
      table.Add(tokenizer, word, static_cast<int>(sizes_.size()));
    }
    sizes_.push_back(value);
    return absl::OkStatus();
  }
  Atom atom;
  atom.value = value;
  atom.scale = record.kind == "scale" || record.kind == "suffix";
  atom.suffix = record.kind == "suffix";
  atom.bound = record.kind == "part";
  if (!atom.scale && !atom.bound && record.kind != "number") {
    return record.Complain(absl::StrCat("unknown record '", record.kind, "'"));
  }
  for (size_t i = 1; i < name.size(); ++i) {
    if (name[i] == "alone") {
      atom.alone = true;
    } else if (name[i] == "money") {
      atom.needs_currency = true;
    } else if (name[i] == "scale") {
      atom.scale = true;
    } else {
      return record.Complain(
          absl::StrCat("expected 'alone', 'money' or 'scale', found '", name[i], "'"));
    }
  }
  const int index = static_cast<int>(atoms_.size());
  atoms_.push_back(atom);
  for (const std::string& word : words) {
    if (!atom.bound && !atom.suffix) words_.Add(tokenizer, word, index);
    if (atom.scale && !atom.bound && value >= 1000) scales_.Add(tokenizer, word, index);
    if (!atom.suffix) morphemes_.try_emplace(FoldWord(word), atoms_.size() - 1);
  }
  return absl::OkStatus();
}

std::optional<Number> NumberParser::At(const Document& document, uint32_t at, uint32_t limit,
                                       const PhraseTable& measures, char decimal) const {
  const std::vector<Token>& tokens = document.tokens;
  std::optional<Number> number;
  if (tokens[at].kind == TokenKind::kNumber) {
    number = Digits(document, at, limit, measures, decimal);
  } else if (tokens[at].kind == TokenKind::kWord && MayOpen(tokens[at])) {
    number = Approximate(document, at, limit);
    if (!number) number = Words(document, at, limit);
  }
  if (number) Scales(document, limit, measures, decimal, *number);
  return number;
}

char NumberParser::DecimalOf(const Document& document, const PhraseTable& measures) const {
  const std::vector<Token>& tokens = document.tokens;
  const char other = decimal_ == ',' ? '.' : ',';
  bool other_used = false;
  for (uint32_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::kNumber) continue;
    const uint32_t limit = std::min<uint32_t>(i + 4, static_cast<uint32_t>(tokens.size()));
    if (!scales_.Longest(tokens, i + 1, limit) && !measures.Longest(tokens, i + 1, limit)) continue;
    const std::string& digits = tokens[i].lower;
    const size_t mark = digits.find_last_of(".,");
    if (mark == std::string::npos) continue;
    if (digits.size() - mark - 1 == 3) {
      // "1.300", but no fraction ends in zeros: "6,800".
      other_used |= digits[mark] == decimal_ && absl::EndsWith(digits, "00");
      continue;
    }
    if (digits[mark] == decimal_) return decimal_;
    other_used |= digits[mark] == other;
  }
  return other_used ? other : decimal_;
}

// The value of digits with separators, in the language's own convention or, if only that makes
// sense, in the other one: "14.3" is a fraction in any language, "1.300" only where '.' is one.
std::optional<double> NumberParser::DigitValue(absl::string_view text, char decimal,
                                               Number& number) {
  const std::string digits = absl::StrReplaceAll(text, {{"\xE2\x80\x99", "'"}});
  char separators[2] = {0, 0};  // the first and the last one
  int count = 0;
  std::vector<std::string> parts = {""};
  for (size_t i = 0; i < digits.size(); ++i) {
    if (absl::ascii_isdigit(digits[i])) {
      parts.back() += digits[i];
      continue;
    }
    if (count == 0) separators[0] = digits[i];
    separators[1] = digits[i];
    ++count;
    parts.emplace_back();
  }
  const bool grouped_form =
      parts[0].size() <= 3 && parts[0] != "0" &&
      std::all_of(parts.begin() + 1, parts.end() - 1, [](const auto& p) { return p.size() == 3; });
  bool fraction = false;
  if (count > 0) {
    const bool last_of_three = parts.back().size() == 3;
    if (separators[0] != separators[1]) {  // "1.300,5"
      if (!grouped_form || separators[1] == '\'') return std::nullopt;
      fraction = true;
    } else if (count > 1) {  // "1.300.000"
      if (!grouped_form || !last_of_three) return std::nullopt;
    } else if (separators[0] == '\'') {  // "1'000"
      if (!grouped_form || !last_of_three) return std::nullopt;
    } else {  // "1.300" or "14.3"
      fraction = !grouped_form || !last_of_three || separators[0] == decimal;
    }
  }
  std::string plain;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (fraction && i + 1 == parts.size()) plain += '.';
    plain += parts[i];
  }
  double value = 0;
  if (!absl::SimpleAtod(plain, &value) || !std::isfinite(value)) return std::nullopt;
  number.grouped = count > (fraction ? 1 : 0);
  number.fraction = fraction;
  return value;
}

std::optional<Number> NumberParser::Digits(const Document& document, uint32_t at, uint32_t limit,
                                           const PhraseTable& measures, char decimal) const {
  const std::vector<Token>& tokens = document.tokens;
  Number number;
  number.digits = true;
  number.end = at + 1;
  std::string digits = tokens[at].lower;

  // Groups set apart by spaces: "1 300 000".
  if (AllDigits(digits) && digits.size() <= 3) {
    while (number.end < limit && tokens[number.end].kind == TokenKind::kNumber) {
      const absl::string_view gap = Gap(document, number.end);
      const std::string& group = tokens[number.end].lower;
      const bool last = group.size() > 3 && group[3] == decimal && AllDigits(group.substr(4));
      if (!IsHardSpace(gap) && !(space_groups_ && gap == " ")) break;
      if (!AllDigits(group.substr(0, 3)) || (group.size() != 3 && !last)) break;
      digits += group;
      number.grouped = true;
      ++number.end;
      if (last) break;
    }
  }
  const bool spaced_groups = number.grouped;

  // A fraction with a stray space, "1, 3 milioni", which only what follows tells from a list.
  if (AllDigits(digits) && digits.size() <= 3 && at + 2 < limit &&
      tokens[at + 1].lower == std::string(1, decimal) && tokens[at + 1].glued &&
      !tokens[at + 2].glued && AllDigits(tokens[at + 2].lower) &&
      tokens[at + 2].lower.size() <= 2) {
    const bool measured = at + 3 < limit && (scales_.Longest(tokens, at + 3, limit) ||
                                             measures.Longest(tokens, at + 3, limit));
    const bool in_list =
        at >= 2 && tokens[at - 1].lower == "," && tokens[at - 2].kind == TokenKind::kNumber;
    if (measured && !in_list) {
      absl::StrAppend(&digits, std::string(1, decimal), tokens[at + 2].lower);
      number.end = at + 3;
    }
  }
  const std::optional<double> value = DigitValue(digits, decimal, number);
  if (!value) return std::nullopt;
  number.grouped |= spaced_groups;
  number.low = number.high = *value;
  return number;
}

// Splits "duecentocinquantamila" into atoms, the longest first.
std::optional<std::vector<NumberParser::Atom>> NumberParser::Compound(
    absl::string_view word) const {
  if (word.empty()) return std::vector<Atom>();
  for (size_t length = word.size(); length > 0; --length) {
    const auto it = morphemes_.find(word.substr(0, length));
    if (it == morphemes_.end()) continue;
    std::optional<std::vector<Atom>> rest = Compound(word.substr(length));
    if (!rest) continue;
    rest->insert(rest->begin(), atoms_[it->second]);
    return rest;
  }
  return std::nullopt;
}

std::optional<Number> NumberParser::Words(const Document& document, uint32_t at,
                                          uint32_t limit) const {
  const std::vector<Token>& tokens = document.tokens;
  Number number;
  Sum sum;
  uint32_t next = at;
  if (const auto half = half_of_.Longest(tokens, at, limit)) {
    const uint32_t begin = SkipHyphen(tokens, half->bound, limit);
    if (begin < limit && scales_.Longest(tokens, begin, limit)) {
      number.low = number.high = 0.5;
      number.end = half->bound;
      return number;
    }
  }
  if (ones_.Contains(tokens[at]) && at + 1 < limit) {
    const auto scale = words_.Longest(tokens, at + 1, limit);
    if (!scale || !atoms_[scale->value].scale) return std::nullopt;
    sum.current = 1;
    sum.any = true;
    next = number.end = at + 1;
  }
  while (next < limit) {
    uint32_t word = next;
    // "vingt-cinq", "cento e due".
    const bool joined =
        sum.any && word + 1 < limit &&
        ((tokens[word].lower == "-" && tokens[word].glued) || joiners_.Contains(tokens[word]));
    if (joined) ++word;
    std::vector<Atom> atoms;
    uint32_t end = word + 1;
    if (const auto match = words_.Longest(tokens, word, limit)) {
      atoms = {atoms_[match->value]};
      end = match->bound;
      // "sei e tre milioni": a joiner continues a number only below the hundreds.
      if (joined && tokens[next].lower != "-" && atoms[0].scale) break;
    } else if (compounds_) {
      auto parts = Compound(tokens[word].lower);
      if (!parts || parts->size() < 2) break;
      atoms = *std::move(parts);
    } else {
      break;
    }
    Sum longer = sum;
    const bool fits = std::all_of(atoms.begin(), atoms.end(),
                                  [&](const Atom& atom) { return longer.Add(atom, teens_after_); });
    if (!fits) break;
    sum = longer;
    next = number.end = end;
  }
  if (!sum.any || number.end == 0) return std::nullopt;
  number.low = number.high = sum.value();
  if (sum.last_scale != 0 && sum.current == 0) number.scale = sum.last_scale;
  return number;
}

uint32_t NumberParser::SkipOf(const std::vector<Token>& tokens, uint32_t at, uint32_t limit) const {
  return at < limit && IsOf(tokens[at]) ? at + 1 : at;
}

// "una decina", "decine di miliardi", "plusieurs milliards".
std::optional<Number> NumberParser::Approximate(const Document& document, uint32_t at,
                                                uint32_t limit) const {
  const std::vector<Token>& tokens = document.tokens;
  Number number;
  if (ones_.Contains(tokens[at]) && at + 1 < limit) {
    const auto about = abouts_.Longest(tokens, at + 1, limit);
    if (!about) return std::nullopt;
    number.low = number.high = sizes_[about->value];
    number.hedge = Hedge::kAbout;
    number.end = about->bound;
    return number;
  }
  const bool several = several_.Contains(tokens[at]) && at + 1 < limit;
  const uint32_t begin = several ? SkipOf(tokens, at + 1, limit) : at;
  if (begin >= limit) return std::nullopt;
  if (const auto order = orders_.Longest(tokens, begin, limit)) {
    number.low = sizes_[order->value];
    number.end = order->bound;
  } else if (const auto scale = scales_.Longest(tokens, begin, limit);
             scale && (several || (scale->bound < limit && IsOf(tokens[scale->bound]))) &&
             !atoms_[scale->value].suffix && atoms_[scale->value].value >= 1e6) {
    number.low = number.scale = atoms_[scale->value].value;
    number.end = scale->bound;
  } else {
    return std::nullopt;
  }
  number.high = number.low * 10;
  number.hedge = Hedge::kOrder;
  return number;
}

// "10 mil 800 millones", "19 mil 500 empleados": hundreds in digits after a thousand, before a
// scale or what is counted.
void NumberParser::AddHundreds(const std::vector<Token>& tokens, uint32_t limit,
                               const PhraseTable& measures, Number& number) const {
  const uint32_t at = number.end;
  if (at + 1 >= limit || tokens[at].kind != TokenKind::kNumber) return;
  const std::string& digits = tokens[at].lower;
  if (!AllDigits(digits) || digits.size() > 3) return;
  const bool counts = digits.size() == 3 && measures.Longest(tokens, at + 1, limit);
  if (!counts && !scales_.Longest(tokens, at + 1, limit)) return;
  double hundreds = 0;
  if (!absl::SimpleAtod(digits, &hundreds)) return;
  number.low += hundreds;
  number.high = number.low;
  number.end = at + 1;
}

// Multiplies by the scales that follow: "miliardi", "mila miliardi", "bn", "miliardi e mezzo",
// "miliardi e 200 milioni".
void NumberParser::Scales(const Document& document, uint32_t limit, const PhraseTable& measures,
                          char decimal, Number& number) const {
  const std::vector<Token>& tokens = document.tokens;
  bool scaled = number.scale > 1;
  if (number.low == 1000 && number.scale == 1000) AddHundreds(tokens, limit, measures, number);
  while (number.end < limit) {
    uint32_t begin = number.end;
    if (number.hedge != Hedge::kExact) begin = SkipOf(tokens, begin, limit);
    begin = SkipHyphen(tokens, begin, limit);
    if (begin >= limit) break;
    const auto scale = scales_.Longest(tokens, begin, limit);
    if (!scale) break;
    const Atom& atom = atoms_[scale->value];
    if (atom.suffix && (!number.digits || scaled)) break;
    if (scaled && atom.value <= number.scale && number.scale >= 1e6) break;
    number.low *= atom.value;
    number.high *= atom.value;
    number.scale = atom.value;
    number.needs_currency = atom.needs_currency;
    number.end = scale->bound;
    scaled = true;
    if (atom.value == 1000 && !atom.suffix) AddHundreds(tokens, limit, measures, number);
    // The period of "65 mld. di euro" belongs to the scale, unless it ends the sentence.
    if (atom.suffix && number.end + 1 < limit && tokens[number.end].lower == "." &&
        tokens[number.end].glued) {
      ++number.end;
    }
  }
  if (!scaled || number.hedge == Hedge::kOrder) return;
  if (const auto half = halves_.Longest(tokens, number.end, limit)) {
    number.low += number.scale / 2;
    number.high = number.low;
    number.end = half->bound;
    return;
  }
  if (number.scale < 1e6 || number.fraction) return;
  uint32_t begin = number.end;
  if (begin < limit && joiners_.Contains(tokens[begin])) ++begin;
  if (begin >= limit || tokens[begin].kind != TokenKind::kNumber) return;
  std::optional<Number> rest = Digits(document, begin, limit, measures, decimal);
  if (!rest || rest->end >= limit) return;
  const auto scale = scales_.Longest(tokens, rest->end, limit);
  if (!scale || atoms_[scale->value].value >= number.scale || atoms_[scale->value].suffix) return;
  if (rest->low * atoms_[scale->value].value >= number.scale) return;
  number.low += rest->low * atoms_[scale->value].value;
  number.high = number.low;
  number.end = scale->bound;
}

}  // namespace fasti::ingest
