#include "engine/graph/attribute_choice.h"

#include <compare>

#include "engine/codec/term.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

// Order of starts: by the earliest possible instant, then by the latest; none comes first.
std::strong_ordering CompareStarts(const Period& a, const Period& b) {
  if (a.has_start() != b.has_start()) return a.has_start() <=> b.has_start();
  if (!a.has_start()) return std::strong_ordering::equal;
  if (a.from != b.from) return a.from <=> b.from;
  return GranuleEnd(a.from, a.from_precision) <=> GranuleEnd(b.from, b.from_precision);
}

}  // namespace

View AttributeView(const View& view) {
  View attributes = view;
  for (ValidTest& test : attributes.valid) {
    Period time = test.scope;
    switch (test.kind) {
      case ValidTest::Kind::kAt:
      case ValidTest::Kind::kDuring:
        break;
      case ValidTest::Kind::kBefore:
        time = {kInstantMin, test.scope.from, Precision::kOpen, test.scope.from_precision};
        if (!test.scope.has_start()) time = Period::Always();
        break;
      case ValidTest::Kind::kAfter:
        time = {test.scope.to, kInstantMax, test.scope.to_precision, Precision::kOpen};
        if (!test.scope.has_end()) time = Period::Always();
        break;
    }
    test = {ValidTest::Kind::kAt, time};
  }
  return attributes;
}

absl::StatusOr<Value> TermValue(const ReadState& state, Term term) {
  if (codec::TagOf(term) != codec::TermTag::kDictionary) return codec::InlineValue(term);
  return state.dictionary.Get(codec::LiteralOf(term), state.own_literals());
}

absl::Status AttributeChoice::Offer(const Fact& fact) {
  if (fact.valid.has_start() && fact.valid.from > began_by_) return absl::OkStatus();
  if (!best_.has_value()) {
    best_ = fact;
    return absl::OkStatus();
  }
  std::weak_ordering order = CompareStarts(fact.valid, best_->valid);
  if (order == 0) order = fact.known_from <=> best_->known_from;
  if (order == 0 && fact.object != best_->object) {
    FASTI_ASSIGN_OR_RETURN(const Value value, TermValue(state_, fact.object));
    FASTI_ASSIGN_OR_RETURN(const Value best_value, TermValue(state_, best_->object));
    order = ValueOrder(value, best_value);
  }
  if (order > 0) best_ = fact;
  return absl::OkStatus();
}

absl::StatusOr<Value> AttributeChoice::Choose() const {
  if (!best_.has_value()) return Value();
  return TermValue(state_, best_->object);
}

}  // namespace fasti::graph
