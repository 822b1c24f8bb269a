// What an expression is made of in the end: the methods of StatementParser from ParseAtom down.

#include <array>
#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fasti/status_macros.h"
#include "query/parse/pattern_shape.h"
#include "query/parse/statement_parser.h"
#include "query/parse/syntax_error.h"

namespace fasti {

using ast::ExpressionPtr;

absl::StatusOr<ExpressionPtr> StatementParser::ParseAtom() {
  const Token& token = tokens_.Peek();
  switch (token.kind) {
    case TokenKind::kInteger:
      return ParseInteger();
    case TokenKind::kFloat:
      return ParseFloat();
    case TokenKind::kBadNumber:
      return tokens_.Unexpected("a number", "InvalidNumberLiteral");
    case TokenKind::kString:
      tokens_.Take();
      return Make(token.position, ast::Literal{Value(token.text)});
    case TokenKind::kTime:
      return ParseTime();
    case TokenKind::kParameter:
      tokens_.Take();
      return Make(token.position, ast::Parameter{token.text});
    case TokenKind::kWord:
    case TokenKind::kQuoted:
      return ParseWordAtom();
    case TokenKind::kSymbol:
      if (token.text == "(") return ParseParenthesis();
      if (token.text == "[") return ParseBracket();
      if (token.text == "{") return ParseMap();
      break;
    case TokenKind::kEnd:
      break;
  }
  return tokens_.Unexpected("an expression");
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseInteger() {
  const Token& token = tokens_.Take();
  const std::optional<uint64_t> value = IntegerValue(token.text);
  constexpr auto kGreatest = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (!value.has_value() || *value > kGreatest) {
    return SyntaxError("IntegerOverflow", token.position,
                       absl::StrCat("expected an integer of 64 bits, found ", token.text));
  }
  return Make(token.position, ast::Literal{Value(static_cast<int64_t>(*value))});
}

absl::StatusOr<uint64_t> StatementParser::ParseCount() {
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr literal, ParseInteger());
  return static_cast<uint64_t>(literal->As<ast::Literal>()->value.as_int());
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseFloat() {
  const Token& token = tokens_.Take();
  double value = 0;
  if (!absl::SimpleAtod(absl::StrReplaceAll(token.text, {{"_", ""}}), &value)) {
    return SyntaxError("InvalidNumberLiteral", token.position,
                       absl::StrCat("expected a number, found '", token.text, "'"));
  }
  if (std::isinf(value)) {
    return SyntaxError("FloatingPointOverflow", token.position,
                       absl::StrCat("expected a float of 64 bits, found ", token.text));
  }
  return Make(token.position, ast::Literal{Value(value)});
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseTime() {
  const Token& token = tokens_.Take();
  if (token.text == "now") return Make(token.position, ast::Now{});
  const auto invalid = [&](const absl::Status& status) {
    return SyntaxError("InvalidTimeLiteral", token.position,
                       absl::StrCat("@", token.text, ": ", status.message()));
  };
  if (absl::StartsWith(token.text, "P")) {
    const absl::StatusOr<Duration> duration = ParseDuration(token.text);
    if (!duration.ok()) return invalid(duration.status());
    return Make(token.position, ast::Literal{Value(*duration)});
  }
  const absl::StatusOr<Period> period = ParsePeriod(token.text);
  if (!period.ok()) return invalid(period.status());
  return Make(token.position, ast::Literal{Value(*period)});
}

// A word is what the tokens after it make of it, and a name if they make nothing else of it.
absl::StatusOr<ExpressionPtr> StatementParser::ParseWordAtom() {
  if (tokens_.IsWord("EXISTS") && tokens_.IsSymbol("{", 1)) return ParseExists();
  if (tokens_.IsWord("CASE")) return ParseCase();
  if (AtQuantifier()) return ParseQuantifier();
  if (AtCall()) return ParseCall();
  const Token& token = tokens_.Peek();
  const std::array<std::pair<absl::string_view, Value>, 3> constants = {
      {{"TRUE", Value(true)}, {"FALSE", Value(false)}, {"NULL", Value()}}};
  for (const auto& [word, value] : constants) {
    if (tokens_.AcceptWord(word)) return Make(token.position, ast::Literal{value});
  }
  if (!tokens_.IsName()) return tokens_.Unexpected("an expression");
  tokens_.Take();
  return Make(token.position, ast::Variable{token.text});
}

// `name(` or `space.name(`
bool StatementParser::AtCall() const {
  size_t ahead = 1;
  while (tokens_.IsSymbol(".", ahead) && tokens_.IsKey(ahead + 1)) ahead += 2;
  return tokens_.IsSymbol("(", ahead);
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseCall() {
  const ast::Position position = tokens_.Peek().position;
  ast::Call call;
  call.written = tokens_.Take().text;
  while (tokens_.AcceptSymbol(".")) absl::StrAppend(&call.written, ".", tokens_.Take().text);
  call.name = absl::AsciiStrToLower(call.written);
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol("("));
  call.star = tokens_.AcceptSymbol("*");
  if (!call.star) {
    call.distinct = tokens_.AcceptWord("DISTINCT");
    if (!tokens_.IsSymbol(")")) {
      FASTI_ASSIGN_OR_RETURN(call.arguments, ParseExpressions());
    }
  }
  if (!tokens_.AcceptSymbol(")")) {
    return tokens_.Unexpected(call.star ? "')' after '*'" : "',' or ')'");
  }
  if (tokens_.IsWord("OVER")) {
    FASTI_ASSIGN_OR_RETURN(ast::Window window, ParseWindow());
    call.over = std::make_unique<ast::Window>(std::move(window));
  }
  return Make(position, std::move(call));
}

absl::StatusOr<ast::Window> StatementParser::ParseWindow() {
  ast::Window window;
  window.position = tokens_.Take().position;
  if (!tokens_.AcceptSymbol("(")) return tokens_.Unexpected("'(' after OVER");
  if (tokens_.AcceptWord("PARTITION")) {
    FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("BY"));
    FASTI_ASSIGN_OR_RETURN(window.partition_by, ParseExpressions());
  }
  if (tokens_.AcceptWord("ORDER")) {
    FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("BY"));
    FASTI_ASSIGN_OR_RETURN(window.order_by, ParseSortItems());
  }
  if (tokens_.IsWord("ROWS") || tokens_.IsWord("RANGE")) {
    ast::Window::Frame frame;
    frame.unit = tokens_.IsWord("ROWS") ? ast::Window::Unit::kRows : ast::Window::Unit::kRange;
    tokens_.Take();
    FASTI_ASSIGN_OR_RETURN(frame.preceding, ParseSum());
    FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("PRECEDING"));
    window.frame = std::move(frame);
  }
  if (!tokens_.AcceptSymbol(")")) {
    return tokens_.Unexpected("PARTITION BY, ORDER BY, ROWS, RANGE or ')'");
  }
  return window;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseCase() {
  const ast::Position position = tokens_.Take().position;
  ast::Case result;
  if (!tokens_.IsWord("WHEN")) {
    FASTI_ASSIGN_OR_RETURN(result.operand, ParseExpression());
  }
  if (!tokens_.IsWord("WHEN")) return tokens_.Unexpected("WHEN");
  while (tokens_.AcceptWord("WHEN")) {
    ast::CaseBranch branch;
    FASTI_ASSIGN_OR_RETURN(branch.when, ParseExpression());
    FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("THEN"));
    FASTI_ASSIGN_OR_RETURN(branch.then, ParseExpression());
    result.branches.push_back(std::move(branch));
  }
  if (tokens_.AcceptWord("ELSE")) {
    FASTI_ASSIGN_OR_RETURN(result.otherwise, ParseExpression());
  }
  if (!tokens_.AcceptWord("END")) {
    return tokens_.Unexpected(result.otherwise == nullptr ? "WHEN, ELSE or END" : "END");
  }
  return Make(position, std::move(result));
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseExists() {
  const ast::Position position = tokens_.Take().position;
  tokens_.Take();
  ast::Exists exists;
  const bool names_path = tokens_.IsName() && tokens_.IsSymbol("=", 1);
  if (!names_path && (AtClause() || AtScope())) {
    FASTI_ASSIGN_OR_RETURN(ast::Query query, ParseQuery());
    exists.query = std::make_unique<ast::Query>(std::move(query));
  } else {
    FASTI_ASSIGN_OR_RETURN(exists.pattern, ParsePattern());
    FASTI_RETURN_IF_ERROR(CountNodes(exists.pattern));
    FASTI_ASSIGN_OR_RETURN(exists.view, ParseView());
    FASTI_ASSIGN_OR_RETURN(exists.where, ParseOptionalWhere());
  }
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol("}"));
  return Make(position, std::move(exists));
}

