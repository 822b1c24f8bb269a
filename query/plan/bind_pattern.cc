#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/plan/binding.h"

namespace fasti::plan {

namespace {

absl::Status Conflict(const ast::Name& name, absl::string_view wanted) {
  return BindError("SyntaxError.VariableTypeConflict", name.position,
                   absl::StrCat("`", name.text, "` is bound already and is not a ", wanted));
}

RelationFilter FilterOf(const ast::EdgePattern& edge) {
  RelationFilter filter;
  for (const ast::RelationType& type : edge.types) {
    if (type.kind == ast::RelationType::Kind::kAnyAttribute) {
      filter.any_attribute = true;
    } else {
      filter.names.push_back({type.name, type.kind == ast::RelationType::Kind::kAttribute});
    }
  }
  return filter;
}

// A pattern on its way from the tree to a graph.
class GraphBuilder {
 public:
  GraphBuilder(Frame& frame, Match& match) : frame_(frame), match_(match) {}

  // The place of a node in the graph; `variable` is what its name is bound to before this clause.
  absl::StatusOr<int> AddNode(const ast::NodePattern& pattern, const Variable* variable) {
    if (pattern.variable.has_value()) {
      const auto known = nodes_.find(pattern.variable->text);
      if (known != nodes_.end()) return known->second;
    }
    PatternNode node;
    if (variable != nullptr) {
      if (variable->kind != Variable::Kind::kNode && variable->kind != Variable::Kind::kValue) {
        return Conflict(*pattern.variable, "node");
      }
      node.bound = true;
      node.slot = variable->slot;
    } else {
      node.slot = frame_.NewSlot();
      added_.push_back(node.slot);
    }
    const int index = static_cast<int>(match_.graph.nodes.size());
    match_.graph.nodes.push_back(std::move(node));
    if (pattern.variable.has_value()) nodes_[pattern.variable->text] = index;
    return index;
  }

  absl::StatusOr<int> AddEdge(const ast::EdgePattern& pattern, int from, int to,
                              const Variable* variable) {
    PatternEdge edge;
    edge.from = from;
    edge.to = to;
    edge.relations = FilterOf(pattern);
    edge.direction = pattern.direction == ast::Direction::kRight  ? Direction::kOut
                     : pattern.direction == ast::Direction::kLeft ? Direction::kIn
                                                                  : Direction::kBoth;
    if (pattern.length.has_value()) {
      edge.var_length = true;
      edge.hops_min =
          static_cast<uint32_t>(std::min<uint64_t>(pattern.length->min.value_or(1), UINT32_MAX));
      if (pattern.length->max.has_value()) {
        edge.hops_max = static_cast<uint32_t>(std::min<uint64_t>(*pattern.length->max, UINT32_MAX));
      }
    }
    if (variable != nullptr) {
      const Variable::Kind wanted =
          edge.var_length ? Variable::Kind::kRelationships : Variable::Kind::kRelationship;
      if (variable->kind != wanted && variable->kind != Variable::Kind::kValue) {
        return Conflict(*pattern.variable,
                        edge.var_length ? "list of relationships" : "relationship");
      }
      edge.bound = true;
      edge.slot = variable->slot;
    } else {
      edge.slot = frame_.NewSlot();
      added_.push_back(edge.slot);
    }
    FASTI_RETURN_IF_ERROR(MarkLiteral(pattern, edge));
    match_.graph.edges.push_back(std::move(edge));
    return static_cast<int>(match_.graph.edges.size()) - 1;
  }

  std::vector<Slot> TakeAdded() { return std::move(added_); }

 private:
  // The object of an attribute is a literal.
  absl::Status MarkLiteral(const ast::EdgePattern& pattern, const PatternEdge& edge) {
    bool attribute = edge.relations.any_attribute;
    for (const RelationName& name : edge.relations.names)
      attribute = attribute || name.is_attribute;
    if (!attribute) return absl::OkStatus();
    if (edge.direction == Direction::kBoth) {
      return BindError("SyntaxError.RequiresDirectedRelationship", pattern.position,
                       "an attribute leads from an entity to its value: write its direction");
    }
    if (edge.var_length) {
      return NotSupportedYet(pattern.position, "an attribute of variable length");
    }
    match_.graph.nodes[edge.direction == Direction::kOut ? edge.to : edge.from].literal = true;
    return absl::OkStatus();
  }

