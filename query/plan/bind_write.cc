#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/plan/binding.h"

namespace fasti::plan {

absl::StatusOr<WriteScope> Binder::BindWriteScope(const ast::WriteScope& scope) {
  WriteScope result;
  if (scope.valid != nullptr) {
    FASTI_ASSIGN_OR_RETURN(result.valid, BindExpression(*scope.valid));
  }
  if (scope.claim != nullptr) {
    FASTI_ASSIGN_OR_RETURN(result.claim, BindExpression(*scope.claim));
  }
  return result;
}

absl::StatusOr<ExpressionPtr> Binder::BindProperties(const ast::ExpressionPtr& properties) {
  if (properties == nullptr) return ExpressionPtr();
  return BindExpression(*properties);
}

absl::Status Binder::BindCreatePath(const ast::PathPattern& path, std::vector<CreateNode>* nodes,
                                    std::vector<CreateEdge>* edges,
                                    std::vector<Assignment>* paths) {
  const ast::Chain& chain = path.chain;
  if (path.selector != ast::Selector::kNone) {
    return BindError("SyntaxError.UnexpectedSyntax", path.position,
                     "a path selector has no meaning in a pattern to be created");
  }
  auto walk = std::make_shared<Expression>();
  walk->kind = Expression::Kind::kPath;
  walk->place = PlaceOf(chain.position);
  Slot previous = kNoSlot;
  for (size_t i = 0; i < chain.nodes.size(); ++i) {
    const ast::NodePattern& pattern = chain.nodes[i];
    const Variable* known = pattern.variable.has_value() ? Find(pattern.variable->text) : nullptr;
    Slot slot = kNoSlot;
    if (known != nullptr) {
      slot = known->slot;
    } else {
      CreateNode node;
      node.slot = slot = frame_->NewSlot();
      node.place = PlaceOf(pattern.position);
      if (pattern.labels.any) {
        return BindError("SyntaxError.UnexpectedSyntax", pattern.labels.position,
                         "a node is created with all its labels: write `:A:B`");
      }
      node.labels = pattern.labels.names;
      FASTI_ASSIGN_OR_RETURN(node.properties, BindProperties(pattern.properties));
      if (pattern.variable.has_value()) {
        frame_->scope[pattern.variable->text] = {Variable::Kind::kNode, slot, false, nullptr};
      }
      nodes->push_back(std::move(node));
    }
    if (i > 0) {
      const ast::EdgePattern& pattern_edge = chain.edges[i - 1];
      if (pattern_edge.types.size() != 1 ||
          pattern_edge.types[0].kind == ast::RelationType::Kind::kAnyAttribute) {
        return BindError("SyntaxError.NoSingleRelationshipType", pattern_edge.position,
                         "a relationship is created with exactly one type");
      }
      if (pattern_edge.length.has_value()) {
        return BindError("SyntaxError.CreatingVarLength", pattern_edge.position,
                         "a relationship of variable length cannot be created");
      }
      const ast::RelationType& type = pattern_edge.types[0];
      CreateEdge edge;
      edge.slot = frame_->NewSlot();
      edge.place = PlaceOf(pattern_edge.position);
      const bool backwards = pattern_edge.direction == ast::Direction::kLeft;
      edge.from = backwards ? slot : previous;
      edge.to = backwards ? previous : slot;
      edge.relation = {type.name, type.kind == ast::RelationType::Kind::kAttribute};
      FASTI_ASSIGN_OR_RETURN(edge.properties, BindProperties(pattern_edge.properties));
      if (pattern_edge.variable.has_value()) {
        if (Find(pattern_edge.variable->text) != nullptr) {
          return BindError("SyntaxError.VariableAlreadyBound", pattern_edge.variable->position,
                           absl::StrCat("`", pattern_edge.variable->text, "` is bound already"));
        }
        frame_->scope[pattern_edge.variable->text] = {Variable::Kind::kRelationship, edge.slot,
                                                      false, nullptr};
      }
      walk->args.push_back(SlotReference(edge.slot));
      edges->push_back(std::move(edge));
    }
    walk->args.push_back(SlotReference(slot));
    previous = slot;
  }
  if (path.variable.has_value()) {
    const Slot slot = frame_->NewSlot();
    frame_->scope[path.variable->text] = {Variable::Kind::kPath, slot, false, nullptr};
    paths->push_back({slot, std::move(walk)});
  }
  return absl::OkStatus();
}

absl::Status Binder::BindCreate(const ast::Create& create) {
  writes_ = true;
  auto node = std::make_unique<Create>();
  auto project = std::make_unique<Project>();
  for (const ast::PathPattern& path : create.pattern) {
    FASTI_RETURN_IF_ERROR(BindCreatePath(path, &node->nodes, &node->edges, &project->items));
  }
  FASTI_ASSIGN_OR_RETURN(node->scope, BindWriteScope(create.scope));
  Append(std::move(node));
  if (!project->items.empty()) Append(std::move(project));
  return absl::OkStatus();
}

absl::Status Binder::BindMerge(const ast::Merge& merge) {
  writes_ = true;
  auto node = std::make_unique<Merge>();
  // Found or created, the pattern fills the same slots: it is bound as a MATCH first, whose
  // variables the part that creates then takes over.
  const Scope before = frame_->scope;
  NodePtr input = std::exchange(frame_->chain, std::make_unique<Argument>());
  const ast::Name* path_name = merge.path.variable.has_value() ? &*merge.path.variable : nullptr;
  FASTI_ASSIGN_OR_RETURN(PatternSlots slots, BindPattern({{&merge.path.chain, path_name}}, nullptr,
                                                         statement_view_, merge.scope.valid.get()));
  const auto& match = static_cast<const Match&>(*frame_->chain);
  const Scope matched = std::exchange(frame_->scope, before);
  std::vector<Assignment> paths;
  FASTI_RETURN_IF_ERROR(BindCreatePath(merge.path, &node->nodes, &node->edges, &paths));
  // Both walked the chain in the same order.
  std::map<Slot, Slot> same;
  for (size_t i = 0; i < node->edges.size(); ++i) same[node->edges[i].slot] = slots.edges[i];
  size_t created = 0;
  for (const PatternNode& pattern_node : match.graph.nodes) {
    if (pattern_node.bound) continue;
    same[node->nodes[created++].slot] = pattern_node.slot;
  }
  const auto rename = [&](Slot* slot) {
    if (const auto it = same.find(*slot); it != same.end()) *slot = it->second;
  };
  for (CreateNode& create : node->nodes) rename(&create.slot);
  for (CreateEdge& create : node->edges) {
    rename(&create.slot);
    rename(&create.from);
    rename(&create.to);
  }
  frame_->scope = matched;
  node->paths = match.paths;
  node->inner = std::move(frame_->chain);
  frame_->chain = std::move(input);
  for (const ast::Merge::Action& action : merge.actions) {
    FASTI_RETURN_IF_ERROR(
        BindSetItems(action.items, action.on_create ? &node->on_create : &node->on_match));
  }
  FASTI_ASSIGN_OR_RETURN(node->scope, BindWriteScope(merge.scope));
  Append(std::move(node));
  return absl::OkStatus();
}

absl::Status Binder::BindSetItems(const std::vector<ast::SetItem>& items,
                                  std::vector<SetItem>* out) {
  const auto target = [&](const ast::Name& name) -> absl::StatusOr<ExpressionPtr> {
    const Variable* variable = Find(name.text);
    if (variable == nullptr) {
      return BindError("SyntaxError.UndefinedVariable", name.position,
                       absl::StrCat("variable `", name.text, "` is not defined"));
    }
    return Reference(name.text, *variable, name.position);
  };
  for (const ast::SetItem& item : items) {
    SetItem bound;
    const absl::Status status =
        std::visit(ast::Overloaded{
                       [&](const ast::SetLabels& e) -> absl::Status {
                         bound.kind = SetItem::Kind::kAddLabels;
                         bound.labels = e.labels.names;
                         bound.place = PlaceOf(e.variable.position);
                         FASTI_ASSIGN_OR_RETURN(bound.target, target(e.variable));
                         return absl::OkStatus();
                       },
                       [&](const ast::SetProperties& e) -> absl::Status {
                         bound.kind = e.add ? SetItem::Kind::kMergeAll : SetItem::Kind::kReplaceAll;
                         bound.place = PlaceOf(e.variable.position);
                         FASTI_ASSIGN_OR_RETURN(bound.target, target(e.variable));
                         FASTI_ASSIGN_OR_RETURN(bound.value, BindExpression(*e.value));
                         return absl::OkStatus();
                       },
                       [&](const ast::SetProperty& e) -> absl::Status {
                         bound.kind = SetItem::Kind::kProperty;
                         bound.key = e.key;
                         bound.place = PlaceOf(e.position);
                         FASTI_ASSIGN_OR_RETURN(bound.target, BindExpression(*e.object));
                         FASTI_ASSIGN_OR_RETURN(bound.value, BindExpression(*e.value));
                         return absl::OkStatus();
                       },
                   },
                   item);
    FASTI_RETURN_IF_ERROR(status);
    out->push_back(std::move(bound));
  }
  return absl::OkStatus();
}

absl::Status Binder::BindSet(const ast::Set& set) {
  writes_ = true;
  auto node = std::make_unique<Set>();
  FASTI_RETURN_IF_ERROR(BindSetItems(set.items, &node->items));
  FASTI_ASSIGN_OR_RETURN(node->scope, BindWriteScope(set.scope));
  Append(std::move(node));
  return absl::OkStatus();
}

absl::Status Binder::BindRemove(const ast::Remove& remove) {
  writes_ = true;
  auto node = std::make_unique<Set>();
  for (const ast::RemoveItem& item : remove.items) {
    SetItem bound;
    const absl::Status status = std::visit(
        ast::Overloaded{
            [&](const ast::RemoveLabels& e) -> absl::Status {
              const Variable* variable = Find(e.variable.text);
              if (variable == nullptr) {
                return BindError("SyntaxError.UndefinedVariable", e.variable.position,
                                 absl::StrCat("variable `", e.variable.text, "` is not defined"));
              }
              bound.kind = SetItem::Kind::kRemoveLabels;
              bound.target = Reference(e.variable.text, *variable, e.variable.position);
              bound.labels = e.labels.names;
              bound.place = PlaceOf(e.variable.position);
              return absl::OkStatus();
            },
            [&](const ast::RemoveProperty& e) -> absl::Status {
              bound.kind = SetItem::Kind::kProperty;
              bound.key = e.key;
              bound.place = PlaceOf(e.position);
              FASTI_ASSIGN_OR_RETURN(bound.target, BindExpression(*e.object));
              return absl::OkStatus();
            },
        },
        item);
    FASTI_RETURN_IF_ERROR(status);
    node->items.push_back(std::move(bound));
  }
  FASTI_ASSIGN_OR_RETURN(node->scope, BindWriteScope(remove.scope));
  Append(std::move(node));
  return absl::OkStatus();
}

absl::Status Binder::BindDelete(const ast::Delete& clause) {
  writes_ = true;
  auto node = std::make_unique<Delete>();
  node->detach = clause.detach;
  FASTI_ASSIGN_OR_RETURN(node->targets, BindAll(clause.expressions));
  FASTI_ASSIGN_OR_RETURN(node->scope, BindWriteScope(clause.scope));
  Append(std::move(node));
  return absl::OkStatus();
}

}  // namespace fasti::plan
