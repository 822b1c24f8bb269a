#include "tools/ingest/frames/extract.h"

#include <algorithm>
#include <utility>

#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

// How often the article names what it is about, at least.
constexpr uint32_t kMentionsOfMain = 3;

size_t Distance(const Match& match, size_t at) {
  if (at < match.begin) return match.begin - at;
  return at < match.end ? 0 : at - match.end + 1;
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

// Of this fact, or of another that the same words tell: "a venture of A, B and C".
bool IsParty(const Match& match, uint32_t entity) {
  return std::any_of(match.fillers.begin(), match.fillers.end(), [&](const auto& filler) {
    const std::vector<uint32_t>& entities = filler.second.entities;
    return std::find(entities.begin(), entities.end(), entity) != entities.end();
  });
}

}  // namespace

FindingBuilder::FindingBuilder(const FrameBook& book, const Lexicon& lexicon,
                               const CoreClasses& classes, const Kinds& kinds)
    : book_(book),
      classes_(classes),
      kinds_(kinds),
      scope_(lexicon, classes),
      times_(lexicon, classes) {}

void FindingBuilder::Build(const Clauses& clauses, const Names& names, const Match& match,
                           std::vector<Finding>& findings) const {
  const auto subject = match.fillers.find("subject");
  if (subject == match.fillers.end()) return;
  const auto object = match.fillers.find("object");
  const auto value = match.fillers.find("value");

  Finding finding;
  finding.relation = match.rule->relation;
  finding.rule = match.rule->name;
  finding.sentence = clauses.sentence;
  const auto found = kinds_.find(finding.relation);
  const RelationKind kind = found == kinds_.end() ? RelationKind::kEvent : found->second;
  if (!match.rule->timeless) finding.time = times_.Find(clauses, match, kind);
  const Scope scope = scope_.Read(clauses, match.anchor, match.verbs,
                                  UnitOfValue(clauses.units, match), kind == RelationKind::kState);
  if (scope.supposed) return;
  finding.modality = scope.modality;
  if (scope.source) finding.qualifiers.emplace("source", Value(names.entities[*scope.source].name));
  for (const auto& [name, text] : match.rule->constants) {
    finding.qualifiers.insert_or_assign(name, Value(text));
  }
  for (const auto& [name, text] : match.captures) {
    finding.qualifiers.insert_or_assign(name, Value(text));
  }
  for (const auto& [slot, filler] : match.fillers) {
    if (slot.empty() || slot == "subject" || slot == "object" || slot == "value") continue;
    if (filler.figure != nullptr) {
      finding.qualifiers.insert_or_assign(slot, Value(filler.figure->quantity));
    } else {
      finding.qualifiers.insert_or_assign(slot, Value(names.entities[filler.entities[0]].name));
    }
  }
  TakeFigures(clauses, match, finding);
  if (const auto amount = match.fillers.find("amount"); amount != match.fillers.end()) {
    finding.amount = amount->second.figure;
    finding.amount_by_rule = true;
  }
  if (value != match.fillers.end()) {
    finding.value = value->second.figure->quantity;
    finding.figure = value->second.figure;
    if (finding.qualifiers.erase("sign") > 0) finding.value = Negated(*finding.value);
    // "; measure=@item": what is counted names the measure.
    const auto measure = match.rule->constants.find("measure");
    if (measure != match.rule->constants.end() && measure->second == "@item") {
      finding.qualifiers.insert_or_assign("measure", Value(value->second.figure->item));
    }
    if (value->second.figure->unit_inferred) {
      finding.qualifiers.emplace("unit_inferred", Value(true));
    }
  }

  const std::vector<uint32_t>& subjects = subject->second.entities;
  if (object == match.fillers.end()) {
    for (uint32_t entity : subjects) {
      finding.subject = entity;
      Weigh(clauses, names, match, finding);
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
      Weigh(clauses, names, match, finding);
      findings.push_back(finding);
    }
  }
}

