#include "tools/ingest/frames/extract.h"

#include <algorithm>
#include <utility>

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

// "Fondata nel 2016, X collabora ...": the time after a participle is the participle's.
bool BelongsToParticiple(const std::vector<Unit>& units, const Match& match, size_t at) {
  if (at == 0 || at - 1 == match.anchor) return false;
  const Unit& before = units[at - 1];
  return before.kind == Kind::kVerb && before.voices == kBare;
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

// Where the value of the match stands.
std::optional<size_t> UnitOfValue(const std::vector<Unit>& units, const Match& match) {
  const auto value = match.fillers.find("value");
  if (value == match.fillers.end()) return std::nullopt;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].kind == Kind::kFigure && units[i].figure == value->second.figure) return i;
  }
  return std::nullopt;
}

// A loss is a negative profit.
Quantity Negated(Quantity quantity) {
  if (quantity.value() < 0) return quantity;
  std::swap(quantity.low, quantity.high);
  if (quantity.low) quantity.low = -*quantity.low;
  if (quantity.high) quantity.high = -*quantity.high;
  return quantity;
}

bool IsSlot(const Match& match, const QuantitySpan* figure) {
  return std::any_of(match.fillers.begin(), match.fillers.end(),
                     [&](const auto& filler) { return filler.second.figure == figure; });
}

}  // namespace

FindingBuilder::FindingBuilder(const FrameBook& book, const Lexicon& lexicon,
                               const CoreClasses& classes, const Kinds& kinds)
    : book_(book),
      classes_(classes),
      kinds_(kinds),
      scope_(lexicon, classes),
      compared_(lexicon.ClassOf("compared")) {}

void FindingBuilder::Build(const Clauses& clauses, const Names& names, const Match& match,
                           std::vector<Finding>& findings) const {
  const auto subject = match.fillers.find("subject");
  if (subject == match.fillers.end()) return;
  const auto object = match.fillers.find("object");
  const auto value = match.fillers.find("value");

  Finding finding;
  finding.relation = match.rule->relation;
  finding.rule = match.rule->name;
  finding.confidence = match.certainty;
  finding.sentence = clauses.sentence;
  finding.time = FindTime(clauses, match);
  const Scope scope = scope_.Read(clauses, match.anchor, match.verbs, value != match.fillers.end());
  finding.modality = scope.modality;
  if (scope.source) finding.qualifiers.emplace("source", Value(names.entities[*scope.source].name));
  for (const auto& [name, text] : match.rule->constants) {
    finding.qualifiers.insert_or_assign(name, Value(text));
  }
  for (const auto& [name, text] : match.captures) {
    finding.qualifiers.insert_or_assign(name, Value(text));
  }
  for (const auto& [slot, filler] : match.fillers) {
    if (slot == "subject" || slot == "object" || slot == "value") continue;
    if (filler.figure != nullptr) {
      finding.qualifiers.insert_or_assign(slot, Value(filler.figure->quantity));
    } else {
      finding.qualifiers.insert_or_assign(slot, Value(names.entities[filler.entities[0]].name));
    }
  }
  finding.amount = TakeFigures(clauses, match, finding.qualifiers);
  if (const auto amount = match.fillers.find("amount"); amount != match.fillers.end()) {
    finding.amount = amount->second.figure;
    finding.amount_by_rule = true;
  }
  if (value != match.fillers.end()) {
    finding.value = value->second.figure->quantity;
    finding.figure = value->second.figure;
    if (finding.qualifiers.erase("sign") > 0) finding.value = Negated(*finding.value);
    if (value->second.figure->unit_inferred) {
      finding.qualifiers.emplace("unit_inferred", Value(true));
    }
  }

  const std::vector<uint32_t>& subjects = subject->second.entities;
  if (object == match.fillers.end()) {
    for (uint32_t entity : subjects) {
      finding.subject = entity;
      findings.push_back(finding);
    }
    return;
  }
  const std::vector<uint32_t>& objects = object->second.entities;
  const bool one_list = subjects == objects;
  for (size_t i = 0; i < subjects.size(); ++i) {
    for (size_t k = one_list ? i + 1 : 0; k < objects.size(); ++k) {
      if (subjects[i] == objects[k]) continue;
      finding.subject = subjects[i];
      finding.object = objects[k];
      findings.push_back(finding);
    }
  }
}

