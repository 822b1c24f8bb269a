#include "query/parse/statement_parser.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/parse/parser.h"
#include "query/parse/syntax_error.h"

namespace fasti {

using ast::ExpressionPtr;

namespace {
constexpr absl::string_view kTarget = "a property such as n.name or labels such as n:Person";

absl::Status TooMany(const ast::Position& position, size_t max, absl::string_view what) {
  return CompileError("LimitError.StatementSize", position,
                      absl::StrCat("expected at most ", max, " ", what,
                                   ", found more; make it several statements"));
}
}  // namespace

absl::StatusOr<ast::Statement> StatementParser::Run() {
  FASTI_ASSIGN_OR_RETURN(ast::Statement statement, ParseStatement());
  tokens_.AcceptSymbol(";");
  if (tokens_.Peek().kind != TokenKind::kEnd) {
    return tokens_.Unexpected("the end of the statement");
  }
  return statement;
}

absl::StatusOr<ast::Statement> StatementParser::ParseStatement() {
  ast::Statement statement;
  statement.position = tokens_.Peek().position;
  // TYPE, RELATION and others stay names: `CREATE type = (a)-[:R]->(b)` is a path.
  const bool names_path = tokens_.IsSymbol("=", 2);
  if (tokens_.IsWord("CREATE") && tokens_.IsWord("TYPE", 1) && !names_path) {
    FASTI_ASSIGN_OR_RETURN(statement.body, ParseCreateType());
    return statement;
  }
  if (tokens_.IsWord("CREATE") && tokens_.IsWord("RELATION", 1) && !names_path) {
    FASTI_ASSIGN_OR_RETURN(statement.body, ParseCreateRelation());
    return statement;
  }
  if (tokens_.AcceptWord("SHOW")) {
    const ast::Position position = tokens_.Peek().position;
    FASTI_ASSIGN_OR_RETURN(std::string what,
                           ParseKey("one of types, relations, stats, denials after SHOW"));
    statement.body = ast::Show{{std::move(what), position}};
    return statement;
  }
  if (tokens_.AcceptWord("EXPLAIN")) {
    statement.mode = ast::StatementMode::kExplain;
  } else if (tokens_.AcceptWord("PROFILE")) {
    statement.mode = ast::StatementMode::kProfile;
  }
  FASTI_ASSIGN_OR_RETURN(statement.body, ParseQuery());
  return statement;
}

absl::StatusOr<ast::CreateType> StatementParser::ParseCreateType() {
  ast::CreateType type;
  tokens_.Take();
  tokens_.Take();
  FASTI_ASSIGN_OR_RETURN(type.name, ParseKey("the name of a type"));
  if (tokens_.AcceptWord("IS")) {
    FASTI_ASSIGN_OR_RETURN(type.parent, ParseKey("the name of a type after IS"));
  }
  return type;
}

absl::StatusOr<ast::CreateRelation> StatementParser::ParseCreateRelation() {
  ast::CreateRelation relation;
  tokens_.Take();
  tokens_.Take();
  relation.is_attribute = tokens_.AcceptSymbol(".");
  FASTI_ASSIGN_OR_RETURN(relation.name, ParseKey("the name of a relation"));
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol("("));
  FASTI_ASSIGN_OR_RETURN(relation.subject_type, ParseKey("the type of the subject"));
  for (absl::string_view symbol : {")", "-", ">", "("}) {
    FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol(symbol));
  }
  FASTI_ASSIGN_OR_RETURN(relation.object_type, ParseKey("the type of the object"));
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol(")"));
  while (tokens_.Peek().kind != TokenKind::kEnd && !tokens_.IsSymbol(";")) {
    FASTI_ASSIGN_OR_RETURN(ast::CreateRelation::Trait trait, ParseTrait());
    relation.traits.push_back(std::move(trait));
  }
  return relation;
}

