#include "query/parse/printer.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "engine/base/character.h"
#include "query/parse/keywords.h"
#include "query/parse/names.h"

namespace fasti {
namespace {

// What all forms of printing share: a label and what stands below it.
struct Tree {
  std::string label;
  std::vector<Tree> children;

  explicit Tree(std::string text) : label(std::move(text)) {}
  Tree& Add(Tree child) {
    children.push_back(std::move(child));
    return *this;
  }
};

Tree ToTree(const ast::Expression& expression);
Tree ToTree(const ast::Query& query);

bool IsWord(absl::string_view text) {
  if (text.empty() || !IsWordStart(DecodeCharacter(text).code)) return false;
  while (!text.empty()) {
    const Character character = DecodeCharacter(text);
    if (!IsWordPart(character.code)) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

// Names are quoted where the language asks for it, so that no two trees print alike.
std::string Quote(absl::string_view name) {
  return absl::StrCat("`", absl::StrReplaceAll(name, {{"`", "``"}}), "`");
}
std::string FormatKey(absl::string_view key) {
  return IsWord(key) ? std::string(key) : Quote(key);
}
std::string FormatVariable(absl::string_view name) {
  return IsReservedWord(name) ? Quote(name) : FormatKey(name);
}
std::string FormatVariable(const ast::Name& name) {
  return FormatVariable(name.text);
}
// With a space before it; empty if there is none.
std::string FormatVariable(const std::optional<ast::Name>& name) {
  return name.has_value() ? absl::StrCat(" ", FormatVariable(*name)) : "";
}

// Adds `expression` to `tree`, below a node `role` if that is not empty; nothing if it is null.
void AddExpression(const ast::ExpressionPtr& expression, Tree* tree, absl::string_view role = "") {
  if (expression == nullptr) return;
  if (role.empty()) {
    tree->Add(ToTree(*expression));
  } else {
    tree->Add(Tree(std::string(role)).Add(ToTree(*expression)));
  }
}

template <typename Expressions>
Tree ToTree(absl::string_view label, const Expressions& expressions) {
  Tree tree{std::string(label)};
  for (const auto& expression : expressions) tree.Add(ToTree(*expression));
  return tree;
}

std::string FormatLabels(const ast::Labels& labels) {
  if (labels.names.empty()) return "";
  return absl::StrCat(" :", absl::StrJoin(labels.names, labels.any ? "|" : ":",
                                          [](std::string* out, const std::string& name) {
                                            out->append(FormatKey(name));
                                          }));
}

Tree ToTree(const ast::NodePattern& node) {
  Tree tree(absl::StrCat("node", FormatVariable(node.variable), FormatLabels(node.labels)));
  AddExpression(node.properties, &tree);
  return tree;
}

std::string FormatType(const ast::RelationType& type) {
  switch (type.kind) {
    case ast::RelationType::Kind::kRelation:
      return FormatKey(type.name);
    case ast::RelationType::Kind::kAttribute:
      return absl::StrCat(".", FormatKey(type.name));
    case ast::RelationType::Kind::kAnyAttribute:
      return ".*";
  }
  return "";
}

std::string FormatEdge(const ast::EdgePattern& edge) {
  std::string text = "edge ";
  switch (edge.direction) {
    case ast::Direction::kRight:
      text += "->";
      break;
    case ast::Direction::kLeft:
      text += "<-";
      break;
    case ast::Direction::kEither:
      text += "--";
      break;
  }
  text += FormatVariable(edge.variable);
  for (size_t i = 0; i < edge.types.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? " :" : "|", FormatType(edge.types[i]));
  }
  if (edge.length.has_value()) {
    absl::StrAppend(&text, " *");
    if (edge.length->min.has_value()) absl::StrAppend(&text, *edge.length->min);
    absl::StrAppend(&text, "..");
    if (edge.length->max.has_value()) absl::StrAppend(&text, *edge.length->max);
  }
  return text;
}

void AddChain(const ast::Chain& chain, Tree* tree) {
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    tree->Add(ToTree(chain.nodes[i]));
    if (i == chain.edges.size()) break;
    Tree edge(FormatEdge(chain.edges[i]));
    AddExpression(chain.edges[i].properties, &edge);
    tree->Add(std::move(edge));
  }
}

Tree ToTree(const ast::PathPattern& path) {
  Tree tree(absl::StrCat("path", FormatVariable(path.variable),
                         path.selector == ast::Selector::kNone ? "" : " ",
                         ast::NameOf(path.selector)));
  AddChain(path.chain, &tree);
  return tree;
}

void AddView(const ast::View& view, Tree* tree) {
  for (const ast::Scope& scope : view) AddExpression(scope.operand, tree, ast::NameOf(scope.kind));
}

void AddPattern(const ast::Pattern& pattern, Tree* tree) {
  for (const ast::PathPattern& path : pattern) tree->Add(ToTree(path));
}

void AddSortItems(const std::vector<ast::SortItem>& items, Tree* tree) {
  if (items.empty()) return;
  Tree order("order-by");
  for (const ast::SortItem& item : items) {
    AddExpression(item.expression, &order, item.descending ? "descending" : "");
  }
  tree->Add(std::move(order));
}

Tree ToTree(const ast::Window& window) {
  Tree tree("over ()");
  if (!window.partition_by.empty()) tree.Add(ToTree("partition-by", window.partition_by));
  AddSortItems(window.order_by, &tree);
  if (window.frame.has_value()) {
    AddExpression(window.frame->preceding, &tree,
                  window.frame->unit == ast::Window::Unit::kRows ? "rows" : "range");
  }
  return tree;
}

Tree ToTree(const ast::Call& call) {
  Tree tree = ToTree(
      absl::StrCat("call ", call.name, call.star ? " *" : "", call.distinct ? " distinct" : ""),
      call.arguments);
  if (call.over != nullptr) tree.Add(ToTree(*call.over));
  return tree;
}

Tree ToTree(const ast::Comparison& comparison) {
  std::vector<absl::string_view> ops;
  for (ast::ComparisonOperator op : comparison.ops) ops.push_back(ast::NameOf(op));
  return ToTree(absl::StrJoin(ops, " "), comparison.operands);
}

Tree ToTree(const ast::Binary& binary) {
  Tree tree{std::string(ast::NameOf(binary.op))};
  AddExpression(binary.left, &tree);
  AddExpression(binary.right, &tree);
  AddExpression(binary.within, &tree, "within");
  return tree;
}

Tree ToTree(const ast::Case& expression) {
  Tree tree("case");
  AddExpression(expression.operand, &tree, "operand");
  for (const ast::CaseBranch& branch : expression.branches) {
    tree.Add(Tree("when").Add(ToTree(*branch.when)).Add(ToTree(*branch.then)));
  }
  AddExpression(expression.otherwise, &tree, "else");
  return tree;
}

Tree ToTree(const ast::Exists& exists) {
  Tree tree("exists");
  if (exists.query != nullptr) return tree.Add(ToTree(*exists.query));
  AddPattern(exists.pattern, &tree);
  AddView(exists.view, &tree);
  AddExpression(exists.where, &tree, "where");
  return tree;
}

struct ExpressionToTree {
  Tree operator()(const ast::Literal& e) const {
    return Tree(e.value.is(Value::Kind::kPeriod) || e.value.is(Value::Kind::kDuration)
                    ? absl::StrCat("@", FormatValue(e.value))
                    : FormatValue(e.value));
  }
  Tree operator()(const ast::Now&) const { return Tree("@now"); }
  Tree operator()(const ast::Parameter& e) const {
    return Tree(absl::StrCat("$", FormatKey(e.name)));
  }
  Tree operator()(const ast::Variable& e) const { return Tree(FormatVariable(e.name)); }
  Tree operator()(const ast::Property& e) const {
    return Tree(absl::StrCat("property ", FormatKey(e.key))).Add(ToTree(*e.object));
  }
  Tree operator()(const ast::Subscript& e) const {
    return Tree("subscript").Add(ToTree(*e.object)).Add(ToTree(*e.index));
  }
  Tree operator()(const ast::Slice& e) const {
    Tree tree("slice");
    AddExpression(e.object, &tree);
    AddExpression(e.from, &tree, "from");
    AddExpression(e.to, &tree, "to");
    return tree;
  }
  Tree operator()(const ast::HasLabels& e) const {
    return Tree(absl::StrCat("has-labels", FormatLabels(e.labels))).Add(ToTree(*e.object));
  }
  Tree operator()(const ast::Unary& e) const {
    return Tree(std::string(ast::NameOf(e.op))).Add(ToTree(*e.operand));
  }
  Tree operator()(const ast::Logical& e) const { return ToTree(ast::NameOf(e.op), e.operands); }
  Tree operator()(const ast::Comparison& e) const { return ToTree(e); }
  Tree operator()(const ast::Binary& e) const { return ToTree(e); }
  Tree operator()(const ast::Call& e) const { return ToTree(e); }
  Tree operator()(const ast::ListLiteral& e) const { return ToTree("list", e.elements); }
  Tree operator()(const ast::MapLiteral& e) const {
    Tree tree("map");
    for (const ast::MapEntry& entry : e.entries)
      AddExpression(entry.value, &tree, FormatKey(entry.key));
    return tree;
  }
  Tree operator()(const ast::Case& e) const { return ToTree(e); }
  Tree operator()(const ast::ListComprehension& e) const {
    Tree tree(absl::StrCat("list-comprehension ", FormatVariable(e.variable)));
    AddExpression(e.list, &tree);
    AddExpression(e.where, &tree, "where");
    AddExpression(e.projection, &tree, "project");
    return tree;
  }
  Tree operator()(const ast::PatternComprehension& e) const {
    Tree tree(absl::StrCat("pattern-comprehension", FormatVariable(e.variable)));
    AddChain(e.chain, &tree);
    AddExpression(e.where, &tree, "where");
    AddExpression(e.projection, &tree, "project");
    return tree;
  }
  Tree operator()(const ast::Quantifier& e) const {
    Tree tree(absl::StrCat(ast::NameOf(e.kind), " ", FormatVariable(e.variable)));
    AddExpression(e.list, &tree);
    AddExpression(e.where, &tree, "where");
    return tree;
  }
  Tree operator()(const ast::Exists& e) const { return ToTree(e); }
  Tree operator()(const ast::PatternPredicate& e) const {
    Tree tree("pattern");
    AddChain(e.chain, &tree);
    return tree;
  }
};

Tree ToTree(const ast::Expression& expression) {
  return std::visit(ExpressionToTree(), expression.node);
}

void AddProjection(const ast::Projection& projection, Tree* tree) {
  if (projection.distinct) tree->Add(Tree("distinct"));
  if (projection.star) tree->Add(Tree("*"));
  for (const ast::ProjectionItem& item : projection.items) {
    AddExpression(item.expression, tree,
                  item.has_alias ? absl::StrCat("as ", FormatVariable(item.name)) : "");
  }
  AddSortItems(projection.order_by, tree);
  AddExpression(projection.skip, tree, "skip");
  AddExpression(projection.limit, tree, "limit");
}

void AddWriteScope(const ast::WriteScope& scope, Tree* tree) {
  AddExpression(scope.valid, tree, "valid");
  AddExpression(scope.claim, tree, "claim");
}

void AddSetItems(const std::vector<ast::SetItem>& items, Tree* tree) {
  for (const ast::SetItem& item : items) {
    tree->Add(std::visit(
        ast::Overloaded{
            [](const ast::SetLabels& set) {
              return Tree(
                  absl::StrCat("labels ", FormatVariable(set.variable), FormatLabels(set.labels)));
            },
            [](const ast::SetProperties& set) {
              return Tree(absl::StrCat(set.add ? "add " : "replace ", FormatVariable(set.variable)))
                  .Add(ToTree(*set.value));
            },
            [](const ast::SetProperty& set) {
              return Tree(absl::StrCat("property ", FormatKey(set.key)))
                  .Add(ToTree(*set.object))
                  .Add(ToTree(*set.value));
            },
        },
        item));
  }
}

struct ClauseToTree {
  Tree operator()(const ast::Match& match) const {
    Tree tree(match.optional ? "optional-match" : "match");
    if (match.ranked.has_value()) {
      tree.Add(Tree(absl::StrCat(match.ranked->last ? "last " : "first ", match.ranked->count)));
    }
    AddPattern(match.pattern, &tree);
    AddView(match.view, &tree);
    AddExpression(match.where, &tree, "where");
    return tree;
  }
  Tree operator()(const ast::Unwind& unwind) const {
    return Tree(absl::StrCat("unwind ", FormatVariable(unwind.variable))).Add(ToTree(*unwind.list));
  }
  Tree operator()(const ast::With& with) const {
    Tree tree("with");
    AddProjection(with.projection, &tree);
    AddExpression(with.where, &tree, "where");
    return tree;
  }
  Tree operator()(const ast::Return& result) const {
    Tree tree("return");
    AddProjection(result.projection, &tree);
    return tree;
  }
  Tree operator()(const ast::Create& create) const {
    Tree tree("create");
    AddPattern(create.pattern, &tree);
    AddWriteScope(create.scope, &tree);
    return tree;
  }
  Tree operator()(const ast::Merge& merge) const {
    Tree tree("merge");
    tree.Add(ToTree(merge.path));
    for (const ast::Merge::Action& action : merge.actions) {
      Tree on(action.on_create ? "on-create" : "on-match");
      AddSetItems(action.items, &on);
      tree.Add(std::move(on));
    }
    AddWriteScope(merge.scope, &tree);
    return tree;
  }
  Tree operator()(const ast::Set& set) const {
    Tree tree("set");
    AddSetItems(set.items, &tree);
    AddWriteScope(set.scope, &tree);
    return tree;
  }
  Tree operator()(const ast::Remove& remove) const {
    Tree tree("remove");
    for (const ast::RemoveItem& item : remove.items) {
      tree.Add(std::visit(
          ast::Overloaded{
              [](const ast::RemoveLabels& r) {
                return Tree(
                    absl::StrCat("labels ", FormatVariable(r.variable), FormatLabels(r.labels)));
              },
              [](const ast::RemoveProperty& r) {
                return Tree(absl::StrCat("property ", FormatKey(r.key))).Add(ToTree(*r.object));
              },
          },
          item));
    }
    AddWriteScope(remove.scope, &tree);
    return tree;
  }
  Tree operator()(const ast::Delete& del) const {
    Tree tree = ToTree(del.detach ? "detach-delete" : "delete", del.expressions);
    AddWriteScope(del.scope, &tree);
    return tree;
  }
};

Tree ToTree(const ast::SingleQuery& single) {
  Tree tree("query");
  AddView(single.view, &tree);
  for (const ast::Clause& clause : single.clauses) tree.Add(std::visit(ClauseToTree(), clause));
  return tree;
}

Tree ToTree(const ast::Query& query) {
  if (query.parts.size() == 1) return ToTree(query.parts[0]);
  Tree tree("union");
  for (size_t i = 0; i < query.parts.size(); ++i) {
    const bool all = i > 0 && query.union_all[i - 1];
    tree.Add(all ? Tree("all").Add(ToTree(query.parts[i])) : ToTree(query.parts[i]));
  }
  return tree;
}

Tree ToTree(const ast::Statement& statement) {
  Tree body = std::visit(
      ast::Overloaded{
          [](const ast::Query& query) { return ToTree(query); },
          [](const ast::CreateType& type) {
            return Tree(absl::StrCat("create-type ", type.name, type.parent.empty() ? "" : " is ",
                                     type.parent));
          },
          [](const ast::CreateRelation& relation) {
            Tree tree(absl::StrCat("create-relation ", relation.is_attribute ? "." : "",
                                   relation.name, " ", relation.subject_type, " -> ",
                                   relation.object_type));
            for (const ast::CreateRelation::Trait& trait : relation.traits) {
              tree.Add(Tree(absl::StrCat(ast::NameOf(trait.kind), trait.argument.empty() ? "" : " ",
                                         trait.argument)));
            }
            return tree;
          },
          [](const ast::Show& show) { return Tree(absl::StrCat("show ", show.what.text)); },
      },
      statement.body);
  switch (statement.mode) {
    case ast::StatementMode::kRun:
      break;
    case ast::StatementMode::kExplain:
      return Tree("explain").Add(std::move(body));
    case ast::StatementMode::kProfile:
      return Tree("profile").Add(std::move(body));
  }
  return body;
}

void AppendIndented(const Tree& tree, size_t depth, std::string* text) {
  absl::StrAppend(text, std::string(2 * depth, ' '), tree.label, "\n");
  for (const Tree& child : tree.children) AppendIndented(child, depth + 1, text);
}

void AppendInline(const Tree& tree, std::string* text) {
  const bool one_word =
      tree.label[0] == '\'' || tree.label[0] == '`' || !absl::StrContains(tree.label, ' ');
  if (tree.children.empty() && one_word) {
    text->append(tree.label);
    return;
  }
  absl::StrAppend(text, "(", tree.label);
  for (const Tree& child : tree.children) {
    text->append(" ");
    AppendInline(child, text);
  }
  text->append(")");
}

std::string Inline(const Tree& tree) {
  std::string text;
  AppendInline(tree, &text);
  return text;
}

}  // namespace

std::string FormatTree(const ast::Statement& statement) {
  std::string text;
  AppendIndented(ToTree(statement), 0, &text);
  return text;
}

std::string FormatTreeInline(const ast::Statement& statement) {
  return Inline(ToTree(statement));
}

std::string FormatTreeInline(const ast::Expression& expression) {
  return Inline(ToTree(expression));
}

}  // namespace fasti
