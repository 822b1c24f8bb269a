#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "fasti/status_macros.h"
#include "query/plan/estimates.h"
#include "query/plan/optimizer.h"

namespace fasti::plan {

bool RelationFilter::attributes_only() const {
  return any_attribute ||
         (!names.empty() && std::all_of(names.begin(), names.end(), [](const RelationName& name) {
           return name.is_attribute;
         }));
}

namespace {

// Two relationships of one MATCH are never the same; names tell many of them apart at once.
bool MayCoincide(const Snapshot& snapshot, const RelationFilter& a, const RelationFilter& b) {
  if (a.names.empty() || b.names.empty() || a.any_attribute || b.any_attribute) return true;
  for (const RelationFilter* filter : {&a, &b}) {
    for (const RelationName& name : filter->names) {
      const std::optional<RelationInfo> info = snapshot.FindRelation(name.name);
      if (info.has_value() && !info->inverse.empty()) return true;
    }
  }
  for (const RelationName& x : a.names) {
    for (const RelationName& y : b.names) {
      if (x.name == y.name && x.is_attribute == y.is_attribute) return true;
    }
  }
  return false;
}

Direction Flipped(Direction direction) {
  switch (direction) {
    case Direction::kOut:
      return Direction::kIn;
    case Direction::kIn:
      return Direction::kOut;
    case Direction::kBoth:
      return Direction::kBoth;
  }
  return direction;
}

// Builds the chain for one Match.
class PatternPlanner {
 public:
  PatternPlanner(const Snapshot& snapshot, Match& match, int* width)
      : snapshot_(snapshot), estimates_(snapshot), match_(match), width_(width) {
    for (const PatternNode& node : match.graph.nodes) {
      if (!node.bound) pending_.insert(node.slot);
    }
    for (const PatternEdge& edge : match.graph.edges) {
      if (!edge.bound) pending_.insert(edge.slot);
    }
    for (const Assignment& path : match.paths) pending_.insert(path.slot);
    edges_left_.resize(match.graph.edges.size(), true);
    samples_.resize(match.graph.nodes.size());
    chain_ = std::move(match.input);
    rows_ = chain_->rows;
  }

  absl::StatusOr<NodePtr> Run(const Interrupt& interrupt) {
    RequireBoundNodes();
    Settle();
    while (true) {
      FASTI_RETURN_IF_ERROR(interrupt.Check());
      const std::optional<Step> step = CheapestStep();
      if (!step.has_value()) break;
      Take(*step);
      Settle();
    }
    return std::move(chain_);
  }

 private:
  struct Step {
    enum class Kind { kBoundEdge, kExpand, kScanNode, kScanRelation };
    Kind kind = Kind::kExpand;
    int index = 0;           // of the node or edge
    bool backwards = false;  // kExpand from the node written on the right
    double factor = 1;       // rows out per row in
    double cost = 0;
    std::string key = {};           // kScanNode through this attribute
    ExpressionPtr value = nullptr;  // and the value it must have
  };

  bool IsPending(Slot slot) const { return pending_.count(slot) != 0; }
  const PatternNode& NodeAt(int index) const { return match_.graph.nodes[index]; }

  void Push(NodePtr node, double factor) {
    rows_ = std::max(rows_ * factor, 0.0);
    node->rows = rows_;
    node->input = std::move(chain_);
    chain_ = std::move(node);
  }

  // A bound node that is null matches nothing.  Expansions see to their own ends.
  void RequireBoundNodes() {
    std::vector<bool> has_edge(match_.graph.nodes.size());
    for (const PatternEdge& edge : match_.graph.edges)
      has_edge[edge.from] = has_edge[edge.to] = true;
    auto filter = std::make_unique<Filter>();
    for (size_t i = 0; i < match_.graph.nodes.size(); ++i) {
      const PatternNode& node = match_.graph.nodes[i];
      if (!node.bound || has_edge[i]) continue;
      filter->predicates.push_back(Operator(Op::kIsNotNull, {SlotReference(node.slot)}));
    }
    if (!filter->predicates.empty()) Push(std::move(filter), 1);
  }

