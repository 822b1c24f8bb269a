#include "tools/ingest/grammar/quantities.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "fasti/status_macros.h"
#include "tools/ingest/grammar/numbers.h"
#include "tools/ingest/grammar/quantity_words.h"

namespace fasti::ingest {
namespace {

using Unit = QuantityWords::Unit;
using UnitKind = QuantityWords::UnitKind;

// A number with the unit that stands before or after it: one end of a range, or all of a figure.
struct Bound {
  TokenRange tokens;
  Number number;
  std::optional<Unit> unit;
};

struct UnitMatch {
  uint32_t end = 0;
  Unit unit;
};

constexpr double kLarge = 1e6;  // from here on a number without unit is taken for money

bool IsDash(absl::string_view word) {
  return word == "-" || word == "–" || word == "—";
}
bool IsMinus(absl::string_view word) {
  return IsDash(word) || word == "−";
}

// A figure being put together.
struct Figure {
  QuantitySpan span;
  UnitKind kind = UnitKind::kOther;
  double scale = 1;
  bool open_unit = false;  // large and without unit: to be inferred
};

Quantity MakeQuantity(double low, double high, Hedge hedge, absl::string_view unit) {
  Quantity quantity;
  quantity.hedge = hedge;
  quantity.unit = std::string(unit);
  if (hedge != Hedge::kUpTo) quantity.low = low;
  if (hedge != Hedge::kOver) quantity.high = high;
  return quantity;
}

// "More than 60 %" of a loss is "-60 % or less".
void Negate(Quantity& quantity) {
  std::swap(quantity.low, quantity.high);
  if (quantity.low) quantity.low = -*quantity.low;
  if (quantity.high) quantity.high = -*quantity.high;
}

// Reads the figures of one sentence.
class SentenceReader {
 public:
  SentenceReader(const Document& document, const NumberParser& numbers, char decimal,
                 const QuantityWords& words, TokenRange sentence, absl::Span<const TimeSpan> times)
      : document_(document),
        tokens_(document.tokens),
        numbers_(numbers),
        decimal_(decimal),
        words_(words),
        sentence_(sentence),
        times_(Within(times, sentence)) {}

  std::vector<Figure> Run() {
    for (uint32_t at = sentence_.begin; at < sentence_.end;) {
      limit_ = LimitFrom(at);
      if (limit_ == at) {  // within an expression of time
        floor_ = ++at;
        continue;
      }
      std::optional<Figure> figure = Range(at);
      if (!figure) figure = Single(at);
      if (!figure) {
        ++at;
        continue;
      }
      at = floor_ = figure->span.tokens.end;
      figures_.push_back(*std::move(figure));
    }
    return std::move(figures_);
  }

 private:
  // The part of `times`, which are in order, that lies in the sentence.
  static absl::Span<const TimeSpan> Within(absl::Span<const TimeSpan> times, TokenRange sentence) {
    const auto starts_before = [](const TimeSpan& time, uint32_t token) {
      return time.tokens.begin < token;
    };
    const auto first = std::lower_bound(times.begin(), times.end(), sentence.begin, starts_before);
    const auto last = std::lower_bound(first, times.end(), sentence.end, starts_before);
    return times.subspan(static_cast<size_t>(first - times.begin()),
                         static_cast<size_t>(last - first));
  }

  // Where the next expression of time begins, or the sentence ends; `at` itself if it lies in one.
  uint32_t LimitFrom(uint32_t at) const {
    uint32_t limit = sentence_.end;
    for (const TimeSpan& time : times_) {
      if (time.tokens.begin <= at && at < time.tokens.end) return at;
      if (time.tokens.begin > at) limit = std::min(limit, time.tokens.begin);
    }
    return limit;
  }

  // "tra i 66 e i 72 miliardi", "60-65 miliardi", "3 o 4 anni".
  std::optional<Figure> Range(uint32_t at) const {
    const auto opener = words_.between.Longest(tokens_, at, limit_);
    const uint32_t first = opener ? SkipArticles(opener->bound) : at;
    std::optional<Bound> low = ReadBound(first);
    if (!low || !(opener || StandsAlone(low->tokens)) || low->tokens.end >= limit_) {
      return std::nullopt;
    }
    const absl::string_view link = tokens_[low->tokens.end].lower;
    uint32_t second = low->tokens.end + 1;
    if (opener && words_.conjunction.contains(link)) {
      second = SkipArticles(second);
    } else if (words_.range_to.contains(link)) {
      if (IsChange(first)) return std::nullopt;
    } else if (!IsDash(link)) {
      return std::nullopt;
    }
    std::optional<Bound> high = second < limit_ ? ReadBound(second) : std::nullopt;
    if (!high || !FitTogether(*low, *high)) return std::nullopt;

    const double from = low->number.low, to = high->number.high;
    if (!(from < to)) return std::nullopt;
    Bound both = *high;
    both.tokens = {at, high->tokens.end};
    both.number.scale = std::max(low->number.scale, high->number.scale);
    return Finish(both, from, to, Hedge::kBetween);
  }

