#include <utility>

#include "query/plan/optimizer.h"

namespace fasti::plan {

namespace {

using SlotSet = std::set<Slot>;

class Reads {
 public:
  explicit Reads(SlotSet* slots) : slots_(slots) {}
  void Add(Slot slot) {
    if (slot != kNoSlot) slots_->insert(slot);
  }
  void Add(const ExpressionPtr& expression) {
    if (expression != nullptr) ForEachSlot(*expression, [this](Slot slot) { Add(slot); });
  }
  void Add(const ViewPtr& view) {
    if (view != nullptr) ForEachSlot(*view, [this](Slot slot) { Add(slot); });
  }
  void Add(const ViewSpec::Scope& scope) { Add(scope.operand); }
  void Add(const Assignment& assignment) { Add(assignment.value); }
  void Add(const WriteScope& scope) {
    Add(scope.valid);
    Add(scope.claim);
  }
  void Add(const CreateNode& node) { Add(node.properties); }
  void Add(const CreateEdge& edge) {
    Add(edge.from);
    Add(edge.to);
    Add(edge.properties);
  }
  void Add(const SetItem& item) {
    Add(item.target);
    Add(item.value);
  }
  template <typename T>
  void Add(const std::vector<T>& all) {
    for (const T& one : all) Add(one);
  }