void FindingBuilder::Weigh(const Clauses& clauses, const Names& names, const Match& match,
                           Finding& finding) {
  Evidence& evidence = finding.evidence;
  evidence.fit = match.certainty;
  evidence.rare = evidence.others = 0;
  // In a text of few lines everybody is named once, and it is about nobody.
  const bool has_main =
      std::any_of(names.entities.begin(), names.entities.end(),
                  [](const NamedEntity& entity) { return entity.mentions >= kMentionsOfMain; });
  const auto weigh_party = [&](uint32_t party) {
    const NamedEntity& entity = names.entities[party];
    evidence.rare += has_main && entity.mentions == 1;
  };
  weigh_party(finding.subject);
  if (finding.object) weigh_party(*finding.object);
  for (const auto& [slot, filler] : match.fillers) {
    if (slot != "subject" && slot != "object") continue;
    evidence.off_topic |= has_main && filler.off_topic;
    evidence.contested |= filler.contested;
  }
  evidence.asserted = finding.modality == Modality::kAsserted;
  for (const Unit& unit : clauses.units) {
    if (!unit.is_reference() || unit.reference != Reference::kName) continue;
    if (IsParty(match, unit.entities.front())) continue;
    evidence.others += unit.type == EntityType::kOrganization || unit.type == EntityType::kUnknown;
  }
}

void FindingBuilder::TakeFigures(const Clauses& clauses, const Match& match,
                                 Finding& finding) const {
  const auto takes = book_.takes.find(match.rule->relation);
  if (takes == book_.takes.end()) return;
  const UnitRange clause = ClauseAround(clauses, match.anchor, classes_);
  for (const Take& take : takes->second) {
    if (finding.qualifiers.contains(take.qualifier)) continue;
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
    finding.qualifiers.emplace(take.qualifier, Value(nearest->quantity));
    if (take.qualifier != "amount") continue;
    finding.amount = nearest;
    finding.amount_distance = distance;
  }
}

namespace {

// Of one relation, whose figures say what they measure: "delivered 4,200 vehicles" is not told as
// deliveries and as vehicles.
bool IsOtherMeasure(const Finding& a, const Finding& b) {
  const auto measure = [](const Finding& finding) {
    const auto found = finding.qualifiers.find("measure");
    return found == finding.qualifiers.end() ? std::string() : FormatValue(found->second);
  };
  return a.relation == b.relation && a.subject == b.subject && measure(a) != measure(b);
}

// Whether the sum that `event` took by nearness stands nearer to another event: "the investment of
// 5 million in X is the largest since the takeover of Y".
bool IsRatherSumOf(const Finding& other, const Finding& event) {
  if (other.amount != event.amount) return false;
  if (other.subject == event.subject && other.object == event.object) return false;
  return other.amount_by_rule || other.amount_distance < event.amount_distance;
}

}  // namespace

void KeepOneFactPerFigure(std::vector<Finding>& findings, size_t first) {
  const auto loses = [&](size_t i) {
    const Finding& finding = findings[i];
    if (finding.figure == nullptr) return false;
    for (size_t k = first; k < findings.size(); ++k) {
      const Finding& other = findings[k];
      if (other.amount_by_rule && other.amount == finding.figure) return true;
      if (other.figure != finding.figure) continue;
      const double lead = other.evidence.fit - finding.evidence.fit;
      if (lead > 0 && (other.relation != finding.relation || other.subject != finding.subject)) {
        return true;
      }
      if (IsOtherMeasure(other, finding) && lead == 0 && k < i) return true;
    }
    return false;
  };
  std::vector<bool> lost;
  for (size_t i = first; i < findings.size(); ++i) lost.push_back(loses(i));
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
      if (findings[k].figure != event.amount && !IsRatherSumOf(findings[k], event)) continue;
      event.qualifiers.erase("amount");
      event.amount = nullptr;
      break;
    }
  }
}

}  // namespace fasti::ingest
