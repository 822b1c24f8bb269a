#include "query/exec/build.h"

#include <utility>

#include "query/exec/aggregate.h"
#include "query/exec/apply_operators.h"
#include "query/exec/changes.h"
#include "query/exec/row_operators.h"
#include "query/exec/scan_operators.h"
#include "query/exec/select.h"
#include "query/exec/window_operator.h"
#include "query/exec/write_operators.h"

namespace fasti::exec {

namespace {

using Kind = plan::Node::Kind;

bool Writes(const plan::Node& node) {
  switch (node.kind) {
    case Kind::kCreate:
    case Kind::kMerge:
    case Kind::kSet:
    case Kind::kDelete:
      return true;
    case Kind::kUnion:
      for (const plan::NodePtr& branch : static_cast<const plan::Union&>(node).branches) {
        if (Writes(*branch)) return true;
      }
      return false;
    default:
      return node.input != nullptr && Writes(*node.input);
  }
}

template <typename Operator, typename Node>
OperatorPtr Streaming(const plan::Node& node, RunContext& context, OperatorPtr input, int width) {
  return std::make_unique<Operator>(static_cast<const Node&>(node), context, std::move(input),
                                    width);
}

template <typename Operator, typename Node>
OperatorPtr Plain(const plan::Node& node, RunContext& context, OperatorPtr input) {
  return std::make_unique<Operator>(static_cast<const Node&>(node), context, std::move(input));
}

template <typename Operator, typename Node>
OperatorPtr Writing(const plan::Node& node, RunContext& context, OperatorPtr input, int width) {
  return std::make_unique<Operator>(static_cast<const Node&>(node), context,
                                    context.changes()->transaction(), std::move(input), width);
}

}  // namespace

OperatorPtr Build(const plan::Node& node, int width, RunContext& context,
                  std::vector<ArgumentOperator*>* leaves) {
  OperatorPtr input;
  if (node.input != nullptr) input = Build(*node.input, width, context, leaves);
  switch (node.kind) {
    case Kind::kUnit:
      return std::make_unique<UnitOperator>();
    case Kind::kArgument: {
      auto leaf = std::make_unique<ArgumentOperator>(width);
      leaves->push_back(leaf.get());
      return leaf;
    }
    case Kind::kNodeScan:
      return Streaming<NodeScanOperator, plan::NodeScan>(node, context, std::move(input), width);
    case Kind::kRelationScan:
      return Streaming<RelationScanOperator, plan::RelationScan>(node, context, std::move(input),
                                                                 width);
    case Kind::kExpand:
      return Streaming<ExpandOperator, plan::Expand>(node, context, std::move(input), width);
    case Kind::kStartCount:
      return Streaming<StartCountOperator, plan::StartCount>(node, context, std::move(input),
                                                             width);
    case Kind::kVarExpand:
      return Streaming<VarExpandOperator, plan::VarExpand>(node, context, std::move(input), width);
    case Kind::kBoundEdge:
      return Streaming<BoundEdgeOperator, plan::BoundEdge>(node, context, std::move(input), width);
    case Kind::kUnwind:
      return Streaming<UnwindOperator, plan::Unwind>(node, context, std::move(input), width);
    case Kind::kOptional:
      return Streaming<OptionalOperator, plan::Optional>(node, context, std::move(input), width);
    case Kind::kSelect:
      return Streaming<SelectOperator, plan::Select>(node, context, std::move(input), width);
    case Kind::kRank:
      return Streaming<RankOperator, plan::Rank>(node, context, std::move(input), width);
    case Kind::kSort:
      return Streaming<SortOperator, plan::Sort>(node, context, std::move(input), width);
    case Kind::kAggregate:
      return Streaming<AggregateOperator, plan::Aggregate>(node, context, std::move(input), width);
    case Kind::kWindow:
      return Streaming<WindowOperator, plan::Window>(node, context, std::move(input), width);
    case Kind::kFilter:
      return Plain<FilterOperator, plan::Filter>(node, context, std::move(input));
    case Kind::kProject:
      return Plain<ProjectOperator, plan::Project>(node, context, std::move(input));
    case Kind::kDistinct:
      return Plain<DistinctOperator, plan::Distinct>(node, context, std::move(input));
    case Kind::kSkip:
      return Plain<SkipOperator, plan::Skip>(node, context, std::move(input));
    case Kind::kLimit:
      return std::make_unique<LimitOperator>(static_cast<const plan::Limit&>(node), context,
                                             std::move(input), Writes(*node.input));
    case Kind::kUnion: {
      std::vector<OperatorPtr> branches;
      for (const plan::NodePtr& branch : static_cast<const plan::Union&>(node).branches) {
        branches.push_back(Build(*branch, width, context, leaves));
      }
      return std::make_unique<UnionOperator>(std::move(branches));
    }
    case Kind::kCreate:
      return Writing<CreateOperator, plan::Create>(node, context, std::move(input), width);
    case Kind::kSet:
      return Writing<SetOperator, plan::Set>(node, context, std::move(input), width);
    case Kind::kDelete:
      return Writing<DeleteOperator, plan::Delete>(node, context, std::move(input), width);
    case Kind::kMerge:
      return Writing<MergeOperator, plan::Merge>(node, context, std::move(input), width);
    case Kind::kMatch:
      break;
  }
  FASTI_CHECK(false);  // The optimizer leaves no Match.
  return nullptr;
}

}  // namespace fasti::exec
