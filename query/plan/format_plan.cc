#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "query/function/period_access.h"
#include "query/plan/logical_plan.h"

namespace fasti::plan {

namespace {

std::string FormatScopes(const std::vector<ViewSpec::Scope>& scopes) {
  constexpr absl::string_view kNames[] = {"AT",    "DURING", "BEFORE",
                                          "AFTER", "AS OF",  "AS RECORDED"};
  std::string text;
  for (const ViewSpec::Scope& scope : scopes) {
    absl::StrAppend(&text, " ", kNames[static_cast<int>(scope.axis)], " ",
                    FormatExpression(*scope.operand));
  }
  return text;
}

std::string FormatView(const ViewPtr& view) {
  return view == nullptr ? "" : FormatScopes(view->scopes);
}

std::string FormatRelations(const RelationFilter& relations) {
  std::vector<std::string> names;
  for (const RelationName& name : relations.names) {
    names.push_back(absl::StrCat(name.is_attribute ? "." : "", name.name));
  }
  if (relations.any_attribute) names.push_back(".*");
  return names.empty() ? "" : absl::StrCat(":", absl::StrJoin(names, "|"));
}

std::string Slots(Slot slot) {
  return slot == kNoSlot ? "" : absl::StrCat("#", slot);
}

std::string FormatEdge(Slot from, Slot edge, Slot to, Direction direction,
                       const RelationFilter& relations, absl::string_view range = "") {
  return absl::StrCat("(", Slots(from), ")", direction == Direction::kIn ? "<-" : "-", "[",
                      Slots(edge), FormatRelations(relations), range, "]",
                      direction == Direction::kOut ? "->" : "-", "(", Slots(to), ")");
}

std::string FormatOrder(const std::optional<StartOrder>& order) {
  if (!order.has_value()) return "";
  return *order == StartOrder::kEarliestFirst ? " earliest first" : " latest first";
}

template <typename Items, typename Format>
std::string Join(const Items& items, const Format& format) {
  std::vector<std::string> parts;
  for (const auto& item : items) parts.push_back(format(item));
  return absl::StrJoin(parts, ", ");
}

std::string FormatAssignment(const Assignment& item) {
  return absl::StrCat("#", item.slot, " = ", FormatExpression(*item.value));
}

std::string Describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kUnit:
      return "Unit";
    case Node::Kind::kArgument:
      return "Argument";
    case Node::Kind::kMatch:
      return "Match";
    case Node::Kind::kNodeScan: {
      const auto& scan = static_cast<const NodeScan&>(node);
      switch (scan.access) {
        case NodeScan::Access::kAll:
          return absl::StrCat("AllNodes (", Slots(scan.node), ")");
        case NodeScan::Access::kLabel:
          return absl::StrCat("LabelScan (", Slots(scan.node), ":", scan.label, ")");
        case NodeScan::Access::kAttribute:
          return absl::StrCat("AttributeSeek (", Slots(scan.node), " {", scan.key, ": ",
                              FormatExpression(*scan.value), "})", FormatView(scan.view));
      }
      return "NodeScan";
    }
    case Node::Kind::kRelationScan: {
      const auto& scan = static_cast<const RelationScan&>(node);
      return absl::StrCat("RelationScan ",
                          FormatEdge(scan.from, scan.edge, scan.to, scan.direction, scan.relations),
                          FormatView(scan.view), FormatOrder(scan.order));
    }
    case Node::Kind::kExpand: {
      const auto& expand = static_cast<const Expand&>(node);
      return absl::StrCat(
          expand.to_bound ? "ExpandInto " : "Expand ",
          FormatEdge(expand.from, expand.edge, expand.to, expand.direction, expand.relations),
          FormatView(expand.view), FormatScopes(expand.scopes), FormatOrder(expand.order));
    }
    case Node::Kind::kStartCount: {
      const auto& count = static_cast<const StartCount&>(node);
      return absl::StrCat(
          "CountByStart ",
          FormatEdge(count.from, kNoSlot, count.to, count.direction, count.relations),
          FormatView(count.view), " by ", function::PrecisionName(count.precision), " ",
          Slots(count.start), ", ", Slots(count.count));
    }
    case Node::Kind::kVarExpand: {
      const auto& walk = static_cast<const VarExpand&>(node);
      std::string range = absl::StrCat("*", walk.hops_min, "..");
      if (walk.hops_max.has_value()) absl::StrAppend(&range, *walk.hops_max);
      return absl::StrCat(
          walk.to_bound ? "WalkInto " : "Walk ",
          FormatEdge(walk.from, walk.edge, walk.to, walk.direction, walk.relations, range),
          FormatView(walk.view));
    }
    case Node::Kind::kBoundEdge: {
      const auto& edge = static_cast<const BoundEdge&>(node);
      return absl::StrCat(
          "EndsOf ", FormatEdge(edge.from, edge.edge, edge.to, edge.direction, edge.relations));
    }
    case Node::Kind::kFilter:
      return absl::StrCat("Filter ",
                          Join(static_cast<const Filter&>(node).predicates,
                               [](const ExpressionPtr& e) { return FormatExpression(*e); }));
    case Node::Kind::kProject:
      return absl::StrCat("Project ",
                          Join(static_cast<const Project&>(node).items, FormatAssignment));
    case Node::Kind::kAggregate: {
      const auto& aggregate = static_cast<const Aggregate&>(node);
      return absl::StrCat(
          "Aggregate by [", Join(aggregate.keys, FormatAssignment), "] ",
          Join(aggregate.calls, [](const Aggregate::Call& call) {
            return absl::StrCat(
                "#", call.slot, " = ", call.function->name, "(", call.distinct ? "DISTINCT " : "",
                Join(call.args, [](const ExpressionPtr& e) { return FormatExpression(*e); }), ")");
          }));
    }
    case Node::Kind::kSort: {
      const auto& sort = static_cast<const Sort&>(node);
      std::string text = absl::StrCat(
          sort.limit != nullptr ? "Top " : "Sort ", Join(sort.keys, [](const Sort::Key& key) {
            return absl::StrCat(FormatExpression(*key.value), key.descending ? " DESC" : "");
          }));
      if (sort.skip != nullptr) absl::StrAppend(&text, " SKIP ", FormatExpression(*sort.skip));
      if (sort.limit != nullptr) absl::StrAppend(&text, " LIMIT ", FormatExpression(*sort.limit));
      if (sort.is_by_start) absl::StrAppend(&text, ", stops early");
      return text;
    }
    case Node::Kind::kWindow:
      return absl::StrCat(
          "Window ", Join(static_cast<const Window&>(node).calls, [](const Window::Call& call) {
            return absl::StrCat(
                "#", call.slot, " = ", call.function->name, "(", call.distinct ? "DISTINCT " : "",
                Join(call.args, [](const ExpressionPtr& e) { return FormatExpression(*e); }), ")");
          }));
    case Node::Kind::kDistinct:
      return absl::StrCat("Distinct ", Join(static_cast<const Distinct&>(node).slots, Slots));
    case Node::Kind::kSkip:
      return absl::StrCat("Skip ", FormatExpression(*static_cast<const Skip&>(node).count));
    case Node::Kind::kLimit:
      return absl::StrCat("Limit ", FormatExpression(*static_cast<const Limit&>(node).count));
    case Node::Kind::kUnwind: {
      const auto& unwind = static_cast<const Unwind&>(node);
      return absl::StrCat("Unwind ", Slots(unwind.slot), " in ", FormatExpression(*unwind.list));
    }
    case Node::Kind::kUnion:
      return "Union";
    case Node::Kind::kOptional:
      return "Optional";
    case Node::Kind::kRank: {
      const auto& rank = static_cast<const Rank&>(node);
      return absl::StrCat(rank.last ? "Last " : "First ", rank.count,
                          rank.is_ordered ? ", stops early" : "");
    }
    case Node::Kind::kSelect: {
      constexpr absl::string_view kNames[] = {"SEQUENTIAL", "CONTINUOUS",   "EARLIEST",    "LATEST",
                                              "FASTEST",    "ANY SHORTEST", "ALL SHORTEST"};
      const auto& select = static_cast<const Select&>(node);
      return absl::StrCat("Select ", Join(select.choices, [&](const PathChoice& choice) {
                            return std::string(kNames[static_cast<int>(choice.kind)]);
                          }));
    }
    case Node::Kind::kCreate: {
      const auto& create = static_cast<const Create&>(node);
      return absl::StrCat("Create ", create.nodes.size(), " nodes, ", create.edges.size(),
                          " relationships");
    }
    case Node::Kind::kMerge:
      return "Merge";
    case Node::Kind::kSet:
      return "Set";
    case Node::Kind::kDelete:
      return static_cast<const Delete&>(node).detach ? "DetachDelete" : "Delete";
  }
  return "?";
}

void AppendNode(const Node& node, int depth, std::vector<std::string>* lines) {
  lines->push_back(absl::StrCat(std::string(2 * depth, ' '), Describe(node), "  ~",
                                std::llround(std::ceil(node.rows)), " rows"));
  const auto inner = [&](const NodePtr& other) { AppendNode(*other, depth + 1, lines); };
  switch (node.kind) {
    case Node::Kind::kUnion:
      for (const NodePtr& branch : static_cast<const Union&>(node).branches) inner(branch);
      break;
    case Node::Kind::kOptional:
      inner(static_cast<const Optional&>(node).inner);
      break;
    case Node::Kind::kRank:
      inner(static_cast<const Rank&>(node).inner);
      break;
    case Node::Kind::kSelect:
      inner(static_cast<const Select&>(node).inner);
      break;
    case Node::Kind::kMerge:
      inner(static_cast<const Merge&>(node).inner);
      break;
    default:
      break;
  }
  if (node.input != nullptr) AppendNode(*node.input, depth, lines);
}

}  // namespace

std::vector<std::string> FormatPlan(const Plan& plan) {
  std::vector<std::string> lines;
  AppendNode(*plan.root, 0, &lines);
  return lines;
}

}  // namespace fasti::plan