absl::StatusOr<ast::CreateRelation::Trait> StatementParser::ParseTrait() {
  using ast::RelationTrait;
  constexpr std::array<std::pair<absl::string_view, RelationTrait>, 8> kTraits = {{
      {"EVENT", RelationTrait::kEvent},
      {"STATE", RelationTrait::kState},
      {"METRIC", RelationTrait::kMetric},
      {"SYMMETRIC", RelationTrait::kSymmetric},
      {"FUNCTIONAL", RelationTrait::kFunctional},
      {"INVERSE", RelationTrait::kInverse},
      {"UNIT", RelationTrait::kUnit},
      {"RESOLVE", RelationTrait::kResolve},
  }};
  ast::CreateRelation::Trait trait;
  trait.position = tokens_.Peek().position;
  for (const auto& [word, kind] : kTraits) {
    if (!tokens_.AcceptWord(word)) continue;
    trait.kind = kind;
    if (kind == RelationTrait::kInverse) {
      FASTI_ASSIGN_OR_RETURN(trait.argument, ParseKey("the name of a relation after INVERSE"));
    } else if (kind == RelationTrait::kResolve) {
      FASTI_ASSIGN_OR_RETURN(trait.argument, ParseKey("the name of a policy after RESOLVE"));
    } else if (kind == RelationTrait::kUnit) {
      if (tokens_.Peek().kind != TokenKind::kString) {
        return tokens_.Unexpected("a string such as 'USD' after UNIT");
      }
      trait.argument = tokens_.Take().text;
    }
    return trait;
  }
  return tokens_.Unexpected(
      "EVENT, STATE, METRIC, SYMMETRIC, FUNCTIONAL, INVERSE, UNIT, RESOLVE "
      "or the end of the statement");
}

absl::StatusOr<ast::Query> StatementParser::ParseQuery() {
  ast::Query query;
  query.position = tokens_.Peek().position;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(ast::SingleQuery part, ParseSingleQuery());
    query.parts.push_back(std::move(part));
    if (++union_parts_ > kUnionPartsMax) {
      return TooMany(query.parts.back().position, kUnionPartsMax, "parts of UNION");
    }
    if (!tokens_.AcceptWord("UNION")) return query;
    query.union_all.push_back(tokens_.AcceptWord("ALL"));
  }
}

absl::StatusOr<ast::SingleQuery> StatementParser::ParseSingleQuery() {
  ast::SingleQuery single;
  single.position = tokens_.Peek().position;
  FASTI_ASSIGN_OR_RETURN(single.view, ParseView());
  if (!AtClause()) return tokens_.Unexpected("a clause such as MATCH, CREATE or RETURN");
  bool returned = false;
  while (AtClause() && !returned) {
    FASTI_ASSIGN_OR_RETURN(ast::Clause clause, ParseClause());
    returned = std::holds_alternative<ast::Return>(clause);
    single.clauses.push_back(std::move(clause));
    if (single.clauses.size() > kClausesMax) {
      return TooMany(tokens_.Last().position, kClausesMax, "clauses");
    }
  }
  const bool ended = tokens_.Peek().kind == TokenKind::kEnd || tokens_.IsSymbol(";") ||
                     tokens_.IsSymbol("}") || tokens_.IsWord("UNION");
  if (!ended) {
    return tokens_.Unexpected(returned ? "UNION or the end of the statement"
                                       : "a clause or the end of the statement");
  }
  return single;
}

bool StatementParser::AtClause() const {
  for (absl::string_view word : {"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE",
                                 "SET", "REMOVE", "DELETE", "DETACH"}) {
    if (tokens_.IsWord(word)) return true;
  }
  return false;
}

absl::Status StatementParser::CountNodes(const ast::Chain& chain) {
  matched_nodes_ += chain.nodes.size();
  if (matched_nodes_ <= kMatchedNodesMax) return absl::OkStatus();
  return TooMany(chain.position, kMatchedNodesMax, "nodes in patterns");
}

