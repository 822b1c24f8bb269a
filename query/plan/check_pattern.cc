#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/parse/syntax_error.h"
#include "query/plan/check_pass.h"

namespace fasti::plan {
namespace {

using Kind = Value::Kind;

absl::Status TypeConflict(const ast::Name& name, const StaticType& type, absl::string_view use) {
  return SyntaxError(
      "VariableTypeConflict", name.position,
      absl::StrCat("variable `", name.text, "` is ", type.Describe(), ", so it cannot be ", use));
}

absl::Status AlreadyBound(const ast::Name& name, absl::string_view what) {
  return SyntaxError("VariableAlreadyBound", name.position,
                     absl::StrCat("variable `", name.text, "` is already bound, so ", what));
}

bool IsAttribute(const ast::EdgePattern& edge) {
  for (const ast::RelationType& type : edge.types) {
    if (type.kind != ast::RelationType::Kind::kRelation) return true;
  }
  return false;
}

// Whether the node at `index` may stand for the value of an attribute: `(n)-[:.revenue]->(v)`.
bool MayBeLiteral(const ast::Chain& chain, size_t index) {
  using ast::Direction;
  if (index > 0) {
    const ast::EdgePattern& before = chain.edges[index - 1];
    if (IsAttribute(before) && before.direction != Direction::kLeft) return true;
  }
  if (index < chain.edges.size()) {
    const ast::EdgePattern& after = chain.edges[index];
    if (IsAttribute(after) && after.direction != Direction::kRight) return true;
  }
  return false;
}

absl::Status CheckNodeType(const ast::Name& name, const StaticType& type) {
  return type.MayBe(kNodes) ? absl::OkStatus() : TypeConflict(name, type, "a node");
}

absl::Status CheckEdgeType(const ast::Name& name, const StaticType& type, bool is_list) {
  const bool fits = is_list ? type.MayBe(kLists) && type.Element().MayBe(kRelationships)
                            : type.MayBe(kRelationships);
  return fits ? absl::OkStatus()
              : TypeConflict(name, type, is_list ? "a list of relationships" : "a relationship");
}

StaticType EdgeType(const ast::EdgePattern& edge) {
  const StaticType one = StaticType::Of(Kind::kFact);
  return edge.length.has_value() ? StaticType::ListOf(one) : one;
}

absl::Status DeclareNode(const ast::Chain& chain, size_t index, CheckScope* scope) {
  const std::optional<ast::Name>& name = chain.nodes[index].variable;
  if (!name.has_value()) return absl::OkStatus();
  const bool literal = MayBeLiteral(chain, index);
  const StaticType* type = scope->Find(name->text);
  if (type == nullptr) {
    scope->Declare(name->text, literal ? StaticType::Unknown() : StaticType::Of(Kind::kNode));
    return absl::OkStatus();
  }
  return literal ? absl::OkStatus() : CheckNodeType(*name, *type);
}

// `edges`: the relationships that the clause has named so far.
absl::Status DeclareEdge(const ast::EdgePattern& edge, CheckScope* scope,
                         std::set<std::string>* edges) {
  if (!edge.variable.has_value()) return absl::OkStatus();
  const ast::Name& name = *edge.variable;
  if (const StaticType* type = scope->Find(name.text); type != nullptr) {
    FASTI_RETURN_IF_ERROR(CheckEdgeType(name, *type, edge.length.has_value()));
  } else {
    scope->Declare(name.text, EdgeType(edge));
  }
  if (edges->insert(name.text).second) return absl::OkStatus();
  return SyntaxError("RelationshipUniquenessViolation", name.position,
                     absl::StrCat("relationship `", name.text,
                                  "` stands twice in one pattern, where all are different"));
}

absl::Status DeclareChain(const ast::Chain& chain, const std::optional<ast::Name>& path,
                          CheckScope* scope, std::set<std::string>* edges) {
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    FASTI_RETURN_IF_ERROR(DeclareNode(chain, i, scope));
    if (i < chain.edges.size()) {
      FASTI_RETURN_IF_ERROR(DeclareEdge(chain.edges[i], scope, edges));
    }
  }
  if (!path.has_value()) return absl::OkStatus();
  if (scope->Find(path->text) != nullptr) return AlreadyBound(*path, "it cannot name a path");
  scope->Declare(path->text, StaticType::Of(Kind::kPath));
  return absl::OkStatus();
}

// `{k: v}` or `$p` of a node or relationship.
absl::Status CheckProperties(const ast::ExpressionPtr& properties, const CheckScope& scope,
                             bool parameter_allowed) {
  if (properties == nullptr) return absl::OkStatus();
  if (properties->Is<ast::Parameter>() && !parameter_allowed) {
    return SyntaxError("InvalidParameterUse", properties->position,
                       "the properties of a pattern that is searched cannot be one parameter, "
                       "since no index could be chosen; write {key: $parameter}");
  }
  return TypeOf(*properties, scope).status();
}

absl::Status CheckChainProperties(const ast::Chain& chain, const CheckScope& scope,
                                  bool parameter_allowed) {
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    FASTI_RETURN_IF_ERROR(CheckProperties(chain.nodes[i].properties, scope, parameter_allowed));
    if (i < chain.edges.size()) {
      FASTI_RETURN_IF_ERROR(CheckProperties(chain.edges[i].properties, scope, parameter_allowed));
    }
  }
  return absl::OkStatus();
}

// ---------------------------------------------------------------------------------------------
// CREATE and MERGE