  // "from 5 to 7 percent" tells two figures.
  bool IsChange(uint32_t at) const {
    while (at > floor_ && words_.article.contains(tokens_[at - 1].lower)) --at;
    return at > sentence_.begin && words_.range_from.contains(tokens_[at - 1].lower);
  }

  // Gives the first end of a range the unit and scale that the words leave to the second.
  static bool FitTogether(Bound& low, Bound& high) {
    // "rose 12% to 3.4 billion" tells two figures.
    const bool share = low.unit && low.unit->kind == UnitKind::kPercent;
    if (share && !high.unit && high.number.scale >= kLarge) return false;
    if (!high.unit && low.unit) high.unit = low.unit;
    if (!low.unit) low.unit = high.unit;
    if (low.unit && low.unit->name != high.unit->name) return false;
    if (low.number.hedge != Hedge::kExact || high.number.hedge != Hedge::kExact) return false;
    const double scale = high.number.scale;
    if (low.number.scale == 1 && scale >= 1000) {
      // "500-1,2 miliardi" are millions to billions.
      double factor = scale;
      while (factor > 1 && low.number.low * factor >= high.number.high) factor /= 1000;
      low.number.low *= factor;
    }
    low.number.needs_currency = high.number.needs_currency;
    return true;
  }

  std::optional<Figure> Single(uint32_t at) const {
    const std::optional<Bound> bound = ReadBound(at);
    if (!bound || !StandsAlone(bound->tokens)) return std::nullopt;
    return Finish(*bound, bound->number.low, bound->number.high, bound->number.hedge);
  }

  // A number and its unit.
  std::optional<Bound> ReadBound(uint32_t at) const {
    if (at >= limit_) return std::nullopt;
    Bound bound;
    uint32_t begin = at;
    if (const std::optional<UnitMatch> before = UnitBefore(at)) {
      bound.unit = before->unit;
      begin = before->end;
    }
    if (begin >= limit_) return std::nullopt;
    std::optional<Number> number = numbers_.At(document_, begin, limit_, words_.after, decimal_);
    if (!number) return std::nullopt;
    bound.number = *number;
    bound.tokens = {at, number->end};
    // "Euro 2024" is a tournament: a word before a plain number is no currency.
    const bool plain = number->scale == 1 && !number->grouped && !number->fraction;
    if (bound.unit && plain && tokens_[at].kind == TokenKind::kWord &&
        !words_.CodeAt(document_, at) && tokens_[begin - 1].kind == TokenKind::kWord) {
      return std::nullopt;
    }
    if (!bound.unit) {
      std::optional<UnitMatch> after = UnitAfter(*number);
      if (!after && number->end < limit_ && tokens_[number->end].kind == TokenKind::kSymbol) {
        if (const auto hedge = words_.hedge_after.Longest(tokens_, number->end, limit_)) {
          number->end = hedge->bound;  // "100+ employees"
          after = UnitAfter(*number);
          if (after) bound.number.hedge = static_cast<Hedge>(hedge->value);
        }
      }
      if (after) {
        bound.unit = after->unit;
        bound.tokens.end = after->end;
      }
    }
    return bound;
  }

  std::optional<UnitMatch> UnitBefore(uint32_t at) const {
    if (const std::optional<int> code = words_.CodeAt(document_, at)) {
      return UnitMatch{at + 1, words_.units[*code]};
    }
    const auto match = words_.before.Longest(tokens_, at, limit_);
    if (!match) return std::nullopt;
    // "a $5 deal" is not in A$.
    const Token& last = tokens_[match->bound - 1];
    if (match->bound > at + 1 && last.kind == TokenKind::kSymbol && !last.glued) {
      return std::nullopt;
    }
    return UnitMatch{match->bound, words_.units[match->value]};
  }