absl::Status StatementParser::CountNodes(const ast::Pattern& pattern) {
  for (const ast::PathPattern& path : pattern) FASTI_RETURN_IF_ERROR(CountNodes(path.chain));
  return absl::OkStatus();
}

absl::StatusOr<ast::Clause> StatementParser::ParseClause() {
  if (tokens_.IsWord("UNWIND")) return ParseUnwind();
  if (tokens_.IsWord("WITH")) return ParseWith();
  if (tokens_.IsWord("RETURN")) return ParseReturn();
  if (tokens_.IsWord("CREATE")) return ParseCreate();
  if (tokens_.IsWord("MERGE")) return ParseMerge();
  if (tokens_.IsWord("SET")) return ParseSet();
  if (tokens_.IsWord("REMOVE")) return ParseRemove();
  if (tokens_.IsWord("DELETE") || tokens_.IsWord("DETACH")) return ParseDelete();
  return ParseMatch();
}

absl::StatusOr<ast::Match> StatementParser::ParseMatch() {
  ast::Match match;
  match.position = tokens_.Peek().position;
  match.optional = tokens_.AcceptWord("OPTIONAL");
  FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("MATCH"));
  // `MATCH first = (a)-->(b)` names a path.
  const bool ranks = tokens_.IsWord("FIRST") || tokens_.IsWord("LAST");
  if (ranks && !tokens_.IsSymbol("=", 1)) {
    ast::Match::Ranked ranked;
    ranked.last = tokens_.IsWord("LAST");
    tokens_.Take();
    if (tokens_.Peek().kind == TokenKind::kInteger) {
      FASTI_ASSIGN_OR_RETURN(ranked.count, ParseCount());
    }
    match.ranked = ranked;
  }
  FASTI_ASSIGN_OR_RETURN(match.pattern, ParsePattern());
  FASTI_RETURN_IF_ERROR(CountNodes(match.pattern));
  FASTI_ASSIGN_OR_RETURN(match.view, ParseView());
  FASTI_ASSIGN_OR_RETURN(match.where, ParseOptionalWhere());
  return match;
}

absl::StatusOr<ast::Unwind> StatementParser::ParseUnwind() {
  ast::Unwind unwind;
  unwind.position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(unwind.list, ParseExpression());
  FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("AS"));
  FASTI_ASSIGN_OR_RETURN(unwind.variable, ParseName("a name after AS"));
  return unwind;
}

absl::StatusOr<ast::With> StatementParser::ParseWith() {
  ast::With with;
  with.position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(with.projection, ParseProjection());
  FASTI_ASSIGN_OR_RETURN(with.where, ParseOptionalWhere());
  return with;
}

absl::StatusOr<ast::Return> StatementParser::ParseReturn() {
  ast::Return result;
  result.position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(result.projection, ParseProjection());
  return result;
}

absl::StatusOr<ast::Projection> StatementParser::ParseProjection() {
  ast::Projection projection;
  projection.distinct = tokens_.AcceptWord("DISTINCT");
  projection.star = tokens_.AcceptSymbol("*");
  if (!projection.star || tokens_.AcceptSymbol(",")) {
    do {
      FASTI_ASSIGN_OR_RETURN(ast::ProjectionItem item, ParseItem());
      projection.items.push_back(std::move(item));
    } while (tokens_.AcceptSymbol(","));
  }
  if (tokens_.AcceptWord("ORDER")) {
    FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("BY"));
    FASTI_ASSIGN_OR_RETURN(projection.order_by, ParseSortItems());
  }
  if (tokens_.AcceptWord("SKIP") || tokens_.AcceptWord("OFFSET")) {
    FASTI_ASSIGN_OR_RETURN(projection.skip, ParseExpression());
  }
  if (tokens_.AcceptWord("LIMIT")) {
    FASTI_ASSIGN_OR_RETURN(projection.limit, ParseExpression());
  }
  return projection;
}