  // Everything that can be computed from what is there: paths, then predicates.
  void Settle() {
    const auto is_ready = [this](const Expression& expression) {
      bool ready = true;
      ForEachSlot(expression, [&](Slot slot) { ready = ready && !IsPending(slot); });
      return ready;
    };
    auto project = std::make_unique<Project>();
    for (const Assignment& path : match_.paths) {
      if (IsPending(path.slot) && is_ready(*path.value)) project->items.push_back(path);
    }
    for (const Assignment& path : project->items) pending_.erase(path.slot);
    if (!project->items.empty()) Push(std::move(project), 1);
    auto filter = std::make_unique<Filter>();
    std::erase_if(match_.predicates, [&](const ExpressionPtr& predicate) {
      if (!is_ready(*predicate)) return false;
      filter->predicates.push_back(predicate);
      return true;
    });
    // Cheap tests first: subplans cost most.
    std::stable_sort(filter->predicates.begin(), filter->predicates.end(),
                     [](const ExpressionPtr& a, const ExpressionPtr& b) {
                       return CostClass(*a) < CostClass(*b);
                     });
    if (!filter->predicates.empty()) Push(std::move(filter), 0.5);
  }

  static int CostClass(const Expression& expression) {
    if (expression.subplan != nullptr) return 2;
    int greatest = expression.kind == Expression::Kind::kHasLabels ? 0 : 1;
    for (const ExpressionPtr& arg : expression.args) {
      if (arg != nullptr && CostClass(*arg) == 2) greatest = 2;
    }
    return greatest;
  }

  std::optional<Step> CheapestStep() const {
    std::optional<Step> best;
    const auto offer = [&](Step step) {
      if (!best.has_value() || step.cost < best->cost) best = std::move(step);
    };
    for (size_t i = 0; i < match_.graph.edges.size(); ++i) {
      if (edges_left_[i]) OfferEdge(static_cast<int>(i), offer);
    }
    if (best.has_value()) return best;  // What hangs together is walked before a product is made.
    for (size_t i = 0; i < match_.graph.nodes.size(); ++i) {
      if (IsPending(NodeAt(i).slot) && !NodeAt(i).literal) offer(NodeStep(static_cast<int>(i)));
    }
    for (size_t i = 0; i < match_.graph.edges.size(); ++i) {
      if (edges_left_[i]) OfferRelationScan(static_cast<int>(i), offer);
    }
    return best;
  }

  template <typename Offer>
  void OfferEdge(int index, const Offer& offer) const {
    const PatternEdge& edge = match_.graph.edges[index];
    if (edge.bound) {
      offer({.kind = Step::Kind::kBoundEdge, .index = index, .factor = 1, .cost = 0});
      return;
    }
    const bool from_there = !IsPending(NodeAt(edge.from).slot);
    const bool to_there = !IsPending(NodeAt(edge.to).slot);
    const auto expand = [&](bool backwards) {
      double degree = DegreeOf(edge, backwards);
      if (edge.var_length) degree = std::max(2.0, degree * degree * degree);
      offer({.kind = Step::Kind::kExpand,
             .index = index,
             .backwards = backwards,
             .factor = from_there && to_there ? std::min(degree, 0.5) : degree,
             .cost = degree});
    };
    if (from_there && !NodeAt(edge.from).literal) expand(false);
    if (to_there && !NodeAt(edge.to).literal) expand(true);
  }

  // How many facts an edge finds at one of its ends.
  double DegreeOf(const PatternEdge& edge, bool backwards) const {
    return estimates_.Degree(edge.relations, backwards ? Flipped(edge.direction) : edge.direction,
                             Sample(backwards ? edge.to : edge.from));
  }

  // Some entities that a node may be, if its name or its label tells any.
  const std::vector<EntityId>& Sample(int index) const {
    std::optional<std::vector<EntityId>>& sample = samples_[index];
    if (sample.has_value()) return *sample;
    sample.emplace();
    const PatternNode& node = NodeAt(index);
    for (const ExpressionPtr& predicate : match_.predicates) {
      const std::optional<Equality> equality = EqualityOf(node, *predicate);
      if (!equality.has_value() || equality->value->kind != Expression::Kind::kConstant) continue;
      sample = estimates_.SampleWithAttribute(*equality->key, equality->value->constant);
      if (!sample->empty()) return *sample;
    }
    if (!node.label.empty()) sample = estimates_.SampleWithLabel(node.label);
    return *sample;
  }

  template <typename Offer>
  void OfferRelationScan(int index, const Offer& offer) const {
    const PatternEdge& edge = match_.graph.edges[index];
    if (edge.bound || edge.var_length) return;
    if (!IsPending(NodeAt(edge.from).slot) && !NodeAt(edge.from).literal) return;
    if (!IsPending(NodeAt(edge.to).slot) && !NodeAt(edge.to).literal) return;
    double rows = estimates_.Facts(edge.relations, match_.view);
    if (edge.direction == Direction::kBoth) rows *= 2;
    offer({.kind = Step::Kind::kScanRelation, .index = index, .factor = rows, .cost = rows});
  }