  std::optional<UnitMatch> UnitAfter(const Number& number) const {
    uint32_t at = number.end;
    const bool counted_by_of = (number.scale >= 1000 || number.hedge != Hedge::kExact) &&
                               at < limit_ && numbers_.IsOf(tokens_[at]);
    if (counted_by_of) ++at;
    if (at + 1 < limit_ && tokens_[at].glued && tokens_[at].lower == "-") ++at;  // "two-year"
    if (std::optional<UnitMatch> unit = UnitAt(at)) return unit;
    uint32_t noun = at;
    for (int i = 0; i < 2 && noun < limit_ && words_.filler.contains(tokens_[noun].lower); ++i) {
      ++noun;
      std::optional<UnitMatch> unit = UnitAt(noun);
      if (unit && unit->unit.kind != UnitKind::kPercent) return unit;
    }
    if (noun >= limit_ || words_.money_nouns.Longest(tokens_, noun, limit_)) return std::nullopt;
    if (counted_by_of || (CountsPlurals(number) && HasPluralForm(noun, number))) {
      return CountedAt(noun);
    }
    return std::nullopt;
  }

  std::optional<UnitMatch> UnitAt(uint32_t at) const {
    if (at >= limit_) return std::nullopt;
    if (const std::optional<int> code = words_.CodeAt(document_, at)) {
      return UnitMatch{at + 1, words_.units[*code]};
    }
    const auto match = words_.after.Longest(tokens_, at, limit_);
    if (!match) return std::nullopt;
    return UnitMatch{match->bound, words_.units[match->value]};
  }

  // "2 milioni di veicoli": whatever word is counted.
  std::optional<UnitMatch> CountedAt(uint32_t at) const {
    const Token& token = tokens_[at];
    if (token.kind != TokenKind::kWord || words_.not_counted.contains(token.lower)) {
      return std::nullopt;
    }
    Unit unit;
    unit.kind = UnitKind::kCount;
    unit.name = "count";
    unit.item = std::string(document_.TextOf(token));
    return UnitMatch{at + 1, std::move(unit)};
  }

  // Numbers so large or so written that a plural after them is what they count.
  static bool CountsPlurals(const Number& number) {
    return (number.scale >= 1000 || number.grouped) && !number.needs_currency;
  }

  bool HasPluralForm(uint32_t at, const Number& number) const {
    const std::string& word = tokens_[at].lower;
    const std::vector<std::string>& suffixes =
        number.scale >= kLarge ? words_.large_suffixes : words_.plural_suffixes;
    return tokens_[at].kind == TokenKind::kWord && !tokens_[at].capitalized && word.size() > 3 &&
           std::any_of(suffixes.begin(), suffixes.end(),
                       [&](const std::string& suffix) { return absl::EndsWith(word, suffix); });
  }

  // Numbers within names, times of day, fractions: "Zeta-4.5", "10:30", "24/7".
  bool StandsAlone(TokenRange range) const {
    const auto glues = [](absl::string_view mark) {
      return mark == "/" || mark == ":" || mark == "#";
    };
    if (range.begin > sentence_.begin && tokens_[range.begin].glued) {
      const Token& left = tokens_[range.begin - 1];
      if (glues(left.lower)) return false;
      if (IsDash(left.lower) && left.glued && range.begin >= sentence_.begin + 2 &&
          tokens_[range.begin - 2].kind != TokenKind::kPunctuation) {
        return false;
      }
    }
    return !(range.end + 1 < sentence_.end && tokens_[range.end].glued &&
             glues(tokens_[range.end].lower) && tokens_[range.end + 1].glued &&
             tokens_[range.end + 1].kind == TokenKind::kNumber);
  }

  uint32_t SkipArticles(uint32_t at) const {
    while (at < limit_ && words_.article.contains(tokens_[at].lower)) ++at;
    return at;
  }

  // Adds hedges and sign to a figure; nullopt if the number counts nothing.
  std::optional<Figure> Finish(const Bound& bound, double low, double high, Hedge hedge) const {
    const Number& number = bound.number;
    Figure figure;
    figure.scale = number.scale;
    if (bound.unit) {
      figure.kind = bound.unit->kind;
    } else {
      figure.kind = UnitKind::kMoney;
      figure.open_unit = number.scale >= kLarge;
      const bool large = figure.open_unit || number.scale >= 1000 || number.grouped;
      if (!large) return std::nullopt;
    }
    if (number.needs_currency && figure.kind != UnitKind::kMoney) return std::nullopt;
    if (number.needs_currency && !bound.unit) return std::nullopt;

    TokenRange range = bound.tokens;
    const bool minus = TakeMinus(range);
    if (hedge == Hedge::kExact || hedge == Hedge::kAbout) {
      hedge = TakeHedge(range, hedge, bound.unit && bound.unit->kind == UnitKind::kTime);
    }
    figure.span.tokens = range;
    figure.span.quantity = MakeQuantity(low, high, hedge, bound.unit ? bound.unit->name : "");
    if (bound.unit) {
      figure.span.item = bound.unit->item;
      figure.span.points = bound.unit->points;
    }
    if (minus) {
      Negate(figure.span.quantity);
    } else if (figure.kind == UnitKind::kPercent && low > 0 && IsDecline(range)) {
      Negate(figure.span.quantity);
      figure.span.decline = true;
    }
    return figure;
  }

