// Patterns and views: the methods of StatementParser below ParsePattern and ParseView.

#include <array>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/parse/pattern_shape.h"
#include "query/parse/statement_parser.h"

namespace fasti {

using ast::ExpressionPtr;

absl::StatusOr<ast::Pattern> StatementParser::ParsePattern() {
  ast::Pattern pattern;
  do {
    FASTI_ASSIGN_OR_RETURN(ast::PathPattern path, ParsePath());
    pattern.push_back(std::move(path));
  } while (tokens_.AcceptSymbol(","));
  return pattern;
}

absl::StatusOr<ast::PathPattern> StatementParser::ParsePath() {
  ast::PathPattern path;
  path.position = tokens_.Peek().position;
  if (tokens_.IsName() && tokens_.IsSymbol("=", 1)) {
    FASTI_ASSIGN_OR_RETURN(path.variable, ParseName("the name of a path"));
    tokens_.Take();
  }
  path.selector = AcceptSelector();
  FASTI_ASSIGN_OR_RETURN(path.chain, ParseChain(/*in_expression=*/false));
  return path;
}

ast::Selector StatementParser::AcceptSelector() {
  using ast::Selector;
  constexpr std::array<std::pair<absl::string_view, Selector>, 5> kSelectors = {{
      {"SEQUENTIAL", Selector::kSequential},
      {"CONTINUOUS", Selector::kContinuous},
      {"EARLIEST", Selector::kEarliest},
      {"LATEST", Selector::kLatest},
      {"FASTEST", Selector::kFastest},
  }};
  for (const auto& [word, selector] : kSelectors) {
    if (tokens_.AcceptWord(word)) return selector;
  }
  if (tokens_.IsWord("SHORTEST", 1) && (tokens_.IsWord("ANY") || tokens_.IsWord("ALL"))) {
    const bool any = tokens_.IsWord("ANY");
    tokens_.Take();
    tokens_.Take();
    return any ? Selector::kAnyShortest : Selector::kAllShortest;
  }
  return Selector::kNone;
}

absl::StatusOr<ast::Chain> StatementParser::ParseChain(bool in_expression) {
  ast::Chain chain;
  chain.position = tokens_.Peek().position;
  FASTI_ASSIGN_OR_RETURN(ast::NodePattern first, ParseNode("a node such as (n)"));
  chain.nodes.push_back(std::move(first));
  // Inside an expression a '-' after a node may also be a minus.
  while (in_expression ? LooksLikeStep(tokens_, tokens_.index())
                       : tokens_.IsSymbol("-") || tokens_.IsSymbol("<")) {
    FASTI_ASSIGN_OR_RETURN(ast::EdgePattern edge, ParseEdge());
    const bool arrow = tokens_.Last().text == ">";
    chain.edges.push_back(std::move(edge));
    FASTI_ASSIGN_OR_RETURN(ast::NodePattern node,
                           ParseNode(arrow ? "a node after '->'" : "a node after '-'"));
    chain.nodes.push_back(std::move(node));
  }
  return chain;
}

absl::StatusOr<ast::NodePattern> StatementParser::ParseNode(absl::string_view expected) {
  ast::NodePattern node;
  node.position = tokens_.Peek().position;
  if (!tokens_.AcceptSymbol("(")) return tokens_.Unexpected(expected);
  if (tokens_.IsName()) {
    FASTI_ASSIGN_OR_RETURN(node.variable, ParseName("a variable"));
  }
  if (tokens_.IsSymbol(":")) {
    FASTI_ASSIGN_OR_RETURN(node.labels, ParseLabels());
  }
  FASTI_ASSIGN_OR_RETURN(node.properties, ParseOptionalProperties());
  if (!tokens_.AcceptSymbol(")")) return tokens_.Unexpected("')' to end the node");
  return node;
}

absl::StatusOr<ast::EdgePattern> StatementParser::ParseEdge() {
  ast::EdgePattern edge;
  edge.position = tokens_.Peek().position;
  const bool left = tokens_.AcceptSymbol("<");
  if (!tokens_.AcceptSymbol("-")) return tokens_.Unexpected("'-' after '<'");
  if (tokens_.IsSymbol("[")) {
    FASTI_RETURN_IF_ERROR(ParseEdgeBracket(&edge));
  }
  if (!tokens_.AcceptSymbol("-")) {
    return tokens_.Unexpected(tokens_.Last().text == "]" ? "'-' or '->' after ']'"
                                                         : "'[', '-' or '->' after '-'");
  }
  const bool right = tokens_.AcceptSymbol(">");
  edge.direction = left == right ? ast::Direction::kEither
                   : right       ? ast::Direction::kRight
                                 : ast::Direction::kLeft;
  return edge;
}

absl::Status StatementParser::ParseEdgeBracket(ast::EdgePattern* edge) {
  tokens_.Take();
  if (tokens_.IsName()) {
    FASTI_ASSIGN_OR_RETURN(edge->variable, ParseName("a variable"));
  }
  if (tokens_.AcceptSymbol(":")) {
    do {
      if (!edge->types.empty()) tokens_.AcceptSymbol(":");  // the older `:A|:B`
      FASTI_ASSIGN_OR_RETURN(ast::RelationType type, ParseType());
      edge->types.push_back(std::move(type));
    } while (tokens_.AcceptSymbol("|"));
  }
  if (tokens_.AcceptSymbol("*")) {
    FASTI_ASSIGN_OR_RETURN(edge->length, ParseRange());
  }
  FASTI_ASSIGN_OR_RETURN(edge->properties, ParseOptionalProperties());
  if (!tokens_.AcceptSymbol("]")) {
    return tokens_.Unexpected("']' to end the relationship", "InvalidRelationshipPattern");
  }
  return absl::OkStatus();
}

absl::StatusOr<ast::RelationType> StatementParser::ParseType() {
  ast::RelationType type;
  type.position = tokens_.Peek().position;
  if (tokens_.AcceptSymbol(".")) {
    if (tokens_.AcceptSymbol("*")) {
      type.kind = ast::RelationType::Kind::kAnyAttribute;
      return type;
    }
    type.kind = ast::RelationType::Kind::kAttribute;
  }
  FASTI_ASSIGN_OR_RETURN(type.name, ParseKey("the name of a relation"));
  return type;
}

absl::StatusOr<ast::LengthRange> StatementParser::ParseRange() {
  ast::LengthRange range;
  if (tokens_.Peek().kind == TokenKind::kInteger) {
    FASTI_ASSIGN_OR_RETURN(range.min, ParseCount());
  }
  if (!tokens_.AcceptSymbol("..")) {
    range.max = range.min;
  } else if (tokens_.Peek().kind == TokenKind::kInteger) {
    FASTI_ASSIGN_OR_RETURN(range.max, ParseCount());
  }
  return range;
}

absl::StatusOr<ast::Labels> StatementParser::ParseLabels() {
  ast::Labels labels;
  labels.position = tokens_.Peek().position;
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol(":"));
  FASTI_ASSIGN_OR_RETURN(std::string first, ParseKey("a label after ':'"));
  labels.names.push_back(std::move(first));
  labels.any = tokens_.IsSymbol("|");
  const absl::string_view separator = labels.any ? "|" : ":";
  // Of several alternatives one '|' may end the labels: the one before a projection.
  const size_t begin = tokens_.index();
  while (tokens_.IsSymbol(separator) && !projection_bars_.contains(tokens_.index())) {
    tokens_.Take();
    FASTI_ASSIGN_OR_RETURN(std::string name, ParseKey("a label"));
    labels.names.push_back(std::move(name));
  }
  labels.any = labels.any && tokens_.index() != begin;
  return labels;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseOptionalProperties() {
  if (tokens_.IsSymbol("{")) return ParseMap();
  if (tokens_.Peek().kind != TokenKind::kParameter) return nullptr;
  const Token& token = tokens_.Take();
  return Make(token.position, ast::Parameter{token.text});
}

bool StatementParser::AtScope() const {
  if (tokens_.IsWord("AS")) return tokens_.IsWord("OF", 1) || tokens_.IsWord("RECORDED", 1);
  return tokens_.IsWord("AT") || tokens_.IsWord("DURING") || tokens_.IsWord("BEFORE") ||
         tokens_.IsWord("AFTER");
}

absl::StatusOr<ast::View> StatementParser::ParseView() {
  ast::View view;
  while (AtScope()) {
    FASTI_ASSIGN_OR_RETURN(ast::Scope scope, ParseScope());
    view.push_back(std::move(scope));
  }
  return view;
}

absl::StatusOr<ast::Scope> StatementParser::ParseScope() {
  using ast::ScopeKind;
  ast::Scope scope;
  scope.position = tokens_.Peek().position;
  if (tokens_.AcceptWord("AS")) {
    scope.kind = tokens_.IsWord("OF") ? ScopeKind::kAsOf : ScopeKind::kAsRecorded;
  } else if (tokens_.IsWord("AT")) {
    scope.kind = ScopeKind::kAt;
  } else if (tokens_.IsWord("DURING")) {
    scope.kind = ScopeKind::kDuring;
  } else {
    scope.kind = tokens_.IsWord("BEFORE") ? ScopeKind::kBefore : ScopeKind::kAfter;
  }
  tokens_.Take();
  FASTI_ASSIGN_OR_RETURN(scope.operand, ParseSum());
  return scope;
}

}  // namespace fasti
