#include "tools/ingest/frames/time_finder.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

// How far from its fact the time of a state may stand, in units.
constexpr size_t kStateTimeDistanceMax = 2;

size_t Distance(const Match& match, size_t at) {
  if (at < match.begin) return match.begin - at;
  return at < match.end ? 0 : at - match.end + 1;
}

bool HasCommaBetween(const std::vector<Unit>& units, const Match& match, size_t at) {
  for (size_t i = match.end; i < at; ++i) {
    if (units[i].kind == Kind::kComma) return true;
  }
  return false;
}

// The part of `range` in the same parentheses as units[at], if it stands in some.
UnitRange WithinParentheses(const std::vector<Unit>& units, size_t at, UnitRange range) {
  size_t open = at;
  while (open > range.begin && units[open - 1].kind != Kind::kOpen &&
         units[open - 1].kind != Kind::kClose) {
    --open;
  }
  if (open == range.begin || units[open - 1].kind != Kind::kOpen) return range;
  range.begin = open;
  for (size_t i = at; i < range.end; ++i) {
    if (units[i].kind == Kind::kClose) range.end = i;
  }
  return range;
}

// "earned 2 million and aims at 5 million in 2025": whether the figure stands after `clause`, in
// one with a finite verb of its own.
bool HasVerbOfItsOwn(const std::vector<Unit>& units, UnitRange clause,
                     std::optional<size_t> figure) {
  if (!figure || *figure < clause.end) return false;
  return std::any_of(units.begin() + static_cast<std::ptrdiff_t>(clause.end),
                     units.begin() + static_cast<std::ptrdiff_t>(*figure),
                     [](const Unit& unit) { return unit.verb.finite; });
}

// "3.4 billion (2024: 3.2 billion)": whether units[at] stands in parentheses with a figure of its
// own, and what is matched does not.
bool IsOfEnclosedFigure(const std::vector<Unit>& units, const Match& match,
                        std::optional<size_t> figure, size_t at) {
  const UnitRange all = {0, units.size()};
  const UnitRange enclosed = WithinParentheses(units, at, all);
  const auto holds = [&](size_t i) { return enclosed.begin <= i && i < enclosed.end; };
  if (enclosed.begin == 0 || holds(match.anchor) || (figure && holds(*figure))) return false;
  return std::any_of(units.begin() + static_cast<std::ptrdiff_t>(enclosed.begin),
                     units.begin() + static_cast<std::ptrdiff_t>(enclosed.end),
                     [](const Unit& unit) { return unit.kind == Kind::kFigure; });
}

// Whether units[at] is a word of the pattern, or stands among them.
bool IsOwn(const Match& match, size_t at) {
  return (match.begin <= at && at < match.end) || at == match.anchor ||
         std::find(match.verbs.begin(), match.verbs.end(), at) != match.verbs.end();
}

bool EndsPhrase(const Unit& unit, const CoreClasses& classes) {
  return unit.kind == Kind::kComma || unit.kind == Kind::kBreak || unit.kind == Kind::kOpen ||
         unit.kind == Kind::kClose || unit.Is(classes.relative) || unit.Is(classes.subordinator);
}

}  // namespace

TimeFinder::TimeFinder(const Lexicon& lexicon, const CoreClasses& classes)
    : classes_(classes),
      compared_(lexicon.ClassOf("compared")),
      event_(lexicon.ClassOf("event")),
      apart_(lexicon.ClassOf("apart")),
      announce_(lexicon.ClassOf("announce")) {}

const TimeSpan* TimeFinder::Find(const Clauses& clauses, const Match& match,
                                 RelationKind kind) const {
  const std::vector<Unit>& units = clauses.units;
  const bool state = kind == RelationKind::kState;
  const std::optional<size_t> figure = UnitOfValue(units, match);
  UnitRange clause = ClauseAround(clauses, match.anchor, classes_);
  const bool apart = HasVerbOfItsOwn(units, clause, figure);
  if (apart) clause = ClauseAround(clauses, *figure, classes_);
  clause = WithinParentheses(units, apart ? *figure : match.anchor, clause);
  if (figure && HasOpenTime(units, *figure)) return nullptr;
  const bool compared = figure && IsComparedFigure(units, *figure);
  const TimeSpan* nearest = nullptr;
  size_t distance = 0;
  const auto consider = [&](size_t i, size_t at_distance) {
    if (units[i].kind != Kind::kTime || !units[i].time->period) return;
    if (i > 0 && units[i - 1].Is(compared_)) return;
    if (IsOfEnclosedFigure(units, match, figure, i)) return;
    if (units[i].attribute && !units[match.anchor].attribute) return;
    if (nearest != nullptr && at_distance >= distance) return;
    // "bought X, its supplier since 2019".
    if (kind == RelationKind::kEvent && units[i].time->anchor == TimeAnchor::kSince) return;
    // "up from 350 million in 2023": before the figure stands the time of the other one.
    if (compared && i < *figure) return;
    if (DatesAnotherEvent(units, match, kind, i) || DatesTheTelling(clauses, i)) return;
    nearest = units[i].time;
    distance = at_distance;
  };
  for (size_t i = clause.begin; i < clause.end; ++i) {
    if (units[i].kind != Kind::kTime) continue;
    const bool bounds =
        units[i].time->anchor == TimeAnchor::kSince || units[i].time->anchor == TimeAnchor::kUntil;
    if (state && !bounds && Distance(match, i) > kStateTimeDistanceMax) continue;
    if (state && HasCommaBetween(units, match, i)) continue;
    consider(i, figure ? (i < *figure ? *figure - i : i - *figure) : Distance(match, i));
  }
  const bool enclosed = clause.begin > 0 && units[clause.begin - 1].kind == Kind::kOpen;
  if (nearest == nullptr && !state && !enclosed && !apart && !units.empty()) {
    // Only what no relative or subordinate clause separates from the head of the sentence.
    for (size_t i = 0; i < match.anchor; ++i) {
      if (units[i].Is(classes_.relative) || units[i].Is(classes_.subordinator) ||
          units[i].kind == Kind::kBreak) {
        return nullptr;
      }
    }
    consider(0, 0);
  }
  return nearest;
}

