#include "query/plan/check_semantics.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/relation.h"
#include "fasti/status_macros.h"
#include "query/parse/syntax_error.h"
#include "query/plan/check_pass.h"

namespace fasti::plan {
namespace {

// What stands around a query.
enum class QueryRole { kStatement, kSubquery };

absl::Status CheckWriteScope(const ast::WriteScope& write, const CheckScope& scope) {
  if (write.valid != nullptr) {
    FASTI_RETURN_IF_ERROR(CheckType(*write.valid, scope, kPeriodic, "a period after VALID"));
  }
  if (write.claim != nullptr) {
    FASTI_RETURN_IF_ERROR(CheckType(*write.claim, scope, kMaps, "a map after CLAIM"));
  }
  return absl::OkStatus();
}

absl::Status CheckTarget(const ast::Name& variable, const CheckScope& scope, function::Kinds kinds,
                         absl::string_view what) {
  const StaticType* type = scope.Find(variable.text);
  if (type == nullptr) return UndefinedVariable(variable.text, variable.position, scope);
  if (type->MayBe(kinds)) return absl::OkStatus();
  return SyntaxError("InvalidArgumentType", variable.position,
                     absl::StrCat("expected ", what, ", found ", type->Describe()));
}

absl::Status CheckTargetLabels(const ast::Name& variable, const ast::Labels& labels,
                               const CheckScope& scope) {
  if (labels.any) {
    return SyntaxError("UnexpectedSyntax", labels.position,
                       "labels that are set or removed are separated by ':'");
  }
  return CheckTarget(variable, scope, kNodes, "a node before the labels");
}

absl::Status CheckSetItems(const std::vector<ast::SetItem>& items, const CheckScope& scope) {
  const auto check = ast::Overloaded{
      [&](const ast::SetLabels& set) { return CheckTargetLabels(set.variable, set.labels, scope); },
      [&](const ast::SetProperties& set) {
        FASTI_RETURN_IF_ERROR(
            CheckTarget(set.variable, scope, kEntities, "a node or a relationship"));
        return CheckType(*set.value, scope, kMaps | kEntities, "a map");
      },
      [&](const ast::SetProperty& set) {
        FASTI_RETURN_IF_ERROR(CheckType(*set.object, scope, kEntities, "a node or a relationship"));
        return TypeOf(*set.value, scope).status();
      },
  };
  for (const ast::SetItem& item : items) FASTI_RETURN_IF_ERROR(std::visit(check, item));
  return absl::OkStatus();
}

// Checks the clauses of a query one after the other; `scope` holds what the next one sees.
class ClauseChecker {
 public:
  explicit ClauseChecker(CheckScope* scope) : scope_(scope) {}

  absl::Status operator()(const ast::Match& match) const {
    FASTI_RETURN_IF_ERROR(CheckView(match.view, *scope_));
    FASTI_RETURN_IF_ERROR(CheckPattern(match.pattern, scope_));
    return CheckWhere(match.where, *scope_);
  }
  absl::Status operator()(const ast::Unwind& unwind) const {
    FASTI_ASSIGN_OR_RETURN(StaticType type, TypeOf(*unwind.list, *scope_));
    if (scope_->Find(unwind.variable.text) != nullptr) {
      return SyntaxError("VariableAlreadyBound", unwind.variable.position,
                         absl::StrCat("variable `", unwind.variable.text,
                                      "` is already bound, so it cannot name the elements"));
    }
    scope_->Declare(unwind.variable.text, type.Element());
    return absl::OkStatus();
  }
  absl::Status operator()(const ast::With& with) const { return CheckWith(with, scope_); }
  absl::Status operator()(const ast::Return& result) const { return CheckReturn(result, scope_); }
  absl::Status operator()(const ast::Create& create) const {
    FASTI_RETURN_IF_ERROR(CheckWriteScope(create.scope, *scope_));
    return CheckCreate(create, scope_);
  }
  absl::Status operator()(const ast::Merge& merge) const {
    FASTI_RETURN_IF_ERROR(CheckWriteScope(merge.scope, *scope_));
    FASTI_RETURN_IF_ERROR(CheckMergePath(merge.path, scope_));
    for (const ast::Merge::Action& action : merge.actions) {
      FASTI_RETURN_IF_ERROR(CheckSetItems(action.items, *scope_));
    }
    return absl::OkStatus();
  }
  absl::Status operator()(const ast::Set& set) const {
    FASTI_RETURN_IF_ERROR(CheckSetItems(set.items, *scope_));
    return CheckWriteScope(set.scope, *scope_);
  }
  absl::Status operator()(const ast::Remove& remove) const {
    const auto check = ast::Overloaded{
        [&](const ast::RemoveLabels& r) {
          return CheckTargetLabels(r.variable, r.labels, *scope_);
        },
        [&](const ast::RemoveProperty& r) {
          return CheckType(*r.object, *scope_, kEntities, "a node or a relationship");
        },
    };
    for (const ast::RemoveItem& item : remove.items) {
      FASTI_RETURN_IF_ERROR(std::visit(check, item));
    }
    return CheckWriteScope(remove.scope, *scope_);
  }
  absl::Status operator()(const ast::Delete& del) const {
    for (const ast::ExpressionPtr& expression : del.expressions) {
      if (expression->Is<ast::HasLabels>()) {
        return SyntaxError("InvalidDelete", expression->position,
                           "DELETE takes nodes, relationships and paths; labels are taken away "
                           "with REMOVE");
      }
      FASTI_RETURN_IF_ERROR(
          CheckType(*expression, *scope_, kEntities | kPaths, "a node, a relationship or a path"));
    }
    return CheckWriteScope(del.scope, *scope_);
  }