absl::StatusOr<ast::ProjectionItem> StatementParser::ParseItem() {
  ast::ProjectionItem item;
  item.position = tokens_.Peek().position;
  const size_t begin = tokens_.index();
  FASTI_ASSIGN_OR_RETURN(item.expression, ParseExpression());
  item.has_alias = tokens_.AcceptWord("AS");
  if (item.has_alias) {
    FASTI_ASSIGN_OR_RETURN(ast::Name alias, ParseName("a name after AS"));
    item.name = std::move(alias.text);
    item.position = alias.position;
  } else if (item.expression->Is<ast::Variable>() && tokens_.index() == begin + 1) {
    item.name = tokens_.Last().text;  // without the quotes it may have
  } else {
    item.name =
        std::string(text_.substr(item.position.offset, tokens_.Last().end - item.position.offset));
  }
  return item;
}

absl::StatusOr<std::vector<ast::SortItem>> StatementParser::ParseSortItems() {
  std::vector<ast::SortItem> items;
  do {
    ast::SortItem item;
    FASTI_ASSIGN_OR_RETURN(item.expression, ParseExpression());
    item.descending = tokens_.AcceptWord("DESC") || tokens_.AcceptWord("DESCENDING");
    if (!item.descending && !tokens_.AcceptWord("ASC")) tokens_.AcceptWord("ASCENDING");
    items.push_back(std::move(item));
  } while (tokens_.AcceptSymbol(","));
  return items;
}

absl::StatusOr<ExpressionPtr> StatementParser::ParseOptionalWhere() {
  if (!tokens_.AcceptWord("WHERE")) return nullptr;
  return ParseExpression();
}

absl::StatusOr<ast::Create> StatementParser::ParseCreate() {
  ast::Create create;
  create.position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(create.pattern, ParsePattern());
  FASTI_ASSIGN_OR_RETURN(create.scope, ParseWriteScope());
  return create;
}

absl::StatusOr<ast::Merge> StatementParser::ParseMerge() {
  ast::Merge merge;
  merge.position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(merge.path, ParsePath());
  FASTI_RETURN_IF_ERROR(CountNodes(merge.path.chain));
  while (tokens_.AcceptWord("ON")) {
    ast::Merge::Action action;
    action.on_create = tokens_.AcceptWord("CREATE");
    if (!action.on_create && !tokens_.AcceptWord("MATCH")) {
      return tokens_.Unexpected("CREATE or MATCH after ON");
    }
    FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("SET"));
    FASTI_ASSIGN_OR_RETURN(action.items, ParseSetItems());
    merge.actions.push_back(std::move(action));
  }
  FASTI_ASSIGN_OR_RETURN(merge.scope, ParseWriteScope());
  return merge;
}

absl::StatusOr<ast::Set> StatementParser::ParseSet() {
  ast::Set set;
  set.position = tokens_.Take().position;
  FASTI_ASSIGN_OR_RETURN(set.items, ParseSetItems());
  FASTI_ASSIGN_OR_RETURN(set.scope, ParseWriteScope());
  return set;
}

absl::StatusOr<std::vector<ast::SetItem>> StatementParser::ParseSetItems() {
  std::vector<ast::SetItem> items;
  do {
    FASTI_ASSIGN_OR_RETURN(ast::SetItem item, ParseSetItem());
    items.push_back(std::move(item));
  } while (tokens_.AcceptSymbol(","));
  return items;
}