  // "-22%", "(-22%)": a minus that nothing but a bracket or space precedes.
  bool TakeMinus(TokenRange& range) const {
    if (range.begin <= floor_ || !tokens_[range.begin].glued) return false;
    const Token& mark = tokens_[range.begin - 1];
    if (mark.lower == "+") --range.begin;
    if (!IsMinus(mark.lower)) return false;
    if (mark.glued && range.begin >= floor_ + 2 && tokens_[range.begin - 2].lower != "(")
      return false;
    --range.begin;
    return true;
  }

  // Extends the range over the words that soften the number, before and after it.
  Hedge TakeHedge(TokenRange& range, Hedge hedge, bool duration) const {
    uint32_t end = range.begin;
    while (end > floor_ && words_.article.contains(tokens_[end - 1].lower)) --end;
    for (const uint32_t stop : {range.begin, end}) {
      const auto before = words_.hedge_before.LongestBefore(tokens_, floor_, stop);
      if (!before) continue;
      // "over four years" is how long, not how much longer.
      if (duration && words_.not_durations.Exactly(tokens_, before->bound, stop)) continue;
      range.begin = before->bound;
      hedge = static_cast<Hedge>(before->value);
      break;
    }
    if (const auto after = words_.hedge_after.Longest(tokens_, range.end, limit_)) {
      if (hedge == Hedge::kExact) hedge = static_cast<Hedge>(after->value);
      range.end = after->bound;
    }
    return hedge;
  }

  // Whether words around a percentage make it a loss: "in calo del 22%", "a 22% drop", "un calo dei
  // ricavi del 22%"; but not "è scesa al 22%", which is a level.
  bool IsDecline(TokenRange range) const {
    uint32_t after = range.end;
    if (after < limit_ && tokens_[after].lower == "-") ++after;
    if (words_.decline_after.Longest(tokens_, after, limit_)) return true;

    constexpr uint32_t kReach = 8;
    uint32_t at = range.begin;
    bool sized = false;  // "by" stands before the number
    while (at > floor_ && !words_.to.contains(tokens_[at - 1].lower) &&
           (words_.article.contains(tokens_[at - 1].lower) ||
            words_.by.contains(tokens_[at - 1].lower))) {
      sized |= words_.by.contains(tokens_[--at].lower);
    }
    if (at > floor_ && words_.to.contains(tokens_[at - 1].lower)) {
      return words_.decline_at.LongestBefore(tokens_, floor_, at - 1).has_value();
    }
    for (const PhraseTable* table : {&words_.decline, &words_.decline_at, &words_.decline_next}) {
      if (table->LongestBefore(tokens_, floor_, at)) return true;
    }
    if (!sized) return false;
    // An expression of time may stand between, but no other figure.
    const uint32_t floor = figures_.empty() ? sentence_.begin : figures_.back().span.tokens.end;
    const uint32_t stop = std::max(floor, at > kReach ? at - kReach : 0);
    for (; at > stop; --at) {
      const absl::string_view word = tokens_[at - 1].lower;
      if (word == ";" || word == ":" || words_.rise.LongestBefore(tokens_, floor, at)) return false;
      if (words_.decline.LongestBefore(tokens_, floor, at) ||
          words_.decline_at.LongestBefore(tokens_, floor, at)) {
        return true;
      }
    }
    return false;
  }