absl::Status CheckMadeLabels(const ast::Labels& labels) {
  if (!labels.any) return absl::OkStatus();
  return SyntaxError("UnexpectedSyntax", labels.position,
                     "a new node gets all its labels, so they are separated by ':'");
}

absl::Status DeclareMadeNode(const ast::Chain& chain, size_t index, CheckScope* scope) {
  const ast::NodePattern& node = chain.nodes[index];
  FASTI_RETURN_IF_ERROR(CheckMadeLabels(node.labels));
  if (!node.variable.has_value()) return absl::OkStatus();
  const ast::Name& name = *node.variable;
  const StaticType* type = scope->Find(name.text);
  if (type == nullptr) {
    scope->Declare(name.text, StaticType::Of(Kind::kNode));
    return absl::OkStatus();
  }
  if (chain.edges.empty()) return AlreadyBound(name, "there is nothing to make");
  if (!node.labels.names.empty() || node.properties != nullptr) {
    return AlreadyBound(name, "it cannot get labels or properties here; use SET");
  }
  return MayBeLiteral(chain, index) ? absl::OkStatus() : CheckNodeType(name, *type);
}

absl::Status DeclareMadeEdge(const ast::EdgePattern& edge, bool is_merge, CheckScope* scope) {
  if (edge.variable.has_value() && scope->Find(edge.variable->text) != nullptr) {
    return AlreadyBound(*edge.variable, "it cannot be made again");
  }
  if (edge.length.has_value()) {
    return SyntaxError("CreatingVarLength", edge.position,
                       "a relationship that is made has no variable length");
  }
  if (edge.types.size() != 1) {
    return SyntaxError("NoSingleRelationshipType", edge.position,
                       absl::StrCat("a relationship that is made has exactly one type, found ",
                                    edge.types.size()));
  }
  if (!is_merge && edge.direction == ast::Direction::kEither) {
    return SyntaxError("RequiresDirectedRelationship", edge.position,
                       "a relationship that is made has a direction, '->' or '<-'");
  }
  if (edge.variable.has_value()) scope->Declare(edge.variable->text, EdgeType(edge));
  return absl::OkStatus();
}

// Declares into `scope` what the path brings; its properties see only what was there before it.
absl::Status CheckMadePath(const ast::PathPattern& path, bool is_merge, CheckScope* scope) {
  if (path.selector != ast::Selector::kNone) {
    return SyntaxError("UnexpectedSyntax", path.position,
                       "a path that is made is not selected from others");
  }
  const ast::Chain& chain = path.chain;
  FASTI_RETURN_IF_ERROR(CheckChainProperties(chain, *scope, /*parameter_allowed=*/!is_merge));
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    FASTI_RETURN_IF_ERROR(DeclareMadeNode(chain, i, scope));
    if (i < chain.edges.size()) {
      FASTI_RETURN_IF_ERROR(DeclareMadeEdge(chain.edges[i], is_merge, scope));
    }
  }
  if (path.variable.has_value()) {
    if (scope->Find(path.variable->text) != nullptr) {
      return AlreadyBound(*path.variable, "it cannot name a path");
    }
    scope->Declare(path.variable->text, StaticType::Of(Kind::kPath));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPattern(const ast::Pattern& pattern, CheckScope* scope) {
  std::set<std::string> edges;
  for (const ast::PathPattern& path : pattern) {
    FASTI_RETURN_IF_ERROR(DeclareChain(path.chain, path.variable, scope, &edges));
  }
  for (const ast::PathPattern& path : pattern) {
    FASTI_RETURN_IF_ERROR(CheckChainProperties(path.chain, *scope, /*parameter_allowed=*/false));
  }
  return absl::OkStatus();
}

absl::Status CheckChain(const ast::Chain& chain, const std::optional<ast::Name>& path,
                        CheckScope* scope) {
  std::set<std::string> edges;
  FASTI_RETURN_IF_ERROR(DeclareChain(chain, path, scope, &edges));
  return CheckChainProperties(chain, *scope, /*parameter_allowed=*/false);
}

absl::Status CheckPatternPredicate(const ast::Chain& chain, const CheckScope& scope) {
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    const std::optional<ast::Name>& node = chain.nodes[i].variable;
    if (node.has_value() && scope.Find(node->text) == nullptr) {
      return UndefinedVariable(node->text, node->position, scope);
    }
    if (i == chain.edges.size()) break;
    const std::optional<ast::Name>& edge = chain.edges[i].variable;
    if (edge.has_value() && scope.Find(edge->text) == nullptr) {
      return UndefinedVariable(edge->text, edge->position, scope);
    }
  }
  CheckScope inner(&scope);
  return CheckChain(chain, std::nullopt, &inner);
}

absl::Status CheckView(const ast::View& view, const CheckScope& scope) {
  for (const ast::Scope& axis : view) {
    FASTI_RETURN_IF_ERROR(
        CheckType(*axis.operand, scope, kPeriodic, "a period, a date or a relationship"));
  }
  return absl::OkStatus();
}

absl::Status CheckCreate(const ast::Create& create, CheckScope* scope) {
  for (const ast::PathPattern& path : create.pattern) {
    FASTI_RETURN_IF_ERROR(CheckMadePath(path, /*is_merge=*/false, scope));
  }
  return absl::OkStatus();
}

absl::Status CheckMergePath(const ast::PathPattern& path, CheckScope* scope) {
  return CheckMadePath(path, /*is_merge=*/true, scope);
}

}  // namespace fasti::plan