  // The best access to a node by itself.
  Step NodeStep(int index) const {
    const PatternNode& node = NodeAt(index);
    Step step{.kind = Step::Kind::kScanNode, .index = index};
    step.factor = node.label.empty() ? estimates_.Entities() : estimates_.WithLabel(node.label);
    for (const ExpressionPtr& predicate : match_.predicates) {
      const std::optional<Equality> equality = EqualityOf(node, *predicate);
      if (!equality.has_value()) continue;
      const double rows = estimates_.WithAttribute(*equality->key, *equality->value);
      if (rows > step.factor) continue;
      step.factor = rows;
      step.key = *equality->key;
      step.value = equality->value;
    }
    // Nodes are mostly a start: what follows counts, too.
    std::optional<double> least;
    for (size_t i = 0; i < match_.graph.edges.size(); ++i) {
      const PatternEdge& edge = match_.graph.edges[i];
      if (!edges_left_[i] || (edge.from != index && edge.to != index)) continue;
      const double degree = DegreeOf(edge, edge.from != index);
      least = std::min(degree, least.value_or(degree));
    }
    step.cost = 1 + step.factor * (1 + least.value_or(0));
    return step;
  }

  // `n.key = value`, written either way round, of a value that the index may hold.
  struct Equality {
    const std::string* key;
    ExpressionPtr value;
  };
  std::optional<Equality> EqualityOf(const PatternNode& node, const Expression& predicate) const {
    if (predicate.kind != Expression::Kind::kOperator || predicate.op != Op::kEqual) return {};
    for (int side = 0; side < 2; ++side) {
      const Expression& property = *predicate.args[side];
      const ExpressionPtr& value = predicate.args[1 - side];
      if (property.kind == Expression::Kind::kProperty &&
          property.args[0]->kind == Expression::Kind::kSlot &&
          property.args[0]->slot == node.slot && CanSeek(*value)) {
        return Equality{&property.name, value};
      }
    }
    return std::nullopt;
  }

  // A value that is known before the node is, of a kind that the index may hold.
  bool CanSeek(const Expression& value) const {
    bool ready = true;
    ForEachSlot(value, [&](Slot slot) { ready = ready && !IsPending(slot); });
    if (!ready || value.subplan != nullptr) return false;
    return value.kind != Expression::Kind::kConstant || value.constant.is(Value::Kind::kString) ||
           value.constant.is(Value::Kind::kDate) || value.constant.is(Value::Kind::kBool);
  }

  void Take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::kScanNode:
        return TakeNode(step);
      case Step::Kind::kScanRelation:
        return TakeRelationScan(step);
      case Step::Kind::kExpand:
        return TakeExpand(step);
      case Step::Kind::kBoundEdge:
        return TakeBoundEdge(step);
    }
  }

  void TakeNode(const Step& step) {
    const PatternNode& node = NodeAt(step.index);
    auto scan = std::make_unique<NodeScan>();
    scan->node = node.slot;
    scan->label = node.label;
    scan->view = match_.view;
    if (step.value != nullptr) {
      scan->access = NodeScan::Access::kAttribute;
      scan->key = step.key;
      scan->value = step.value;
    } else if (!node.label.empty()) {
      scan->access = NodeScan::Access::kLabel;
      // The scan is the test.
      std::erase_if(match_.predicates, [&](const ExpressionPtr& predicate) {
        return predicate->kind == Expression::Kind::kHasLabels && predicate->names.size() == 1 &&
               predicate->names[0] == node.label &&
               predicate->args[0]->kind == Expression::Kind::kSlot &&
               predicate->args[0]->slot == node.slot;
      });
    }
    pending_.erase(node.slot);
    Push(std::move(scan), step.factor);
  }

  std::vector<Slot> DiffersFrom(const PatternEdge& edge) const {
    std::vector<Slot> result;
    for (int placed : placed_) {
      const PatternEdge& other = match_.graph.edges[placed];
      if (MayCoincide(snapshot_, edge.relations, other.relations)) result.push_back(other.slot);
    }
    return result;
  }