const QuantitySpan* FindingBuilder::TakeFigures(const Clauses& clauses, const Match& match,
                                                Map& qualifiers) const {
  const QuantitySpan* amount = nullptr;
  const auto takes = book_.takes.find(match.rule->relation);
  if (takes == book_.takes.end()) return nullptr;
  const UnitRange clause = ClauseAround(clauses, match.anchor, classes_);
  for (const Take& take : takes->second) {
    if (qualifiers.contains(take.qualifier)) continue;
    const QuantitySpan* nearest = nullptr;
    size_t distance = 0;
    for (size_t i = clause.begin; i < clause.end; ++i) {
      const Unit& unit = clauses.units[i];
      if (unit.kind != Kind::kFigure || IsSlot(match, unit.figure) ||
          IsPerShare(clauses, i, classes_) || !take.figure.Accepts(*unit.figure)) {
        continue;
      }
      if (nearest == nullptr || Distance(match, i) < distance) {
        nearest = unit.figure;
        distance = Distance(match, i);
      }
    }
    if (nearest == nullptr) continue;
    qualifiers.emplace(take.qualifier, Value(nearest->quantity));
    if (take.qualifier == "amount") amount = nearest;
  }
  return amount;
}

void KeepOneFactPerFigure(std::vector<Finding>& findings, size_t first) {
  const auto loses = [&](const Finding& finding) {
    if (finding.figure == nullptr) return false;
    return std::any_of(findings.begin() + static_cast<std::ptrdiff_t>(first), findings.end(),
                       [&](const Finding& other) {
                         if (other.amount_by_rule && other.amount == finding.figure) return true;
                         return other.figure == finding.figure &&
                                other.relation != finding.relation &&
                                other.confidence > finding.confidence;
                       });
  };
  std::vector<bool> lost;
  for (size_t i = first; i < findings.size(); ++i) lost.push_back(loses(findings[i]));
  size_t kept = first;
  for (size_t i = first; i < findings.size(); ++i) {
    if (lost[i - first]) continue;
    if (kept != i) findings[kept] = std::move(findings[i]);
    ++kept;
  }
  findings.resize(kept);
  // What is left as a value is no sum by mere nearness.
  for (size_t i = first; i < findings.size(); ++i) {
    Finding& event = findings[i];
    if (event.amount == nullptr || event.amount_by_rule) continue;
    for (size_t k = first; k < findings.size(); ++k) {
      if (findings[k].figure != event.amount) continue;
      event.qualifiers.erase("amount");
      event.amount = nullptr;
      break;
    }
  }
}

// The time told for this fact: in its clause, or at the head of the sentence ("Nel 2024, ...").
// A state takes only a time that stands beside it, or one that says since or until when.
const TimeSpan* FindingBuilder::FindTime(const Clauses& clauses, const Match& match) const {
  const std::vector<Unit>& units = clauses.units;
  const auto kind = kinds_.find(match.rule->relation);
  const bool state = kind != kinds_.end() && kind->second == RelationKind::kState;
  const UnitRange clause =
      WithinParentheses(units, match.anchor, ClauseAround(clauses, match.anchor, classes_));
  const std::optional<size_t> figure = UnitOfValue(units, match);
  const TimeSpan* nearest = nullptr;
  size_t distance = 0;
  const auto consider = [&](size_t i, size_t at_distance) {
    if (units[i].kind != Kind::kTime || !units[i].time->period) return;
    if (i > 0 && units[i - 1].Is(compared_)) return;
    if (BelongsToParticiple(units, match, i)) return;
    if (nearest == nullptr || at_distance < distance) {
      nearest = units[i].time;
      distance = at_distance;
    }
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
  if (nearest == nullptr && !state && !enclosed && !units.empty()) {
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

}  // namespace fasti::ingest
