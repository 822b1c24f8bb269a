#include "tools/ingest/frames/rule_index.h"

#include <algorithm>
#include <optional>

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

constexpr size_t kKindCount = static_cast<size_t>(Kind::kBreak) + 1;

// The kind of the units that an element takes; absent if its classes tell that.
std::optional<Kind> KindTakenBy(const Element& element) {
  switch (element.kind) {
    case Element::Kind::kWord:
      return std::nullopt;
    case Element::Kind::kVerb:
      return element.classes.empty() ? std::optional<Kind>(Kind::kVerb) : std::nullopt;
    case Element::Kind::kEntity:
      return Kind::kReference;
    case Element::Kind::kFigure:
      return Kind::kFigure;
    case Element::Kind::kTime:
      return Kind::kTime;
    case Element::Kind::kComma:
      return Kind::kComma;
    case Element::Kind::kColon:
      return Kind::kBreak;
    case Element::Kind::kOpen:
      return Kind::kOpen;
    case Element::Kind::kClose:
      return Kind::kClose;
  }
  return std::nullopt;
}

}  // namespace

const Element* FirstElement(const Rule& rule) {
  for (const Element& element : rule.elements) {
    if (element.binding == Element::Binding::kHere) return &element;
  }
  return nullptr;
}

RuleIndex::RuleIndex(const FrameBook& book, size_t class_count)
    : class_count_(class_count), by_feature_(class_count_ + kKindCount) {
  for (const Rule& rule : book.rules) {
    const Element* const first = FirstElement(rule);
    if (first == nullptr) continue;
    Entry entry;
    entry.rule = &rule;
    entry.needs_begin = static_cast<uint32_t>(needs_.size());
    for (const Element& element : rule.elements) {
      const bool needed = element.binding == Element::Binding::kHere && !element.optional &&
                          !element.excluded && &element != first;
      if (needed) AddNeed(element, entry);
    }
    entry.needs_end = static_cast<uint32_t>(needs_.size());
    for (const ClassId id : first->classes) by_feature_[id].push_back(entry);
    if (const auto kind = KindTakenBy(*first)) by_feature_[FeatureOf(*kind)].push_back(entry);
  }
}

void RuleIndex::AddNeed(const Element& element, Entry& entry) {
  const size_t begin = needs_.size();
  needs_.insert(needs_.end(), element.classes.begin(), element.classes.end());
  if (const auto kind = KindTakenBy(element)) needs_.push_back(FeatureOf(*kind));
  if (needs_.size() == begin + 1) entry.bits |= BitOf(needs_.back());
  needs_.push_back(kEndOfChoice);
}

RuleIndex::Candidates::Candidates(const RuleIndex& index, const std::vector<Unit>& units)
    : index_(index), units_(units), bounds_(index.by_feature_.size()), bits_(units.size()) {
  uint64_t bits = 0;
  for (size_t i = units.size(); i-- > 0;) {
    const auto add = [&](Feature feature) {
      bits |= BitOf(feature);
      bounds_[feature] = std::max(bounds_[feature], i + 1);
    };
    for (const Sense& sense : units[i].senses) add(sense.word_class);
    add(index.FeatureOf(units[i].kind));
    bits_[i] = bits;
  }
}

const std::vector<const Rule*>& RuleIndex::Candidates::At(size_t at) {
  rules_.clear();
  const Unit& unit = units_[at];
  for (const Sense& sense : unit.senses) Add(sense.word_class, at);
  // A match begins with a word, an entity or a figure.
  if (unit.is_reference() || unit.kind == Kind::kFigure) Add(index_.FeatureOf(unit.kind), at);
  return rules_;
}

void RuleIndex::Candidates::Add(Feature first, size_t at) {
  for (const Entry& entry : index_.by_feature_[first]) {
    if ((entry.bits & ~bits_[at]) != 0) continue;  // most often
    bool met = true;                               // every choice so far
    bool found = false;                            // one of the present choice
    for (uint32_t i = entry.needs_begin; met && i < entry.needs_end; ++i) {
      if (const Feature need = index_.needs_[i]; need != kEndOfChoice) {
        found |= bounds_[need] > at;
      } else {
        met = found;
        found = false;
      }
    }
    if (met && std::find(rules_.begin(), rules_.end(), entry.rule) == rules_.end()) {
      rules_.push_back(entry.rule);
    }
  }
}

}  // namespace fasti::ingest