// `all(x IN ...)`; a second argument makes it an ordinary call.
bool StatementParser::AtQuantifier() const {
  for (absl::string_view word : {"ALL", "ANY", "NONE", "SINGLE"}) {
    if (tokens_.IsWord(word)) {
      return tokens_.IsSymbol("(", 1) && tokens_.IsName(2) && tokens_.IsWord("IN", 3) &&
             tokens_.Directly(",", tokens_.index() + 1).empty();
    }
  }
  return false;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseQuantifier() {
  using ast::QuantifierKind;
  const Token& word = tokens_.Take();
  tokens_.Take();
  ast::Quantifier quantifier;
  quantifier.kind = absl::EqualsIgnoreCase(word.text, "ALL")    ? QuantifierKind::kAll
                    : absl::EqualsIgnoreCase(word.text, "ANY")  ? QuantifierKind::kAny
                    : absl::EqualsIgnoreCase(word.text, "NONE") ? QuantifierKind::kNone
                                                                : QuantifierKind::kSingle;
  FASTI_ASSIGN_OR_RETURN(quantifier.variable, ParseName("a variable"));
  tokens_.Take();
  FASTI_ASSIGN_OR_RETURN(quantifier.list, ParseExpression());
  FASTI_ASSIGN_OR_RETURN(quantifier.where, ParseOptionalWhere());
  if (!tokens_.AcceptSymbol(")")) {
    return tokens_.Unexpected(quantifier.where == nullptr ? "WHERE or ')'" : "')'");
  }
  return Make(word.position, std::move(quantifier));
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseParenthesis() {
  if (LooksLikePath(tokens_, tokens_.index())) {
    FASTI_ASSIGN_OR_RETURN(ast::Chain chain, ParseChain(/*in_expression=*/true));
    FASTI_RETURN_IF_ERROR(CountNodes(chain));
    const ast::Position position = chain.position;
    return Make(position, ast::PatternPredicate{std::move(chain)});
  }
  const ast::Position position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr expression, ParseExpression());
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol(")"));
  expression->position = position;
  return expression;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseBracket() {
  const size_t open = tokens_.index();
  if (LooksLikePatternComprehension(tokens_, open)) {
    return TryProjectionBars(open, /*projection_optional=*/false,
                             &StatementParser::ParsePatternComprehension);
  }
  // `[x IN a, y IN b]` is a list of two conditions.
  if (tokens_.IsName(1) && tokens_.IsWord("IN", 2) && tokens_.Directly(",", open).empty()) {
    return TryProjectionBars(open, /*projection_optional=*/true,
                             &StatementParser::ParseListComprehension);
  }
  return ParseListLiteral();
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseListLiteral() {
  const ast::Position position = tokens_.Take().position;
  ast::ListLiteral list;
  if (!tokens_.IsSymbol("]")) {
    FASTI_ASSIGN_OR_RETURN(list.elements, ParseExpressions());
  }
  if (!tokens_.AcceptSymbol("]")) return tokens_.Unexpected("',' or ']'");
  return Make(position, std::move(list));
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseListComprehension() {
  const ast::Position position = tokens_.Take().position;
  ast::ListComprehension comprehension;
  FASTI_ASSIGN_OR_RETURN(comprehension.variable, ParseName("a variable"));
  tokens_.Take();
  FASTI_ASSIGN_OR_RETURN(comprehension.list, ParseExpression());
  FASTI_ASSIGN_OR_RETURN(comprehension.where, ParseOptionalWhere());
  if (tokens_.AcceptSymbol("|")) {
    FASTI_ASSIGN_OR_RETURN(comprehension.projection, ParseExpression());
  }
  if (!tokens_.AcceptSymbol("]")) {
    return tokens_.Unexpected(comprehension.projection == nullptr ? "WHERE, '|' or ']'" : "']'");
  }
  return Make(position, std::move(comprehension));
}

absl::StatusOr<ExpressionPtr> StatementParser::ParsePatternComprehension() {
  const ast::Position position = tokens_.Take().position;
  ast::PatternComprehension comprehension;
  if (tokens_.IsName()) {
    FASTI_ASSIGN_OR_RETURN(comprehension.variable, ParseName("a variable"));
    tokens_.Take();
  }
  FASTI_ASSIGN_OR_RETURN(comprehension.chain, ParseChain(/*in_expression=*/false));
  FASTI_RETURN_IF_ERROR(CountNodes(comprehension.chain));
  FASTI_ASSIGN_OR_RETURN(comprehension.where, ParseOptionalWhere());
  if (!tokens_.AcceptSymbol("|")) return tokens_.Unexpected("'|' before what to collect");
  FASTI_ASSIGN_OR_RETURN(comprehension.projection, ParseExpression());
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol("]"));
  return Make(position, std::move(comprehension));
}

// Which '|' directly inside the bracket may stand before the projection.  One that cannot continue
// `:A|B` is surely it; of a run `:A|B|C` only the last can be.
std::vector<size_t> StatementParser::ProjectionBars(size_t open) const {
  const std::vector<size_t> bars = tokens_.Directly("|", open);
  const auto continues_labels = [&](size_t bar) {
    return tokens_.IsKeyAt(bar - 1) && tokens_.IsKeyAt(bar + 1) &&
           (tokens_.IsSymbolAt(bar - 2, ":") || tokens_.IsSymbolAt(bar - 2, "|"));
  };
  std::vector<size_t> candidates;
  for (size_t i = 0; i < bars.size(); ++i) {
    if (!continues_labels(bars[i])) return {bars[i]};
    const bool run_goes_on = i + 1 < bars.size() && bars[i + 1] == bars[i] + 2;
    if (!run_goes_on) candidates.push_back(bars[i]);
  }
  return candidates;
}

absl::StatusOr<ExpressionPtr> StatementParser::TryProjectionBars(size_t open,
                                                                 bool projection_optional,
                                                                 Rule comprehension) {
  const std::vector<size_t> bars = ProjectionBars(open);
  const size_t matched_nodes = matched_nodes_, union_parts = union_parts_;
  absl::Status first_error;
  for (size_t i = 0; i < bars.size(); ++i) {
    projection_bars_.insert(bars[i]);
    absl::StatusOr<ExpressionPtr> result = (this->*comprehension)();
    projection_bars_.erase(bars[i]);
    if (result.ok()) return result;
    if (first_error.ok()) first_error = result.status();
    const bool last = i + 1 == bars.size() && !projection_optional;
    // Brackets in brackets multiply the readings; no statement made in earnest needs many.
    constexpr uint32_t kSecondReadingsMax = 100;
    if (last || ++second_readings_ > kSecondReadingsMax) return first_error;
    tokens_.Rewind(open);
    matched_nodes_ = matched_nodes;
    union_parts_ = union_parts;
  }
  absl::StatusOr<ExpressionPtr> result = (this->*comprehension)();
  return result.ok() || first_error.ok() ? std::move(result) : first_error;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseMap() {
  const ast::Position position = tokens_.Take().position;
  ast::MapLiteral map;
  if (!tokens_.IsSymbol("}")) {
    do {
      ast::MapEntry entry;
      entry.position = tokens_.Peek().position;
      FASTI_ASSIGN_OR_RETURN(entry.key, ParseKey("a key"));
      if (!tokens_.AcceptSymbol(":")) return tokens_.Unexpected("':' after the key");
      FASTI_ASSIGN_OR_RETURN(entry.value, ParseExpression());
      map.entries.push_back(std::move(entry));
    } while (tokens_.AcceptSymbol(","));
  }
  if (!tokens_.AcceptSymbol("}")) return tokens_.Unexpected("',' or '}'");
  return Make(position, std::move(map));
}

}  // namespace fasti
