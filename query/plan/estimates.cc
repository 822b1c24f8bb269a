#include "query/plan/estimates.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/types/span.h"
#include "engine/graph/label_term.h"

namespace fasti::plan {

namespace {

// What a value of which nothing is known is thought to select.
constexpr double kRowsOfUnknownValue = 10;
// The part of all facts that a time selects which is only known when the statement runs.
constexpr double kPartOfUnknownTime = 0.1;
// A few entities tell a hub from a leaf; each costs a seek for every relation asked about.
constexpr size_t kSample = 8;

Pattern OfRelation(RelationId relation) {
  Pattern pattern;
  pattern.relations = {relation};
  return pattern;
}

std::optional<ValidTest::Kind> ValidTestOf(ViewSpec::Axis axis) {
  switch (axis) {
    case ViewSpec::Axis::kAt:
      return ValidTest::Kind::kAt;
    case ViewSpec::Axis::kDuring:
      return ValidTest::Kind::kDuring;
    case ViewSpec::Axis::kBefore:
      return ValidTest::Kind::kBefore;
    case ViewSpec::Axis::kAfter:
      return ValidTest::Kind::kAfter;
    case ViewSpec::Axis::kAsOf:
    case ViewSpec::Axis::kAsRecorded:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

double Estimates::Entities() const {
  if (!entities_.has_value()) entities_ = Count(OfRelation(kExists));
  return *entities_;
}

double Estimates::WithLabel(const std::string& label) const {
  const std::optional<LabelInfo> info = snapshot_.FindLabel(label);
  if (!info.has_value()) return 0;
  Pattern pattern = OfRelation(kLabel);
  pattern.object = graph::LabelTerm(info->id);
  return Count(pattern);
}

double Estimates::WithAttribute(const std::string& key, const Expression& value) const {
  const std::optional<RelationInfo> info = snapshot_.FindAttribute(key);
  if (!info.has_value()) return 0;
  if (value.kind != Expression::Kind::kConstant) return kRowsOfUnknownValue;
  const absl::StatusOr<std::optional<Term>> term = snapshot_.FindTerm(value.constant);
  if (!term.ok()) return kRowsOfUnknownValue;
  if (!term->has_value()) return 0;
  Pattern pattern = OfRelation(info->id);
  pattern.object = **term;
  return Count(pattern);
}

double Estimates::Facts(const RelationFilter& filter, const ViewPtr& view) const {
  std::optional<Pattern> pattern = PatternOf(filter);
  if (!pattern.has_value()) return 0;
  double part = 1;
  if (view != nullptr) {
    for (const ViewSpec::Scope& scope : view->scopes) {
      const std::optional<ValidTest::Kind> test = ValidTestOf(scope.axis);
      if (!test.has_value()) continue;
      const Expression& operand = *scope.operand;
      if (operand.kind == Expression::Kind::kConstant &&
          operand.constant.is(Value::Kind::kPeriod) && !pattern->relations.empty()) {
        pattern->view.valid.push_back({*test, operand.constant.as_period()});
      } else {
        part *= kPartOfUnknownTime;
      }
    }
  }
  return part * Count(*pattern);
}

std::vector<EntityId> Estimates::SampleWithLabel(const std::string& label) const {
  const std::optional<LabelInfo> info = snapshot_.FindLabel(label);
  if (!info.has_value()) return {};
  Pattern pattern = OfRelation(kLabel);
  pattern.object = graph::LabelTerm(info->id);
  return Subjects(pattern);
}

std::vector<EntityId> Estimates::SampleWithAttribute(const std::string& key,
                                                     const Value& value) const {
  const std::optional<RelationInfo> info = snapshot_.FindAttribute(key);
  if (!info.has_value()) return {};
  const absl::StatusOr<std::optional<Term>> term = snapshot_.FindTerm(value);
  if (!term.ok() || !term->has_value()) return {};
  Pattern pattern = OfRelation(info->id);
  pattern.object = **term;
  return Subjects(pattern);
}

double Estimates::Degree(const RelationFilter& filter, Direction direction,
                         const std::vector<EntityId>& sample) const {
  std::optional<Pattern> pattern = PatternOf(filter);
  if (!pattern.has_value()) return 0;
  if (sample.empty()) {
    const double degree = Count(*pattern) / std::max(1.0, Entities());
    return direction == Direction::kBoth ? 2 * degree : degree;
  }
  double facts = 0;
  for (const EntityId entity : sample) {
    if (direction != Direction::kIn) {
      pattern->subject = entity;
      facts += Count(*pattern);
      pattern->subject.reset();
    }
    if (direction != Direction::kOut) {
      pattern->object = Term::Entity(entity);
      facts += Count(*pattern);
      pattern->object.reset();
    }
  }
  return facts / static_cast<double>(sample.size());
}

std::optional<Pattern> Estimates::PatternOf(const RelationFilter& filter) const {
  Pattern pattern;
  if (filter.any_attribute) {
    pattern.relationships = false;
    pattern.attributes = true;
  }
  for (const RelationName& name : filter.names) {
    const std::optional<RelationInfo> info =
        name.is_attribute ? snapshot_.FindAttribute(name.name) : snapshot_.FindRelation(name.name);
    if (info.has_value()) pattern.relations.push_back(info->id);
  }
  if (!filter.names.empty() && pattern.relations.empty() && !filter.any_attribute) {
    return std::nullopt;
  }
  return pattern;
}

double Estimates::Count(const Pattern& pattern) const {
  return static_cast<double>(snapshot_.EstimateFacts(pattern));
}

std::vector<EntityId> Estimates::Subjects(const Pattern& pattern) const {
  const absl::StatusOr<std::unique_ptr<EndsCursor>> cursor = snapshot_.ScanEnds(pattern);
  if (!cursor.ok()) return {};
  std::array<FactEnds, kSample> ends;
  const absl::StatusOr<size_t> count = (*cursor)->Next(absl::MakeSpan(ends));
  if (!count.ok()) return {};
  std::vector<EntityId> subjects;
  for (size_t i = 0; i < *count; ++i) subjects.push_back(ends[i].subject);
  return subjects;
}

}  // namespace fasti::plan