// "the biggest deal since the takeover of X in 2014", "after buying X in 2014", "X, founded in
// 2014": units[at] dates what the noun or the verb before it tells, where that is not the match.
bool TimeFinder::DatesAnotherEvent(const std::vector<Unit>& units, const Match& match,
                                   RelationKind kind, size_t at) const {
  const bool state = kind == RelationKind::kState;
  if (at + 1 < units.size() && !IsOwn(match, at + 1)) {
    const Unit& next = units[at + 1];
    // "its 2014 takeover of X".
    if (next.Is(event_) && units[at].time->anchor == TimeAnchor::kAt) return true;
    // "bought X and in 2014 founded Y".
    const bool joined = at > match.anchor && units[at - 1].Is(classes_.conjunction);
    if (joined && next.kind == Kind::kVerb && next.verb.finite) return true;
  }
  // "said in May that it had bought X", "wrote on 3 May the head of X, Y".
  if (0 < at && at < match.begin && units[at - 1].kind == Kind::kVerb && !IsOwn(match, at - 1) &&
      (state || units[at - 1].Is(classes_.say))) {
    return true;
  }
  for (size_t k = at; k-- > 0;) {
    const Unit& unit = units[k];
    if (IsOwn(match, k) || EndsPhrase(unit, classes_)) return false;
    // "900 million, up from 350 million in 2023".
    if (k >= match.end && unit.kind == Kind::kFigure && IsComparedFigure(units, k)) return true;
    // "compared with the first half of the year before".
    if (IsEventNoun(units, k) || unit.Is(classes_.versus)) return true;
    if (unit.kind != Kind::kVerb) continue;
    if (IsVerbOfAnotherEvent(units, match, kind, k)) return true;
    if (unit.verb.finite) return false;
  }
  return false;
}

// "announced on Monday that": a day counted from that of the article, beside a verb of telling, is
// that of the news and not of what it tells.
bool TimeFinder::DatesTheTelling(const Clauses& clauses, size_t at) const {
  const TimeSpan& time = *clauses.units[at].time;
  if (!time.from_published || !time.named || time.named->from_precision != Precision::kDay) {
    return false;
  }
  const auto verb = FindGoverningVerb(clauses, at, classes_);
  return verb && (clauses.units[*verb].Is(announce_) || clauses.units[*verb].Is(classes_.say));
}

// Whether the figure units[at] is what another one is compared with: "up from 350 million".
bool TimeFinder::IsComparedFigure(const std::vector<Unit>& units, size_t at) const {
  size_t k = at;
  while (k > 0 && (units[k - 1].Is(classes_.definite) || units[k - 1].Is(classes_.indefinite))) --k;
  return k > 0 && units[k - 1].Is(compared_);
}

// "dai 200 milioni dell'anno precedente": the figure has a time of its own, which nothing resolves.
bool TimeFinder::HasOpenTime(const std::vector<Unit>& units, size_t figure) const {
  for (size_t k = figure + 1; k < units.size(); ++k) {
    if (units[k].kind == Kind::kTime)
      return !units[k].time->period && units[k].time->tokens.size() > 1;
    if (units[k].kind != Kind::kWord || units[k].Is(classes_.conjunction)) return false;
  }
  return false;
}

// Told with an indefinite article it may be the event of the match once more: "in a deal in May".
bool TimeFinder::IsEventNoun(const std::vector<Unit>& units, size_t at) const {
  if (!units[at].Is(event_)) return false;
  size_t k = at;
  while (k > 0 && (units[k - 1].Is(classes_.adjective) ||
                   (units[k - 1].kind == Kind::kWord && units[k - 1].senses.empty()))) {
    --k;
  }
  return k == 0 || !units[k - 1].Is(classes_.indefinite);
}

bool TimeFinder::IsVerbOfAnotherEvent(const std::vector<Unit>& units, const Match& match,
                                      RelationKind kind, size_t verb) const {
  const Unit& unit = units[verb];
  if (unit.voices == kBare || (verb > 0 && units[verb - 1].Is(apart_))) return true;
  const bool opens_phrase = verb == 0 || EndsPhrase(units[verb - 1], classes_);
  if ((unit.voices & kBare) != 0 && opens_phrase) return true;  // "Founded in 2014, X ..."
  // "per costruire": what something is done for has its time.
  if (!unit.verb.finite || verb < match.end) return false;
  if (units[match.anchor].kind == Kind::kVerb) return true;
  // "The 3.4 billion Carrow project will produce power in 2029".
  if (kind == RelationKind::kMetric && !unit.Is(classes_.be)) return true;
  // "The takeover of X closed in May": the first verb after a noun may tell when that was.
  return std::any_of(units.begin() + static_cast<std::ptrdiff_t>(match.end),
                     units.begin() + static_cast<std::ptrdiff_t>(verb),
                     [](const Unit& before) { return before.verb.finite; });
}

}  // namespace fasti::ingest