  void Place(int index) {
    edges_left_[index] = false;
    placed_.push_back(index);
    const PatternEdge& edge = match_.graph.edges[index];
    pending_.erase(edge.slot);
    pending_.erase(NodeAt(edge.from).slot);
    pending_.erase(NodeAt(edge.to).slot);
  }

  void TakeRelationScan(const Step& step) {
    const PatternEdge& edge = match_.graph.edges[step.index];
    auto scan = std::make_unique<RelationScan>();
    scan->edge = edge.slot;
    scan->direction = edge.direction;
    scan->relations = edge.relations;
    scan->differs_from = DiffersFrom(edge);
    scan->view = match_.view;
    // An end that is known already, or that is both ends, is compared afterwards.
    auto filter = std::make_unique<Filter>();
    const auto end = [&](int node, Slot other) {
      const Slot slot = NodeAt(node).slot;
      if (IsPending(slot) && slot != other) return slot;
      const Slot fresh = (*width_)++;
      // It may have been bound in another view, where it was not yet merged.
      auto found = std::make_shared<Expression>(*SlotReference(fresh));
      found->view = match_.view;
      auto same = std::make_shared<Expression>(
          *Operator(Op::kEqual, {std::move(found), SlotReference(slot)}));
      same->of_any_member = true;
      filter->predicates.push_back(std::move(same));
      return fresh;
    };
    scan->from = end(edge.from, kNoSlot);
    scan->to = end(edge.to, scan->from);
    Place(step.index);
    Push(std::move(scan), step.factor);
    if (!filter->predicates.empty()) Push(std::move(filter), 0.1);
  }

  void TakeExpand(const Step& step) {
    const PatternEdge& edge = match_.graph.edges[step.index];
    NodePtr node;
    if (edge.var_length) {
      auto walk = std::make_unique<VarExpand>();
      walk->hops_min = edge.hops_min;
      walk->hops_max = edge.hops_max;
      walk->hop_predicates = edge.hop_predicates;
      walk->hop = edge.hop;
      walk->reversed = step.backwards;
      node = std::move(walk);
    } else {
      node = std::make_unique<Expand>();
    }
    auto& expand = static_cast<Expand&>(*node);
    expand.from = NodeAt(step.backwards ? edge.to : edge.from).slot;
    expand.to = NodeAt(step.backwards ? edge.from : edge.to).slot;
    expand.to_bound = !IsPending(expand.to);
    expand.edge = edge.slot;
    expand.direction = step.backwards ? Flipped(edge.direction) : edge.direction;
    expand.relations = edge.relations;
    expand.differs_from = DiffersFrom(edge);
    expand.view = match_.view;
    Place(step.index);
    Push(std::move(node), step.factor);
  }

  void TakeBoundEdge(const Step& step) {
    const PatternEdge& edge = match_.graph.edges[step.index];
    auto node = std::make_unique<BoundEdge>();
    node->from = NodeAt(edge.from).slot;
    node->to = NodeAt(edge.to).slot;
    node->from_bound = !IsPending(node->from);
    node->to_bound = !IsPending(node->to);
    node->edge = edge.slot;
    node->direction = edge.direction;
    node->relations = edge.relations;
    node->differs_from = DiffersFrom(edge);
    node->var_length = edge.var_length;
    node->hops_min = edge.hops_min;
    node->hops_max = edge.hops_max;
    node->view = match_.view;
    Place(step.index);
    Push(std::move(node), step.factor);
  }

  const Snapshot& snapshot_;
  const Estimates estimates_;
  Match& match_;
  int* width_;
  std::set<Slot> pending_;
  std::vector<bool> edges_left_;
  std::vector<int> placed_;
  mutable std::vector<std::optional<std::vector<EntityId>>> samples_;  // by node
  NodePtr chain_;
  double rows_ = 1;
};

}  // namespace

absl::Status OrderPatterns(const Snapshot& snapshot, const Interrupt& interrupt, NodePtr* root,
                           int* width) {
  absl::Status status;
  ForEachInput(**root, [&](NodePtr& input) {
    if (status.ok()) status = OrderPatterns(snapshot, interrupt, &input, width);
  });
  FASTI_RETURN_IF_ERROR(status);
  if ((*root)->kind == Node::Kind::kMatch) {
    PatternPlanner planner(snapshot, static_cast<Match&>(**root), width);
    FASTI_ASSIGN_OR_RETURN(*root, planner.Run(interrupt));
  } else if ((*root)->input != nullptr) {
    (*root)->rows = (*root)->input->rows;
  }
  return absl::OkStatus();
}

}  // namespace fasti::plan