absl::StatusOr<ast::SetItem> StatementParser::ParseSetItem() {
  if (tokens_.IsName() && tokens_.IsSymbol(":", 1)) {
    ast::SetLabels set;
    FASTI_ASSIGN_OR_RETURN(set.variable, ParseName("a variable"));
    FASTI_ASSIGN_OR_RETURN(set.labels, ParseLabels());
    if (tokens_.IsSymbol("=")) return tokens_.Unexpected(absl::StrCat(kTarget, " before '='"));
    return set;
  }
  if (tokens_.IsName() && (tokens_.IsSymbol("=", 1) || tokens_.IsSymbol("+=", 1))) {
    ast::SetProperties set;
    FASTI_ASSIGN_OR_RETURN(set.variable, ParseName("a variable"));
    set.add = tokens_.Take().text == "+=";
    FASTI_ASSIGN_OR_RETURN(set.value, ParseExpression());
    return set;
  }
  ast::SetProperty set;
  set.position = tokens_.Peek().position;
  FASTI_ASSIGN_OR_RETURN(ast::Property target, ParseTarget());
  set.object = std::move(target.object);
  set.key = std::move(target.key);
  FASTI_RETURN_IF_ERROR(tokens_.ExpectSymbol("="));
  FASTI_ASSIGN_OR_RETURN(set.value, ParseExpression());
  return set;
}

absl::StatusOr<ast::Remove> StatementParser::ParseRemove() {
  ast::Remove remove;
  remove.position = tokens_.Take().position;
  do {
    FASTI_ASSIGN_OR_RETURN(ast::RemoveItem item, ParseRemoveItem());
    remove.items.push_back(std::move(item));
  } while (tokens_.AcceptSymbol(","));
  FASTI_ASSIGN_OR_RETURN(remove.scope, ParseWriteScope());
  return remove;
}

absl::StatusOr<ast::RemoveItem> StatementParser::ParseRemoveItem() {
  if (tokens_.IsName() && tokens_.IsSymbol(":", 1)) {
    ast::RemoveLabels remove;
    FASTI_ASSIGN_OR_RETURN(remove.variable, ParseName("a variable"));
    FASTI_ASSIGN_OR_RETURN(remove.labels, ParseLabels());
    return remove;
  }
  ast::RemoveProperty remove;
  remove.position = tokens_.Peek().position;
  FASTI_ASSIGN_OR_RETURN(ast::Property target, ParseTarget());
  remove.object = std::move(target.object);
  remove.key = std::move(target.key);
  return remove;
}

absl::StatusOr<ast::Property> StatementParser::ParseTarget() {
  const size_t begin = tokens_.index();
  FASTI_ASSIGN_OR_RETURN(ExpressionPtr target, ParsePostfix());
  auto* property = std::get_if<ast::Property>(&target->node);
  if (property == nullptr) {
    tokens_.Rewind(begin);
    return tokens_.Unexpected(kTarget);
  }
  return std::move(*property);
}

absl::StatusOr<ast::Delete> StatementParser::ParseDelete() {
  ast::Delete del;
  del.position = tokens_.Peek().position;
  del.detach = tokens_.AcceptWord("DETACH");
  FASTI_RETURN_IF_ERROR(tokens_.ExpectWord("DELETE"));
  FASTI_ASSIGN_OR_RETURN(del.expressions, ParseExpressions());
  FASTI_ASSIGN_OR_RETURN(del.scope, ParseWriteScope());
  return del;
}

absl::StatusOr<ast::WriteScope> StatementParser::ParseWriteScope() {
  ast::WriteScope scope;
  if (tokens_.AcceptWord("VALID")) {
    FASTI_ASSIGN_OR_RETURN(scope.valid, ParseSum());
  }
  if (tokens_.AcceptWord("CLAIM")) {
    FASTI_ASSIGN_OR_RETURN(scope.claim, ParseSum());
  }
  return scope;
}

absl::StatusOr<ast::Name> StatementParser::ParseName(absl::string_view expected) {
  if (!tokens_.IsName()) return tokens_.Unexpected(expected);
  const Token& token = tokens_.Take();
  return ast::Name{token.text, token.position};
}

absl::StatusOr<std::string> StatementParser::ParseKey(absl::string_view expected) {
  if (!tokens_.IsKey()) return tokens_.Unexpected(expected);
  return tokens_.Take().text;
}

}  // namespace fasti
