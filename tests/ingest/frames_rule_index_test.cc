#include "tools/ingest/frames/rule_index.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ClassId kClassCount = 12;

Unit WordOf(std::initializer_list<ClassId> classes) {
  Unit unit;
  for (const ClassId id : classes) {
    Sense sense;
    sense.word_class = id;
    unit.senses.push_back(sense);
  }
  return unit;
}

Unit UnitOf(Unit::Kind kind) {
  Unit unit;
  unit.kind = kind;
  return unit;
}

Element ElementOf(Element::Kind kind, std::vector<ClassId> classes = {}) {
  Element element;
  element.kind = kind;
  element.classes = std::move(classes);
  return element;
}

Rule RuleOf(std::vector<Element> elements) {
  Rule rule;
  rule.elements = std::move(elements);
  return rule;
}

bool Takes(const Element& element, const Unit& unit) {
  if (element.kind == Element::Kind::kEntity) return unit.is_reference();
  if (element.kind == Element::Kind::kFigure) return unit.kind == Unit::Kind::kFigure;
  return std::any_of(element.classes.begin(), element.classes.end(),
                     [&](ClassId id) { return unit.Is(id); });
}

// Whether the first element takes units[at], and the others that must be there take later units in
// order: what every match of a rule has, whatever else it asks for.
bool StandsInOrder(const Rule& rule, const std::vector<Unit>& units, size_t at) {
  size_t place = at;
  bool first = true;
  for (const Element& element : rule.elements) {
    if (element.binding != Element::Binding::kHere) continue;
    if (element.optional || element.excluded) continue;
    while (!first && place < units.size() && !Takes(element, units[place])) ++place;
    if (place == units.size() || !Takes(element, units[place])) return false;
    first = false;
    ++place;
  }
  return !first;
}

class RandomReading {
 public:
  explicit RandomReading(uint32_t seed) : random_(seed) {}

  Unit MakeUnit() {
    switch (Below(4)) {
      case 0:
        return UnitOf(Unit::Kind::kReference);
      case 1:
        return UnitOf(Unit::Kind::kFigure);
      default:
        return WordOf({RandomClass(), RandomClass()});
    }
  }

  Rule MakeRule() {
    std::vector<Element> elements = {MakeElement()};
    for (uint32_t more = Below(4); more > 0; --more) {
      Element element = MakeElement();
      element.optional = Below(5) == 0;
      element.excluded = Below(5) == 0;
      if (Below(5) == 0) element.binding = Element::Binding::kClause;
      elements.push_back(std::move(element));
    }
    return RuleOf(std::move(elements));
  }

 private:
  uint32_t Below(uint32_t limit) { return random_() % limit; }
  ClassId RandomClass() { return static_cast<ClassId>(Below(kClassCount)); }

  Element MakeElement() {
    switch (Below(4)) {
      case 0:
        return ElementOf(Element::Kind::kEntity);
      case 1:
        return ElementOf(Element::Kind::kFigure);
      case 2:
        return ElementOf(Element::Kind::kWord, {RandomClass()});
      default:
        return ElementOf(Element::Kind::kWord, {RandomClass(), RandomClass()});
    }
  }

  std::mt19937 random_;
};

TEST(RuleIndexTest, RuleWhoseElementsStandInOrderIsAlwaysACandidate) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomReading reading(seed);
    FrameBook book;
    for (int i = 0; i < 200; ++i) book.rules.push_back(reading.MakeRule());
    std::vector<Unit> units;
    for (int i = 0; i < 12; ++i) units.push_back(reading.MakeUnit());
    const RuleIndex index(book, kClassCount);
    RuleIndex::Candidates candidates(index, units);
    for (size_t at = 0; at < units.size(); ++at) {
      const std::vector<const Rule*>& found = candidates.At(at);
      for (const Rule& rule : book.rules) {
        const auto count = std::count(found.begin(), found.end(), &rule);
        EXPECT_LE(count, 1);
        EXPECT_GE(count, StandsInOrder(rule, units, at) ? 1 : 0) << "unit " << at;
      }
    }
  }
}

TEST(RuleIndexTest, RuleThatLacksAWordAfterItsFirstIsNone) {
  FrameBook book;
  book.rules.push_back(
      RuleOf({ElementOf(Element::Kind::kWord, {1}), ElementOf(Element::Kind::kWord, {2, 3})}));
  const RuleIndex index(book, kClassCount);
  const std::vector<Unit> units = {WordOf({1}), WordOf({3}), WordOf({1})};
  RuleIndex::Candidates candidates(index, units);
  EXPECT_THAT(candidates.At(0), ElementsAre(&book.rules[0]));
  EXPECT_THAT(candidates.At(1), IsEmpty());
  EXPECT_THAT(candidates.At(2), IsEmpty());
}

}  // namespace
}  // namespace fasti::ingest