  const Document& document_;
  const std::vector<Token>& tokens_;
  const NumberParser& numbers_;
  const char decimal_;  // sets fractions apart in this document
  const QuantityWords& words_;
  const TokenRange sentence_;
  const absl::Span<const TimeSpan> times_;
  uint32_t limit_ = 0;                // no figure that begins here reaches beyond
  uint32_t floor_ = sentence_.begin;  // nothing before belongs to the next figure
  std::vector<Figure> figures_;
};

bool HasUnit(const Figure& figure) {
  return !figure.span.quantity.unit.empty();
}

// Copies the unit of `known` to `open`.
void Infer(const Figure& known, Figure& open) {
  open.span.quantity.unit = known.span.quantity.unit;
  open.span.item = known.span.item;
  open.span.unit_inferred = true;
  open.kind = known.kind;
}

// Fills in the units that the text leaves out: from the nearest figure of the sentence, then of the
// paragraph; then from the document, if all its money is of one currency.
constexpr size_t kFiguresNear = 50;  // how many figures on either side are looked at
void InferUnits(const Document& document, std::vector<Figure>& figures) {
  const auto sentence = [&](const Figure& f) { return document.SentenceOf(f.span.tokens.begin); };
  const auto paragraph = [&](const Figure& f) { return document.sentences[sentence(f)].paragraph; };
  const auto usable = [](const Figure& known, const Figure& open) {
    if (!HasUnit(known) || known.span.unit_inferred) return false;
    if (known.kind == UnitKind::kMoney) return true;
    return known.kind == UnitKind::kCount && known.scale == open.scale;
  };
  const Figure* only = nullptr;  // any money, as long as there is one currency
  bool one_currency = true;
  for (const Figure& f : figures) {
    if (f.kind != UnitKind::kMoney || !HasUnit(f)) continue;
    if (only != nullptr && only->span.quantity.unit != f.span.quantity.unit) one_currency = false;
    only = &f;
  }
  for (size_t i = 0; i < figures.size(); ++i) {
    Figure& open = figures[i];
    if (HasUnit(open)) continue;
    if (!open.open_unit) {  // "600 addetti; oggi sono più di 1.200"
      if (i > 0 && figures[i - 1].kind == UnitKind::kCount &&
          sentence(figures[i - 1]) == sentence(open)) {
        Infer(figures[i - 1], open);
      }
      continue;
    }
    const Figure* best = nullptr;
    for (const bool same_sentence : {true, false}) {
      const auto near = [&](const Figure& known) {
        if (!usable(known, open)) return false;
        if (same_sentence) return sentence(known) == sentence(open);
        return paragraph(known) == paragraph(open) && known.kind == UnitKind::kMoney;
      };
      const size_t first = i - std::min(i, kFiguresNear);
      const size_t last = std::min(figures.size(), i + 1 + kFiguresNear);
      for (size_t j = i; j-- > first && best == nullptr;) {
        if (near(figures[j])) best = &figures[j];
      }
      for (size_t j = i + 1; j < last && best == nullptr; ++j) {
        if (near(figures[j])) best = &figures[j];
      }
    }
    if (best == nullptr && one_currency) best = only;
    if (best != nullptr) Infer(*best, open);
  }
}

}  // namespace

bool QuantitySpan::is_money() const {
  return quantity.unit.size() == 3 &&
         std::all_of(quantity.unit.begin(), quantity.unit.end(), absl::ascii_isupper);
}

class QuantityGrammar::Rep {
 public:
  NumberParser numbers;
  QuantityWords words;
};

QuantityGrammar::QuantityGrammar(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
QuantityGrammar::QuantityGrammar(QuantityGrammar&&) = default;
QuantityGrammar::~QuantityGrammar() = default;

absl::StatusOr<QuantityGrammar> QuantityGrammar::Make(const Resources& resources,
                                                      absl::string_view language) {
  FASTI_ASSIGN_OR_RETURN(NumberParser numbers, NumberParser::Make(resources, language));
  FASTI_ASSIGN_OR_RETURN(QuantityWords words, QuantityWords::Make(resources, language));
  auto rep = std::make_unique<Rep>();
  rep->numbers = std::move(numbers);
  rep->words = std::move(words);
  return QuantityGrammar(std::move(rep));
}

std::vector<QuantitySpan> QuantityGrammar::Find(const Document& document,
                                                absl::Span<const TimeSpan> times) const {
  const char decimal = rep_->numbers.DecimalOf(document, rep_->words.after);
  std::vector<Figure> figures;
  for (const Sentence& sentence : document.sentences) {
    std::vector<Figure> found =
        SentenceReader(document, rep_->numbers, decimal, rep_->words, sentence.tokens, times).Run();
    std::move(found.begin(), found.end(), std::back_inserter(figures));
  }
  InferUnits(document, figures);
  std::vector<QuantitySpan> spans;
  spans.reserve(figures.size());
  for (Figure& figure : figures) spans.push_back(std::move(figure.span));
  return spans;
}

}  // namespace fasti::ingest