 private:
  CheckScope* const scope_;
};

const ast::Position& PositionOf(const ast::Clause& clause) {
  return std::visit([](const auto& c) -> const ast::Position& { return c.position; }, clause);
}

bool IsWrite(const ast::Clause& clause) {
  return !std::holds_alternative<ast::Match>(clause) &&
         !std::holds_alternative<ast::Unwind>(clause) &&
         !std::holds_alternative<ast::With>(clause) && !std::holds_alternative<ast::Return>(clause);
}

absl::Status CheckComposition(const ast::SingleQuery& single, QueryRole role) {
  if (role == QueryRole::kSubquery) {
    for (const ast::Clause& clause : single.clauses) {
      if (IsWrite(clause)) {
        return SyntaxError("InvalidClauseComposition", PositionOf(clause),
                           "a subquery cannot write");
      }
    }
    return absl::OkStatus();
  }
  const ast::Clause& last = single.clauses.back();
  if (std::holds_alternative<ast::Return>(last) || IsWrite(last)) return absl::OkStatus();
  return SyntaxError("InvalidClauseComposition", PositionOf(last),
                     "a statement ends with RETURN or with a clause that writes");
}

// The names of the columns, in order.
std::vector<std::string> ColumnsOf(const ast::SingleQuery& single, const CheckScope& scope) {
  std::vector<std::string> columns;
  const auto* result = std::get_if<ast::Return>(&single.clauses.back());
  if (result == nullptr) return columns;
  // What `*` stands for is whatever else is in scope after RETURN, in the order of names.
  const std::vector<ast::ProjectionItem>& items = result->projection.items;
  if (result->projection.star) {
    for (const auto& named : scope.names()) {
      const bool is_item = std::any_of(items.begin(), items.end(),
                                       [&](const auto& item) { return item.name == named.first; });
      if (!is_item) columns.push_back(named.first);
    }
  }
  for (const ast::ProjectionItem& item : items) columns.push_back(item.name);
  return columns;
}

absl::Status CheckQuery(const ast::Query& query, const CheckScope* outer, QueryRole role) {
  std::vector<std::string> columns;
  for (size_t i = 0; i < query.parts.size(); ++i) {
    const ast::SingleQuery& single = query.parts[i];
    if (i > 1 && query.union_all[i - 1] != query.union_all[0]) {
      return SyntaxError("InvalidClauseComposition", single.position,
                         "UNION and UNION ALL cannot be mixed in one statement");
    }
    FASTI_RETURN_IF_ERROR(CheckComposition(single, role));
    CheckScope scope(outer);
    FASTI_RETURN_IF_ERROR(CheckView(single.view, scope));
    for (const ast::Clause& clause : single.clauses) {
      FASTI_RETURN_IF_ERROR(std::visit(ClauseChecker(&scope), clause));
    }
    std::vector<std::string> found = ColumnsOf(single, scope);
    if (i == 0) {
      columns = std::move(found);
    } else if (found != columns) {
      return SyntaxError(
          "DifferentColumnsInUnion", single.position,
          absl::StrCat("expected the columns ", absl::StrJoin(columns, ", "),
                       " in every part of the union, found ", absl::StrJoin(found, ", ")));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRelation(const ast::CreateRelation& relation) {
  bool has_kind = false;
  for (const ast::CreateRelation::Trait& trait : relation.traits) {
    switch (trait.kind) {
      case ast::RelationTrait::kEvent:
      case ast::RelationTrait::kState:
      case ast::RelationTrait::kMetric:
        if (has_kind) {
          return SyntaxError("InvalidRelation", trait.position,
                             "a relation is one of EVENT, STATE and METRIC");
        }
        has_kind = true;
        break;
      case ast::RelationTrait::kResolve:
        if (!PolicyFromName(trait.argument).has_value()) {
          return SyntaxError("InvalidRelation", trait.position,
                             absl::StrCat("expected one of latest, first, majority, median, min, "
                                          "max, range, trusted after RESOLVE, found ",
                                          trait.argument));
        }
        break;
      case ast::RelationTrait::kInverse:
        if (relation.is_attribute) {
          return SyntaxError("InvalidRelation", trait.position,
                             "an attribute has no inverse: its objects are values");
        }
        break;
      case ast::RelationTrait::kSymmetric:
        if (relation.is_attribute) {
          return SyntaxError("InvalidRelation", trait.position,
                             "an attribute is not symmetric: its objects are values");
        }
        break;
      case ast::RelationTrait::kFunctional:
      case ast::RelationTrait::kUnit:
        break;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckShow(const ast::Show& show) {
  for (absl::string_view known : {"types", "relations", "stats", "denials"}) {
    if (absl::EqualsIgnoreCase(show.what.text, known)) return absl::OkStatus();
  }
  return SyntaxError("UnexpectedSyntax", show.what.position,
                     absl::StrCat("expected one of types, relations, stats, denials after SHOW, "
                                  "found '",
                                  show.what.text, "'"));
}

}  // namespace

absl::Status CheckSubquery(const ast::Query& query, const CheckScope& outer) {
  return CheckQuery(query, &outer, QueryRole::kSubquery);
}

absl::Status CheckSemantics(const ast::Statement& statement) {
  return std::visit(
      ast::Overloaded{
          [](const ast::Query& query) { return CheckQuery(query, nullptr, QueryRole::kStatement); },
          [](const ast::CreateType&) { return absl::OkStatus(); },
          [](const ast::CreateRelation& relation) { return CheckRelation(relation); },
          [](const ast::Show& show) { return CheckShow(show); },
      },
      statement.body);
}

}  // namespace fasti::plan
