#include "query/parse/names.h"

namespace fasti::ast {

absl::string_view NameOf(Selector selector) {
  switch (selector) {
    case Selector::kNone:
      return "";
    case Selector::kSequential:
      return "SEQUENTIAL";
    case Selector::kContinuous:
      return "CONTINUOUS";
    case Selector::kEarliest:
      return "EARLIEST";
    case Selector::kLatest:
      return "LATEST";
    case Selector::kFastest:
      return "FASTEST";
    case Selector::kAnyShortest:
      return "ANY SHORTEST";
    case Selector::kAllShortest:
      return "ALL SHORTEST";
  }
  return "";
}

absl::string_view NameOf(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::kAt:
      return "at";
    case ScopeKind::kDuring:
      return "during";
    case ScopeKind::kBefore:
      return "before";
    case ScopeKind::kAfter:
      return "after";
    case ScopeKind::kAsOf:
      return "as-of";
    case ScopeKind::kAsRecorded:
      return "as-recorded";
  }
  return "";
}

absl::string_view NameOf(QuantifierKind kind) {
  switch (kind) {
    case QuantifierKind::kAll:
      return "all";
    case QuantifierKind::kAny:
      return "any";
    case QuantifierKind::kNone:
      return "none";
    case QuantifierKind::kSingle:
      return "single";
  }
  return "";
}

absl::string_view NameOf(RelationTrait trait) {
  switch (trait) {
    case RelationTrait::kEvent:
      return "event";
    case RelationTrait::kState:
      return "state";
    case RelationTrait::kMetric:
      return "metric";
    case RelationTrait::kSymmetric:
      return "symmetric";
    case RelationTrait::kFunctional:
      return "functional";
    case RelationTrait::kInverse:
      return "inverse";
    case RelationTrait::kUnit:
      return "unit";
    case RelationTrait::kResolve:
      return "resolve";
  }
  return "";
}

absl::string_view NameOf(UnaryOperator op) {
  switch (op) {
    case UnaryOperator::kNot:
      return "not";
    case UnaryOperator::kPlus:
      return "plus";
    case UnaryOperator::kMinus:
      return "minus";
    case UnaryOperator::kIsNull:
      return "is-null";
    case UnaryOperator::kIsNotNull:
      return "is-not-null";
  }
  return "";
}

absl::string_view NameOf(LogicalOperator op) {
  switch (op) {
    case LogicalOperator::kOr:
      return "or";
    case LogicalOperator::kXor:
      return "xor";
    case LogicalOperator::kAnd:
      return "and";
  }
  return "";
}

absl::string_view NameOf(ComparisonOperator op) {
  switch (op) {
    case ComparisonOperator::kEqual:
      return "=";
    case ComparisonOperator::kNotEqual:
      return "<>";
    case ComparisonOperator::kLess:
      return "<";
    case ComparisonOperator::kLessOrEqual:
      return "<=";
    case ComparisonOperator::kGreater:
      return ">";
    case ComparisonOperator::kGreaterOrEqual:
      return ">=";
  }
  return "";
}

absl::string_view NameOf(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return "+";
    case BinaryOperator::kSubtract:
      return "-";
    case BinaryOperator::kMultiply:
      return "*";
    case BinaryOperator::kDivide:
      return "/";
    case BinaryOperator::kModulo:
      return "%";
    case BinaryOperator::kPower:
      return "^";
    case BinaryOperator::kIn:
      return "in";
    case BinaryOperator::kContains:
      return "contains";
    case BinaryOperator::kStartsWith:
      return "starts-with";
    case BinaryOperator::kEndsWith:
      return "ends-with";
    case BinaryOperator::kOverlaps:
      return "overlaps";
    case BinaryOperator::kDuring:
      return "during";
    case BinaryOperator::kBefore:
      return "before";
    case BinaryOperator::kAfter:
      return "after";
  }
  return "";
}

}  // namespace fasti::ast
