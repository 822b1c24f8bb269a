// Operators and what stands after an operand: the methods of StatementParser from ParseExpression
// down to ParsePostfix.

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "fasti/status_macros.h"
#include "query/parse/statement_parser.h"
#include "query/parse/syntax_error.h"
#include "query/parse/walk.h"

namespace fasti {

using ast::ExpressionPtr;

absl::StatusOr<ExpressionPtr> StatementParser::Make(const ast::Position& position,
                                                    ast::Expression::Node node) {
  auto expression = std::make_unique<ast::Expression>();
  expression->node = std::move(node);
  expression->position = position;
  ast::ForEachChild(*expression, [&](const ast::Expression& child) {
    expression->height = std::max(expression->height, child.height + 1);
  });
  if (expression->height > ast::kHeightMax) {
    return CompileError(
        "LimitError.Depth", position,
        absl::StrCat("expected at most ", ast::kHeightMax, " levels in an expression, found more"));
  }
  return expression;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseExpression() {
  // Before the tree is made: its height is bounded by Make, the stack of this parser here.
  if (depth_ == ast::kHeightMax) {
    return CompileError(
        "LimitError.Depth", tokens_.Peek().position,
        absl::StrCat("expected at most ", ast::kHeightMax, " levels of nesting, found more"));
  }
  ++depth_;
  absl::StatusOr<ExpressionPtr> expression = ParseOr();
  --depth_;
  return expression;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseLogical(absl::string_view word,
                                                            ast::LogicalOperator op, Rule operand) {
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr first, (this->*operand)());
  if (!tokens_.IsWord(word)) return first;
  const ast::Position position = first->position;
  ast::Logical logical;
  logical.op = op;
  logical.operands.push_back(std::move(first));
  while (tokens_.AcceptWord(word)) {
    FASTI_ASSIGN_OR_RETURN(ExpressionPtr next, (this->*operand)());
    logical.operands.push_back(std::move(next));
  }
  return Make(position, std::move(logical));
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseOr() {
  return ParseLogical("OR", ast::LogicalOperator::kOr, &StatementParser::ParseXor);
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseXor() {
  return ParseLogical("XOR", ast::LogicalOperator::kXor, &StatementParser::ParseAnd);
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseAnd() {
  return ParseLogical("AND", ast::LogicalOperator::kAnd, &StatementParser::ParseNot);
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseNot() {
  std::vector<ast::Position> places;
  while (tokens_.IsWord("NOT")) places.push_back(tokens_.Take().position);
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr operand, ParseComparison());
  for (; !places.empty(); places.pop_back()) {
    FASTI_ASSIGN_OR_RETURN(
        operand, Make(places.back(), ast::Unary{ast::UnaryOperator::kNot, std::move(operand)}));
  }
  return operand;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseComparison() {
  using ast::ComparisonOperator;
  constexpr std::pair<absl::string_view, ComparisonOperator> kOperators[] = {
      {"=", ComparisonOperator::kEqual},   {"<>", ComparisonOperator::kNotEqual},
      {"<", ComparisonOperator::kLess},    {"<=", ComparisonOperator::kLessOrEqual},
      {">", ComparisonOperator::kGreater}, {">=", ComparisonOperator::kGreaterOrEqual},
  };
  const auto accept = [&](ast::Comparison* comparison) {
    for (const auto& [symbol, op] : kOperators) {
      if (tokens_.AcceptSymbol(symbol)) {
        comparison->ops.push_back(op);
        return true;
      }
    }
    return false;
  };
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr first, ParseTest());
  const ast::Position position = first->position;
  ast::Comparison comparison;
  while (accept(&comparison)) {
    FASTI_ASSIGN_OR_RETURN(ExpressionPtr next, ParseTest());
    comparison.operands.push_back(std::move(next));
  }
  if (comparison.ops.empty()) return first;
  comparison.operands.insert(comparison.operands.begin(), std::move(first));
  return Make(position, std::move(comparison));
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseTest() {
  using ast::BinaryOperator;
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr left, ParseSum());
  const ast::Position position = left->position;
  while (true) {
    if (tokens_.AcceptWord("IS")) {
      const bool negated = tokens_.AcceptWord("NOT");
      FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("NULL"));
      FASTI_ASSIGN_OR_RETURN(left,
                             Make(position, ast::Unary{negated ? ast::UnaryOperator::kIsNotNull
                                                               : ast::UnaryOperator::kIsNull,
                                                       std::move(left)}));
      continue;
    }
    ast::Binary test;
    if (tokens_.AcceptWord("IN")) {
      test.op = BinaryOperator::kIn;
    } else if (tokens_.AcceptWord("CONTAINS")) {
      test.op = BinaryOperator::kContains;
    } else if (tokens_.IsWord("STARTS") || tokens_.IsWord("ENDS")) {
      test.op = tokens_.IsWord("STARTS") ? BinaryOperator::kStartsWith : BinaryOperator::kEndsWith;
      tokens_.Take();
      FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("WITH"));
    } else if (tokens_.AcceptWord("OVERLAPS")) {
      test.op = BinaryOperator::kOverlaps;
    } else if (tokens_.AcceptWord("DURING")) {
      test.op = BinaryOperator::kDuring;
    } else if (tokens_.AcceptWord("BEFORE")) {
      test.op = BinaryOperator::kBefore;
    } else if (tokens_.AcceptWord("AFTER")) {
      test.op = BinaryOperator::kAfter;
    } else {
      return left;
    }
    test.left = std::move(left);
    FASTI_ASSIGN_OR_RETURN(test.right, ParseSum());
    const bool ordered = test.op == BinaryOperator::kBefore || test.op == BinaryOperator::kAfter;
    if (ordered && tokens_.AcceptWord("WITHIN")) {
      FASTI_ASSIGN_OR_RETURN(test.within, ParseSum());
    }
    FASTI_ASSIGN_OR_RETURN(left, Make(position, std::move(test)));
  }
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseBinary(
    absl::Span<const SymbolOperator> operators, Rule operand) {
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr left, (this->*operand)());
  const ast::Position position = left->position;
  while (true) {
    const auto* found =
        std::find_if(operators.begin(), operators.end(),
                     [&](const SymbolOperator& o) { return tokens_.AcceptSymbol(o.symbol); });
    if (found == operators.end()) return left;
    FASTI_ASSIGN_OR_RETURN(ExpressionPtr right, (this->*operand)());
    FASTI_ASSIGN_OR_RETURN(
        left, Make(position, ast::Binary{found->op, std::move(left), std::move(right), nullptr}));
  }
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseSum() {
  static constexpr SymbolOperator kOperators[] = {{"+", ast::BinaryOperator::kAdd},
                                                  {"-", ast::BinaryOperator::kSubtract}};
  return ParseBinary(kOperators, &StatementParser::ParseProduct);
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseProduct() {
  static constexpr SymbolOperator kOperators[] = {{"*", ast::BinaryOperator::kMultiply},
                                                  {"/", ast::BinaryOperator::kDivide},
                                                  {"%", ast::BinaryOperator::kModulo}};
  return ParseBinary(kOperators, &StatementParser::ParsePower);
}

absl::StatusOr<ExpressionPtr> StatementParser::ParsePower() {
  static constexpr SymbolOperator kOperators[] = {{"^", ast::BinaryOperator::kPower}};
  return ParseBinary(kOperators, &StatementParser::ParseUnary);
}

// The least integer has no positive counterpart, so its sign belongs to the literal.
bool StatementParser::AtLeastInteger() const {
  constexpr uint64_t kLeast = uint64_t{1} << 63;
  return tokens_.IsSymbol("-") && tokens_.Peek(1).kind == TokenKind::kInteger &&
         IntegerValue(tokens_.Peek(1).text) == kLeast;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseUnary() {
  std::vector<std::pair<ast::UnaryOperator, ast::Position>> signs;
  while ((tokens_.IsSymbol("+") || tokens_.IsSymbol("-")) && !AtLeastInteger()) {
    const Token& sign = tokens_.Take();
    signs.emplace_back(sign.text == "-" ? ast::UnaryOperator::kMinus : ast::UnaryOperator::kPlus,
                       sign.position);
  }
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr operand,
                         AtLeastInteger() ? ParseLeastInteger() : ParsePostfix());
  for (; !signs.empty(); signs.pop_back()) {
    const auto& [op, position] = signs.back();
    FASTI_ASSIGN_OR_RETURN(operand, Make(position, ast::Unary{op, std::move(operand)}));
  }
  return operand;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseLeastInteger() {
  const ast::Position position = tokens_.Take().position;
  tokens_.Take();
  return Make(position, ast::Literal{Value(std::numeric_limits<int64_t>::min())});
}

absl::StatusOr<ExpressionPtr> StatementParser::ParsePostfix() {
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr object, ParseAtom());
  const ast::Position position = object->position;
  while (true) {
    if (tokens_.AcceptSymbol(".")) {
      FASTI_ASSIGN_OR_RETURN(std::string key, ParseKey("the name of a property after '.'"));
      FASTI_ASSIGN_OR_RETURN(object,
                             Make(position, ast::Property{std::move(object), std::move(key)}));
    } else if (tokens_.IsSymbol("[")) {
      FASTI_ASSIGN_OR_RETURN(object, ParseSubscript(std::move(object)));
    } else {
      break;
    }
  }
  if (!tokens_.IsSymbol(":")) return object;
  FASTI_ASSIGN_OR_RETURN(ast::Labels labels, ParseLabels());
  return Make(position, ast::HasLabels{std::move(object), std::move(labels)});
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseSubscript(ExpressionPtr object) {
  const ast::Position position = object->position;
  tokens_.Take();
  ExpressionPtr first;
  if (!tokens_.IsSymbol("..")) {
    FASTI_ASSIGN_OR_RETURN(first, ParseExpression());
    if (tokens_.AcceptSymbol("]")) {
      return Make(position, ast::Subscript{std::move(object), std::move(first)});
    }
  }
  if (!tokens_.AcceptSymbol("..")) return tokens_.Unexpected("']' or '..'");
  ExpressionPtr last;
  if (!tokens_.IsSymbol("]")) {
    FASTI_ASSIGN_OR_RETURN(last, ParseExpression());
  }
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol("]"));
  return Make(position, ast::Slice{std::move(object), std::move(first), std::move(last)});
}

absl::StatusOr<std::vector<ExpressionPtr>> StatementParser::ParseExpressions() {
  std::vector<ExpressionPtr> expressions;
  do {
    FASTI_ASSIGN_OR_RETURN(ExpressionPtr expression, ParseExpression());
    expressions.push_back(std::move(expression));
  } while (tokens_.AcceptSymbol(","));
  return expressions;
}

}  // namespace fasti