  Frame& frame_;
  Match& match_;
  std::map<std::string, int> nodes_;
  std::vector<Slot> added_;
};

static_assert(static_cast<int>(ast::Selector::kSequential) - 1 ==
              static_cast<int>(PathChoice::Kind::kSequential));
static_assert(static_cast<int>(ast::Selector::kAllShortest) - 1 ==
              static_cast<int>(PathChoice::Kind::kAllShortest));

}  // namespace

absl::StatusOr<Binder::PatternSlots> Binder::BindPattern(const ast::Pattern& pattern,
                                                         const ast::Expression* where,
                                                         const ViewPtr& view) {
  std::vector<NamedChain> chains;
  for (const ast::PathPattern& path : pattern) {
    chains.push_back(
        {&path.chain, path.variable.has_value() ? &*path.variable : nullptr, path.selector});
  }
  return BindPattern(chains, where, view);
}

absl::StatusOr<Binder::PatternSlots> Binder::BindPattern(const std::vector<NamedChain>& chains,
                                                         const ast::Expression* where,
                                                         const ViewPtr& view,
                                                         const ast::Expression* valid_is) {
  auto match = std::make_unique<Match>();
  match->view = view;
  GraphBuilder graph(*frame_, *match);

  // First all variables, then what is said of them: a property may be compared with a variable
  // that stands further right.
  Scope declared;
  PatternSlots slots;
  struct NodeText {
    const ast::NodePattern* pattern;
    int node;
  };
  struct EdgeText {
    const ast::EdgePattern* pattern;
    int edge;
  };
  std::vector<NodeText> node_texts;
  std::vector<EdgeText> edge_texts;
  for (const NamedChain& named : chains) {
    const ast::Chain& chain = *named.chain;
    auto path = std::make_shared<Expression>();
    path->kind = Expression::Kind::kPath;
    path->place = PlaceOf(chain.position);
    path->view = ClocksOf(view);
    for (size_t i = 0; i < chain.nodes.size(); ++i) {
      const ast::NodePattern& node = chain.nodes[i];
      const Variable* known = node.variable.has_value() ? Find(node.variable->text) : nullptr;
      FASTI_ASSIGN_OR_RETURN(const int index, graph.AddNode(node, known));
      const Slot slot = match->graph.nodes[index].slot;
      if (node.variable.has_value() && known == nullptr) {
        declared[node.variable->text] = {Variable::Kind::kNode, slot, false, view};
      }
      if (i > 0) {
        const ast::EdgePattern& edge = chain.edges[i - 1];
        const Variable* bound = edge.variable.has_value() ? Find(edge.variable->text) : nullptr;
        FASTI_ASSIGN_OR_RETURN(const int edge_index,
                               graph.AddEdge(edge, node_texts.back().node, index, bound));
        const PatternEdge& added = match->graph.edges[edge_index];
        if (edge.variable.has_value() && bound == nullptr) {
          const bool twice =
              !declared
                   .emplace(edge.variable->text,
                            Variable{added.var_length ? Variable::Kind::kRelationships
                                                      : Variable::Kind::kRelationship,
                                     added.slot, false, view})
                   .second;
          if (twice) {
            return BindError("SyntaxError.RelationshipUniquenessViolation", edge.position,
                             absl::StrCat("`", edge.variable->text, "` occurs twice"));
          }
        }
        edge_texts.push_back({&edge, edge_index});
        path->args.push_back(SlotReference(added.slot));
      }
      node_texts.push_back({&node, index});
      path->args.push_back(SlotReference(slot));
    }
    if (named.selector != ast::Selector::kNone) {
      PathChoice choice;
      choice.kind = static_cast<PathChoice::Kind>(static_cast<int>(named.selector) - 1);
      choice.from = path->args.front()->slot;
      choice.to = path->args.back()->slot;
      for (size_t i = 1; i < path->args.size(); i += 2) choice.edges.push_back(path->args[i]->slot);
      slots.choices.push_back(std::move(choice));
    }
    if (named.path != nullptr) {
      const Slot slot = frame_->NewSlot();
      declared[named.path->text] = {Variable::Kind::kPath, slot, false, nullptr};
      match->paths.push_back({slot, std::move(path)});
    }
  }
  for (auto& [name, variable] : declared) {
    // The value of an attribute is no node; its properties are components.
    frame_->scope[name] = variable;
  }

  const ViewPtr outer_view = std::exchange(view_, view);
  const auto require = [&](const ast::ExpressionPtr& properties, const ExpressionPtr& subject,
                           std::vector<ExpressionPtr>* predicates,
                           bool is_literal = false) -> absl::Status {
    if (properties == nullptr) return absl::OkStatus();
    const auto* map = properties->As<ast::MapLiteral>();
    // Not every literal has components, and one that has none is no match rather than an error.
    if (map == nullptr || is_literal) {
      auto matches = std::make_shared<Expression>();
      matches->kind = Expression::Kind::kMatchesMap;
      matches->place = PlaceOf(properties->position);
      matches->view = view;
      matches->args.push_back(subject);
      FASTI_ASSIGN_OR_RETURN(matches->args.emplace_back(), BindExpression(*properties));
      predicates->push_back(std::move(matches));
      return absl::OkStatus();
    }
    for (const ast::MapEntry& entry : map->entries) {
      auto property = std::make_shared<Expression>();
      property->kind = Expression::Kind::kProperty;
      property->place = PlaceOf(entry.position);
      property->name = entry.key;
      property->view = view;
      property->args.push_back(subject);
      FASTI_ASSIGN_OR_RETURN(ExpressionPtr value, BindExpression(*entry.value));
      auto equal = std::make_shared<Expression>(
          *Operator(Op::kEqual, {std::move(property), std::move(value)}, PlaceOf(entry.position)));
      equal->of_any_member = true;
      predicates->push_back(std::move(equal));
    }
    return absl::OkStatus();
  };

  for (const NodeText& text : node_texts) {
    PatternNode& node = match->graph.nodes[text.node];
    const ExpressionPtr subject = SlotReference(node.slot, PlaceOf(text.pattern->position));
    const ast::Labels& labels = text.pattern->labels;
    if (!labels.names.empty()) {
      if (node.label.empty() && (!labels.any || labels.names.size() == 1)) {
        node.label = labels.names[0];
      }
      auto has = std::make_shared<Expression>();
      has->kind = labels.any ? Expression::Kind::kHasAnyLabel : Expression::Kind::kHasLabels;
      has->place = PlaceOf(labels.position);
      has->names = labels.names;
      has->view = ClocksOf(view);
      has->args.push_back(subject);
      match->predicates.push_back(std::move(has));
    }
    FASTI_RETURN_IF_ERROR(
        require(text.pattern->properties, subject, &match->predicates, node.literal));
  }
  for (const EdgeText& text : edge_texts) {
    PatternEdge& edge = match->graph.edges[text.edge];
    slots.edges.push_back(edge.slot);
    if (edge.var_length) {
      if (text.pattern->properties == nullptr) continue;
      edge.hop = locals_++;
      auto hop = std::make_shared<Expression>();
      hop->kind = Expression::Kind::kLocal;
      hop->slot = edge.hop;
      FASTI_RETURN_IF_ERROR(require(text.pattern->properties, hop, &edge.hop_predicates));
      continue;
    }
    const ExpressionPtr subject = SlotReference(edge.slot, PlaceOf(text.pattern->position));
    FASTI_RETURN_IF_ERROR(require(text.pattern->properties, subject, &match->predicates));
    if (valid_is != nullptr) {
      auto valid = std::make_shared<Expression>();
      valid->kind = Expression::Kind::kCall;
      valid->function = function::FindFunction("valid");
      valid->place = PlaceOf(valid_is->position);
      valid->args.push_back(subject);
      FASTI_ASSIGN_OR_RETURN(ExpressionPtr period, BindExpression(*valid_is));
      match->predicates.push_back(
          Operator(Op::kEqual, {std::move(valid), std::move(period)}, PlaceOf(valid_is->position)));
    }
  }
  if (where != nullptr) {
    FASTI_ASSIGN_OR_RETURN(ExpressionPtr condition, BindExpression(*where));
    SplitConjunction(condition, &match->predicates);
  }
  view_ = outer_view;

  slots.added = graph.TakeAdded();
  for (const Assignment& path : match->paths) slots.added.push_back(path.slot);
  Append(std::move(match));
  return slots;
}

}  // namespace fasti::plan
