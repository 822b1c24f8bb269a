#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "query/parse/ast.h"
#include "query/parse/token_reader.h"

namespace fasti {

// One method per rule of the grammar, named after it; each takes the tokens of its rule or returns
// an error.  The methods are defined in four files: statement_parser.cc (statements and clauses),
// pattern_parser.cc, expression_parser.cc (operators) and atom_parser.cc.  Used once.
class StatementParser {
 public:
  // REQUIRES: `tokens` are those of `text`, which must outlive the parser.
  StatementParser(absl::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  absl::StatusOr<ast::Statement> Run();

 private:
  // Statements and clauses.
  absl::StatusOr<ast::Statement> ParseStatement();
  absl::StatusOr<ast::CreateType> ParseCreateType();
  absl::StatusOr<ast::CreateRelation> ParseCreateRelation();
  absl::StatusOr<ast::CreateRelation::Trait> ParseTrait();
  absl::StatusOr<ast::Query> ParseQuery();
  absl::StatusOr<ast::SingleQuery> ParseSingleQuery();
  bool AtClause() const;
  absl::StatusOr<ast::Clause> ParseClause();
  absl::StatusOr<ast::Match> ParseMatch();
  absl::StatusOr<ast::Unwind> ParseUnwind();
  absl::StatusOr<ast::With> ParseWith();
  absl::StatusOr<ast::Return> ParseReturn();
  absl::StatusOr<ast::Projection> ParseProjection();
  absl::StatusOr<ast::ProjectionItem> ParseItem();
  absl::StatusOr<std::vector<ast::SortItem>> ParseSortItems();
  absl::StatusOr<ast::ExpressionPtr> ParseOptionalWhere();
  absl::StatusOr<ast::Create> ParseCreate();
  absl::StatusOr<ast::Merge> ParseMerge();
  absl::StatusOr<ast::Set> ParseSet();
  absl::StatusOr<std::vector<ast::SetItem>> ParseSetItems();
  absl::StatusOr<ast::SetItem> ParseSetItem();
  absl::StatusOr<ast::Remove> ParseRemove();
  absl::StatusOr<ast::RemoveItem> ParseRemoveItem();
  absl::StatusOr<ast::Delete> ParseDelete();
  absl::StatusOr<ast::WriteScope> ParseWriteScope();
  // `object.key` as the target of SET and REMOVE.
  absl::StatusOr<ast::Property> ParseTarget();

  // Patterns.
  absl::StatusOr<ast::Pattern> ParsePattern();
  absl::StatusOr<ast::PathPattern> ParsePath();
  ast::Selector AcceptSelector();
  absl::StatusOr<ast::Chain> ParseChain(bool in_expression);
  // LimitError.StatementSize if these are too many, with those counted before.
  absl::Status CountNodes(const ast::Chain& chain);
  absl::Status CountNodes(const ast::Pattern& pattern);
  absl::StatusOr<ast::NodePattern> ParseNode(absl::string_view expected);
  absl::StatusOr<ast::EdgePattern> ParseEdge();
  absl::Status ParseEdgeBracket(ast::EdgePattern* edge);
  absl::StatusOr<ast::RelationType> ParseType();
  absl::StatusOr<ast::LengthRange> ParseRange();
  absl::StatusOr<ast::Labels> ParseLabels();
  absl::StatusOr<ast::ExpressionPtr> ParseOptionalProperties();
  bool AtScope() const;
  absl::StatusOr<ast::View> ParseView();
  absl::StatusOr<ast::Scope> ParseScope();

  // Expressions, from the operators that bind least to those that bind most.
  absl::StatusOr<ast::ExpressionPtr> ParseExpression();
  absl::StatusOr<ast::ExpressionPtr> ParseOr();
  absl::StatusOr<ast::ExpressionPtr> ParseXor();
  absl::StatusOr<ast::ExpressionPtr> ParseAnd();
  absl::StatusOr<ast::ExpressionPtr> ParseNot();
  absl::StatusOr<ast::ExpressionPtr> ParseComparison();
  absl::StatusOr<ast::ExpressionPtr> ParseTest();
  absl::StatusOr<ast::ExpressionPtr> ParseSum();
  absl::StatusOr<ast::ExpressionPtr> ParseProduct();
  absl::StatusOr<ast::ExpressionPtr> ParsePower();
  absl::StatusOr<ast::ExpressionPtr> ParseUnary();
  bool AtLeastInteger() const;
  absl::StatusOr<ast::ExpressionPtr> ParseLeastInteger();
  absl::StatusOr<ast::ExpressionPtr> ParsePostfix();
  absl::StatusOr<ast::ExpressionPtr> ParseAtom();

  // Atoms.
  absl::StatusOr<ast::ExpressionPtr> ParseInteger();
  absl::StatusOr<ast::ExpressionPtr> ParseFloat();
  absl::StatusOr<ast::ExpressionPtr> ParseTime();
  absl::StatusOr<ast::ExpressionPtr> ParseWordAtom();
  absl::StatusOr<ast::ExpressionPtr> ParseCall();
  absl::StatusOr<ast::Window> ParseWindow();
  absl::StatusOr<ast::ExpressionPtr> ParseCase();
  absl::StatusOr<ast::ExpressionPtr> ParseExists();
  absl::StatusOr<ast::ExpressionPtr> ParseQuantifier();
  absl::StatusOr<ast::ExpressionPtr> ParseParenthesis();
  absl::StatusOr<ast::ExpressionPtr> ParseBracket();
  absl::StatusOr<ast::ExpressionPtr> ParseListLiteral();
  absl::StatusOr<ast::ExpressionPtr> ParseListComprehension();
  absl::StatusOr<ast::ExpressionPtr> ParsePatternComprehension();
  absl::StatusOr<ast::ExpressionPtr> ParseMap();
  absl::StatusOr<ast::ExpressionPtr> ParseSubscript(ast::ExpressionPtr object);

  // Parts that several rules share.
  using Rule = absl::StatusOr<ast::ExpressionPtr> (StatementParser::*)();
  // `operand { op operand }` with one logical operator.
  absl::StatusOr<ast::ExpressionPtr> ParseLogical(absl::string_view word, ast::LogicalOperator op,
                                                  Rule operand);
  // `operand { op operand }` with left-associative symbols.
  struct SymbolOperator {
    absl::string_view symbol;
    ast::BinaryOperator op;
  };
  absl::StatusOr<ast::ExpressionPtr> ParseBinary(absl::Span<const SymbolOperator> operators,
                                                 Rule operand);
  absl::StatusOr<std::vector<ast::ExpressionPtr>> ParseExpressions();
  absl::StatusOr<ast::Name> ParseName(absl::string_view expected);
  absl::StatusOr<std::string> ParseKey(absl::string_view expected);
  absl::StatusOr<uint64_t> ParseCount();
  bool AtCall() const;
  bool AtQuantifier() const;

  // Reads a comprehension whose '|' before the projection may have to be told from those of label
  // alternatives: `[x IN xs WHERE x:A|B | x.name]`.  Tries each '|' that may be the one.
  absl::StatusOr<ast::ExpressionPtr> TryProjectionBars(size_t open, bool projection_optional,
                                                       Rule comprehension);
  std::vector<size_t> ProjectionBars(size_t open) const;

  // An expression of `node`, with its height.
  absl::StatusOr<ast::ExpressionPtr> Make(const ast::Position& position,
                                          ast::Expression::Node node);

  const absl::string_view text_;
  TokenReader tokens_;
  uint32_t depth_ = 0;                           // of ParseExpression
  size_t union_parts_ = 0;                       // of all queries
  size_t matched_nodes_ = 0;                     // of all patterns but those that create
  uint32_t second_readings_ = 0;                 // how often TryProjectionBars had to read again
  absl::flat_hash_set<size_t> projection_bars_;  // tokens '|' that no label alternative may take
};

}  // namespace fasti
