#include "query/parse/walk.h"

#include "query/parse/printer.h"

namespace fasti::ast {
namespace {

void Visit(const ExpressionPtr& expression, ExpressionVisitor visit) {
  if (expression != nullptr) visit(*expression);
}

void Visit(const std::vector<ExpressionPtr>& expressions, ExpressionVisitor visit) {
  for (const ExpressionPtr& expression : expressions) visit(*expression);
}

void Visit(const std::vector<SortItem>& items, ExpressionVisitor visit) {
  for (const SortItem& item : items) visit(*item.expression);
}

void Visit(const Pattern& pattern, ExpressionVisitor visit) {
  for (const PathPattern& path : pattern) ForEachExpression(path.chain, visit);
}

void Visit(const View& view, ExpressionVisitor visit) {
  for (const Scope& scope : view) visit(*scope.operand);
}

void Visit(const Projection& projection, ExpressionVisitor visit) {
  for (const ProjectionItem& item : projection.items) visit(*item.expression);
  Visit(projection.order_by, visit);
  Visit(projection.skip, visit);
  Visit(projection.limit, visit);
}

void Visit(const WriteScope& scope, ExpressionVisitor visit) {
  Visit(scope.valid, visit);
  Visit(scope.claim, visit);
}

void Visit(const std::vector<SetItem>& items, ExpressionVisitor visit) {
  for (const SetItem& item : items) {
    std::visit(
        Overloaded{[](const SetLabels&) {}, [&](const SetProperties& set) { visit(*set.value); },
                   [&](const SetProperty& set) {
                     visit(*set.object);
                     visit(*set.value);
                   }},
        item);
  }
}

void Visit(const Window& window, ExpressionVisitor visit) {
  Visit(window.partition_by, visit);
  Visit(window.order_by, visit);
  if (window.frame.has_value()) visit(*window.frame->preceding);
}

}  // namespace

void ForEachExpression(const Chain& chain, ExpressionVisitor visit) {
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    Visit(chain.nodes[i].properties, visit);
    if (i < chain.edges.size()) Visit(chain.edges[i].properties, visit);
  }
}

void ForEachExpression(const Clause& clause, ExpressionVisitor visit) {
  std::visit(Overloaded{
                 [&](const Match& match) {
                   Visit(match.pattern, visit);
                   Visit(match.view, visit);
                   Visit(match.where, visit);
                 },
                 [&](const Unwind& unwind) { Visit(unwind.list, visit); },
                 [&](const With& with) {
                   Visit(with.projection, visit);
                   Visit(with.where, visit);
                 },
                 [&](const Return& result) { Visit(result.projection, visit); },
                 [&](const Create& create) {
                   Visit(create.pattern, visit);
                   Visit(create.scope, visit);
                 },
                 [&](const Merge& merge) {
                   ForEachExpression(merge.path.chain, visit);
                   for (const Merge::Action& action : merge.actions) Visit(action.items, visit);
                   Visit(merge.scope, visit);
                 },
                 [&](const Set& set) {
                   Visit(set.items, visit);
                   Visit(set.scope, visit);
                 },
                 [&](const Remove& remove) {
                   for (const RemoveItem& item : remove.items) {
                     if (const auto* property = std::get_if<RemoveProperty>(&item)) {
                       visit(*property->object);
                     }
                   }
                   Visit(remove.scope, visit);
                 },
                 [&](const Delete& del) {
                   Visit(del.expressions, visit);
                   Visit(del.scope, visit);
                 },
             },
             clause);
}

void ForEachExpression(const Query& query, ExpressionVisitor visit) {
  for (const SingleQuery& part : query.parts) {
    Visit(part.view, visit);
    for (const Clause& clause : part.clauses) ForEachExpression(clause, visit);
  }
}

void ForEachChild(const Expression& expression, ExpressionVisitor visit) {
  std::visit(Overloaded{
                 [](const Literal&) {},
                 [](const Now&) {},
                 [](const Parameter&) {},
                 [](const Variable&) {},
                 [&](const Property& e) { Visit(e.object, visit); },
                 [&](const Subscript& e) {
                   Visit(e.object, visit);
                   Visit(e.index, visit);
                 },
                 [&](const Slice& e) {
                   Visit(e.object, visit);
                   Visit(e.from, visit);
                   Visit(e.to, visit);
                 },
                 [&](const HasLabels& e) { Visit(e.object, visit); },
                 [&](const Unary& e) { Visit(e.operand, visit); },
                 [&](const Logical& e) { Visit(e.operands, visit); },
                 [&](const Comparison& e) { Visit(e.operands, visit); },
                 [&](const Binary& e) {
                   Visit(e.left, visit);
                   Visit(e.right, visit);
                   Visit(e.within, visit);
                 },
                 [&](const Call& e) {
                   Visit(e.arguments, visit);
                   if (e.over != nullptr) Visit(*e.over, visit);
                 },
                 [&](const ListLiteral& e) { Visit(e.elements, visit); },
                 [&](const MapLiteral& e) {
                   for (const MapEntry& entry : e.entries) visit(*entry.value);
                 },
                 [&](const Case& e) {
                   Visit(e.operand, visit);
                   for (const CaseBranch& branch : e.branches) {
                     visit(*branch.when);
                     visit(*branch.then);
                   }
                   Visit(e.otherwise, visit);
                 },
                 [&](const ListComprehension& e) {
                   Visit(e.list, visit);
                   Visit(e.where, visit);
                   Visit(e.projection, visit);
                 },
                 [&](const PatternComprehension& e) {
                   ForEachExpression(e.chain, visit);
                   Visit(e.where, visit);
                   Visit(e.projection, visit);
                 },
                 [&](const Quantifier& e) {
                   Visit(e.list, visit);
                   Visit(e.where, visit);
                 },
                 [&](const Exists& e) {
                   Visit(e.pattern, visit);
                   Visit(e.view, visit);
                   Visit(e.where, visit);
                   if (e.query != nullptr) ForEachExpression(*e.query, visit);
                 },
                 [&](const PatternPredicate& e) { ForEachExpression(e.chain, visit); },
             },
             expression.node);
}

bool SameExpression(const Expression& a, const Expression& b) {
  if (a.node.index() != b.node.index() || a.height != b.height) return false;
  // Most are variables and properties, which need no printing.
  if (const auto* variable = a.As<Variable>()) return variable->name == b.As<Variable>()->name;
  if (const auto* property = a.As<Property>()) {
    const auto* other = b.As<Property>();
    return property->key == other->key && SameExpression(*property->object, *other->object);
  }
  return FormatTreeInline(a) == FormatTreeInline(b);
}

}  // namespace fasti::ast
