#include "tools/ingest/grammar/figure_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

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
      const std::optional<Bound> first = ReadBound(at);
      std::optional<Figure> figure = Range(at, first);
      if (!figure && first) figure = Single(*first);
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

  // "tra i 66 e i 72 miliardi", "60-65 miliardi", "3 o 4 anni".  `bound` is what begins at `at`.
  std::optional<Figure> Range(uint32_t at, const std::optional<Bound>& bound) const {
    const auto opener = words_.between.Longest(tokens_, at, limit_);
    const uint32_t first = opener ? SkipArticles(opener->bound) : at;
    std::optional<Bound> low = opener ? ReadBound(first) : bound;
    if (!low || !(opener || StandsAlone(low->tokens)) || low->tokens.end >= limit_) {
      return std::nullopt;
    }
    const Token& link = tokens_[low->tokens.end];
    uint32_t second = low->tokens.end + 1;
    if (opener && words_.conjunction.Contains(link)) {
      second = SkipArticles(second);
    } else if (words_.range_to.Contains(link)) {
      if (words_.to.Contains(link) && FollowsFrom(first)) return std::nullopt;  // "from 5 to 7%"
    } else if (!IsDash(link.lower)) {
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

  // Whether what begins at `at` is where a change began: "from 5 to 7 percent" tells two figures.
  bool FollowsFrom(uint32_t at) const {
    while (at > sentence_.begin && !words_.range_from.Contains(tokens_[at - 1])) {
      if (at <= floor_ || !words_.article.Contains(tokens_[at - 1])) return false;
      --at;
    }
    return at > sentence_.begin;
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

  std::optional<Figure> Single(Bound bound) const {
    if (!StandsAlone(bound.tokens)) return std::nullopt;
    if (!bound.unit) TakeWhole(bound);
    return Finish(bound, bound.number.low, bound.number.high, bound.number.hedge);
  }

  // "1,800 of its 7,200 jobs": a part takes up the whole, of which it has the unit.
  void TakeWhole(Bound& part) const {
    const auto link = words_.part_of.Longest(tokens_, part.tokens.end, limit_);
    if (!link || part.number.low < 2) return;
    const std::optional<Bound> whole = ReadBound(SkipArticles(link->bound));
    if (!whole || !whole->unit || whole->unit->kind != UnitKind::kCount) return;
    if (whole->number.low <= part.number.high || whole->number.scale != part.number.scale) return;
    part.unit = whole->unit;
    part.tokens.end = whole->tokens.end;
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
    for (int i = 0; i < 2 && noun < limit_ && words_.filler.Contains(tokens_[noun]); ++i) {
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
    if (token.kind != TokenKind::kWord || words_.not_counted.Contains(token)) {
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
    while (at < limit_ && words_.article.Contains(tokens_[at])) ++at;
    return at;
  }

  // Adds hedges and sign to a figure; nullopt if the number counts nothing.
  std::optional<Figure> Finish(const Bound& bound, double low, double high, Hedge hedge) const {
    const Number& number = bound.number;
    Figure figure;
    figure.scale = number.scale;
    if (bound.unit) {
      figure.kind = bound.unit->kind;
      figure.open_unit = bound.unit->name.empty();
      low /= bound.unit->parts;
      high /= bound.unit->parts;
    } else if (std::optional<Figure> counted = Counted(bound, low, high, hedge)) {
      return counted;
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
    if (minus || (figure.kind == UnitKind::kMoney && TakeMinusWord(figure.span.tokens))) {
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

  // "auf minus 13 Millionen Euro", but not what is taken off another figure.
  bool TakeMinusWord(TokenRange& range) const {
    const uint32_t at = range.begin;
    if (at < floor_ + 2 || !words_.minus.Contains(tokens_[at - 1])) return false;
    const Token& before = tokens_[at - 2];
    if (!words_.to.Contains(before) && !words_.by.Contains(before) &&
        !words_.range_from.Contains(before)) {
      return false;
    }
    --range.begin;
    return true;
  }

  // "i dipendenti sono saliti a 480", "the workforce was 4,820": a number without a unit after the
  // noun that says what it counts.
  std::optional<Figure> Counted(const Bound& bound, double low, double high, Hedge hedge) const {
    constexpr uint32_t kReach = 8;
    constexpr uint32_t kReachBare = 4;  // of a large number that is not said to be a level
    const Number& number = bound.number;
    if (number.fraction || number.scale > 1000 || number.needs_currency) return std::nullopt;
    TokenRange range = bound.tokens;
    hedge = TakeHedge(range, hedge, false);
    uint32_t at = range.begin;
    while (at > floor_ && words_.article.Contains(tokens_[at - 1]) &&
           !words_.to.Contains(tokens_[at - 1])) {
      --at;
    }
    const bool level = at > floor_ && words_.to.Contains(tokens_[at - 1]);
    if (!number.grouped && (!level || CountsUnknown(bound))) return std::nullopt;
    if (FollowsFrom(range.begin)) return std::nullopt;  // what it has been
    const uint32_t reach = level ? kReach : kReachBare;
    const uint32_t last = figures_.empty() ? sentence_.begin : figures_.back().span.tokens.end;
    const uint32_t stop = std::max(last, at - std::min(at, reach));
    for (; at > stop; --at) {
      if (tokens_[at - 1].kind == TokenKind::kPunctuation) return std::nullopt;
      const auto noun = words_.counted.LongestBefore(tokens_, stop, at);
      if (!noun) continue;
      const Unit& unit = words_.units[noun->value];
      Figure figure;
      figure.kind = unit.kind;
      figure.span.tokens = range;
      figure.span.quantity = MakeQuantity(low, high, hedge, unit.name);
      figure.span.item = unit.item;
      figure.span.unit_inferred = true;
      return figure;
    }
    return std::nullopt;
  }

  // "at 3 Carrow plants", "a 12 nuovi negozi": a noun that is not known may follow.
  bool CountsUnknown(const Bound& bound) const {
    constexpr double kSmall = 100;
    const uint32_t at = bound.tokens.end;
    if (at >= limit_ || tokens_[at].kind != TokenKind::kWord) return false;
    const Token& word = tokens_[at];
    if (words_.to.Contains(word) || words_.by.Contains(word) || words_.range_from.Contains(word)) {
      return false;
    }
    return bound.number.low < kSmall || word.capitalized;
  }

  // Extends the range over the words that soften the number, before and after it.
  Hedge TakeHedge(TokenRange& range, Hedge hedge, bool duration) const {
    uint32_t end = range.begin;
    while (end > floor_ && words_.article.Contains(tokens_[end - 1])) --end;
    for (const uint32_t stop : {range.begin, end}) {
      const auto before = words_.hedge_before.LongestBefore(tokens_, floor_, stop);
      if (!before) continue;
      // "over four years" is how long, not how much longer.
      if (IsOfSum(before->bound, stop)) break;
      if (duration && words_.not_durations.Exactly(tokens_, before->bound, stop)) continue;
      hedge = IsReached(before->bound, stop) ? Hedge::kExact : static_cast<Hedge>(before->value);
      range.begin = before->bound;
      break;
    }
    if (const auto after = words_.hedge_after.Longest(tokens_, range.end, limit_)) {
      if (hedge == Hedge::kExact) hedge = static_cast<Hedge>(after->value);
      range.end = after->bound;
    }
    return hedge;
  }

  // "eine Anleihe über 300 Millionen Euro": the words [begin, end) tell how large a sum is.
  bool IsOfSum(uint32_t begin, uint32_t end) const {
    if (end != begin + 1 || begin == floor_ || !words_.sum_of.Contains(tokens_[begin])) {
      return false;
    }
    const std::string& noun = tokens_[begin - 1].lower;
    return std::any_of(words_.sum_nouns.begin(), words_.sum_nouns.end(),
                       [&](const std::string& ending) { return absl::EndsWith(noun, ending); });
  }

  // "creció un 12% hasta 80 millones": the words [begin, end) that could be a bound tell where a
  // change came to.
  bool IsReached(uint32_t begin, uint32_t end) const {
    constexpr uint32_t kReach = 4;
    if (end != begin + 1 || !words_.to.Contains(tokens_[begin])) return false;
    const bool changed = !figures_.empty() && figures_.back().kind == UnitKind::kPercent;
    if (changed && figures_.back().span.tokens.end == begin) return true;
    for (uint32_t at = begin; at > floor_ && at + kReach > begin; --at) {
      if (words_.rise.LongestBefore(tokens_, floor_, at) ||
          words_.decline.LongestBefore(tokens_, floor_, at)) {
        return true;
      }
    }
    return false;
  }

  // "del 15% al 12%": a level that is left for another one.
  bool IsLeft(TokenRange range) const {
    if (!FollowsFrom(range.begin) || range.end >= limit_) return false;
    uint32_t at = range.end;
    if (!words_.to.Contains(tokens_[at])) return false;
    at = SkipArticles(at + 1);
    const std::optional<Bound> level = at < limit_ ? ReadBound(at) : std::nullopt;
    return level && level->unit && level->unit->kind == UnitKind::kPercent && !level->unit->points;
  }

  // Whether words around a percentage make it a loss: "in calo del 22%", "a 22% drop", "un calo dei
  // ricavi del 22%"; but not "è scesa al 22%", which is a level.
  bool IsDecline(TokenRange range) const {
    if (IsLeft(range)) return false;
    uint32_t after = range.end;
    if (after < limit_ && tokens_[after].lower == "-") ++after;
    if (words_.decline_after.Longest(tokens_, after, limit_)) return true;

    constexpr uint32_t kReach = 8;
    uint32_t at = range.begin;
    bool sized = false;  // "by" stands before the number
    while (at > floor_ && !words_.to.Contains(tokens_[at - 1]) &&
           (words_.article.Contains(tokens_[at - 1]) || words_.by.Contains(tokens_[at - 1]))) {
      sized |= words_.by.Contains(tokens_[--at]);
    }
    if (at > floor_ && words_.to.Contains(tokens_[at - 1])) {
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

}  // namespace

std::vector<Figure> ReadFigures(const Document& document, const NumberParser& numbers, char decimal,
                                const QuantityWords& words, TokenRange sentence,
                                absl::Span<const TimeSpan> times) {
  return SentenceReader(document, numbers, decimal, words, sentence, times).Run();
}

}  // namespace fasti::ingest