 private:
  SlotSet* slots_;
};

// Forgets a slot that nobody reads, so that it is not filled.
void DropUnread(Slot* slot, const SlotSet& needed) {
  if (needed.count(*slot) == 0) *slot = kNoSlot;
}

SlotSet FindInner(Node* inner, SlotSet needed, std::vector<Slot>* argument) {
  SlotSet read = FindLiveSlots(inner, std::move(needed));
  argument->assign(read.begin(), read.end());
  return read;
}

}  // namespace

SlotSet FindLiveSlots(Node* root, SlotSet needed) {
  // `needed` becomes what this node reads of its input.
  const auto fills = [&](Slot slot) { needed.erase(slot); };
  const auto carries = [&] { root->carry.assign(needed.begin(), needed.end()); };
  Reads reads(&needed);
  switch (root->kind) {
    case Node::Kind::kUnit:
    case Node::Kind::kArgument:
      return needed;
    case Node::Kind::kMatch:
      break;
    case Node::Kind::kNodeScan: {
      auto& node = static_cast<NodeScan&>(*root);
      DropUnread(&node.node, needed);
      fills(node.node);
      carries();
      reads.Add(node.value);
      reads.Add(node.view);
      break;
    }
    case Node::Kind::kRelationScan: {
      auto& node = static_cast<RelationScan&>(*root);
      for (Slot* slot : {&node.from, &node.edge, &node.to}) DropUnread(slot, needed);
      for (Slot slot : {node.from, node.edge, node.to}) fills(slot);
      for (Slot slot : node.differs_from) needed.insert(slot);
      carries();
      reads.Add(node.view);
      break;
    }
    case Node::Kind::kExpand:
    case Node::Kind::kVarExpand: {
      auto& node = static_cast<Expand&>(*root);
      if (!node.to_bound) {
        DropUnread(&node.to, needed);
        fills(node.to);
      }
      DropUnread(&node.edge, needed);
      fills(node.edge);
      carries();
      reads.Add(node.from);
      if (node.to_bound) reads.Add(node.to);
      reads.Add(node.differs_from);
      reads.Add(node.view);
      reads.Add(node.scopes);
      if (root->kind == Node::Kind::kVarExpand) {
        reads.Add(static_cast<VarExpand&>(*root).hop_predicates);
      }
      break;
    }
    case Node::Kind::kStartCount: {
      auto& node = static_cast<StartCount&>(*root);
      for (Slot* slot : {&node.start, &node.count}) {
        DropUnread(slot, needed);
        fills(*slot);
      }
      carries();
      reads.Add(node.from);
      reads.Add(node.to);
      reads.Add(node.view);
      break;
    }
    case Node::Kind::kBoundEdge: {
      auto& node = static_cast<BoundEdge&>(*root);
      if (!node.from_bound) fills(node.from);
      if (!node.to_bound) fills(node.to);
      carries();
      for (Slot slot : {node.from, node.to, node.edge}) {
        const bool filled =
            (slot == node.from && !node.from_bound) || (slot == node.to && !node.to_bound);
        if (!filled) reads.Add(slot);
      }
      reads.Add(node.differs_from);
      reads.Add(node.view);
      break;
    }
    case Node::Kind::kFilter:
      reads.Add(static_cast<Filter&>(*root).predicates);
      break;
    case Node::Kind::kProject: {
      auto& node = static_cast<Project&>(*root);
      std::erase_if(node.items, [&](const Assignment& a) { return needed.count(a.slot) == 0; });
      for (const Assignment& item : node.items) fills(item.slot);
      reads.Add(node.items);
      break;
    }
    case Node::Kind::kAggregate: {
      auto& node = static_cast<Aggregate&>(*root);
      needed.clear();
      reads.Add(node.keys);
      for (const Aggregate::Call& call : node.calls) reads.Add(call.args);
      reads.Add(node.agreed);
      break;
    }
    case Node::Kind::kSort: {
      auto& node = static_cast<Sort&>(*root);
      reads.Add(node.ties);
      carries();
      for (const Sort::Key& key : node.keys) reads.Add(key.value);
      break;
    }
    case Node::Kind::kWindow: {
      auto& node = static_cast<Window&>(*root);
      for (Window::Call& call : node.calls) {
        DropUnread(&call.slot, needed);
        fills(call.slot);
      }
      carries();
      for (const Window::Call& call : node.calls) {
        reads.Add(call.args);
        reads.Add(call.partition_by);
        for (const Sort::Key& key : call.order_by) reads.Add(key.value);
        reads.Add(call.preceding);
      }
      break;
    }
    case Node::Kind::kDistinct: {
      auto& node = static_cast<Distinct&>(*root);
      reads.Add(node.slots);
      break;
    }
    case Node::Kind::kSkip:
    case Node::Kind::kLimit:
      break;
    case Node::Kind::kUnwind: {
      auto& node = static_cast<Unwind&>(*root);
      DropUnread(&node.slot, needed);
      fills(node.slot);
      carries();
      reads.Add(node.list);
      break;
    }
    case Node::Kind::kUnion: {
      auto& node = static_cast<Union&>(*root);
      SlotSet leaf;
      for (const NodePtr& branch : node.branches) {
        leaf.merge(FindLiveSlots(branch.get(), {node.slots.begin(), node.slots.end()}));
      }
      return leaf;
    }
    case Node::Kind::kOptional: {
      auto& node = static_cast<Optional&>(*root);
      const SlotSet argument = FindInner(node.inner.get(), needed, &node.argument);
      std::erase_if(node.nulls, [&](Slot slot) { return needed.count(slot) == 0; });
      for (Slot slot : node.nulls) fills(slot);
      carries();
      needed.insert(argument.begin(), argument.end());
      break;
    }
    case Node::Kind::kRank: {
      auto& node = static_cast<Rank&>(*root);
      reads.Add(node.edges);
      carries();
      needed = FindInner(node.inner.get(), needed, &node.argument);
      break;
    }
    case Node::Kind::kSelect: {
      auto& node = static_cast<Select&>(*root);
      carries();
      for (const PathChoice& choice : node.choices) {
        reads.Add(choice.from);
        reads.Add(choice.to);
        reads.Add(choice.edges);
      }
      needed = FindInner(node.inner.get(), needed, &node.argument);
      reads.Add(node.view);
      break;
    }
    case Node::Kind::kCreate: {
      auto& node = static_cast<Create&>(*root);
      reads.Add(node.nodes);
      reads.Add(node.edges);
      reads.Add(node.scope);
      for (const CreateNode& create : node.nodes) fills(create.slot);
      for (const CreateEdge& create : node.edges) fills(create.slot);
      carries();
      break;
    }
    case Node::Kind::kSet: {
      auto& node = static_cast<Set&>(*root);
      reads.Add(node.items);
      reads.Add(node.scope);
      break;
    }
    case Node::Kind::kMerge: {
      auto& node = static_cast<Merge&>(*root);
      reads.Add(node.on_match);
      reads.Add(node.on_create);
      reads.Add(node.scope);
      std::erase_if(node.paths, [&](const Assignment& a) { return needed.count(a.slot) == 0; });
      for (const CreateNode& create : node.nodes) reads.Add(create.slot);
      for (const CreateEdge& create : node.edges) reads.Add(create.slot);
      const SlotSet argument = FindInner(node.inner.get(), needed, &node.argument);
      reads.Add(node.nodes);
      reads.Add(node.edges);
      reads.Add(node.paths);
      for (const Assignment& path : node.paths) fills(path.slot);
      for (const CreateNode& create : node.nodes) fills(create.slot);
      for (const CreateEdge& create : node.edges) fills(create.slot);
      carries();
      needed.insert(argument.begin(), argument.end());
      break;
    }
    case Node::Kind::kDelete: {
      auto& node = static_cast<Delete&>(*root);
      reads.Add(node.targets);
      reads.Add(node.scope);
      break;
    }
  }
  if (root->input == nullptr) return {};
  return FindLiveSlots(root->input.get(), std::move(needed));
}

}  // namespace fasti::plan
