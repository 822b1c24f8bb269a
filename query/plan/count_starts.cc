// Counting facts by when they began needs no facts: the engine tells how many begin in each month.
//
//   MATCH ()-[f:visits]->() RETURN date.truncate('month', valid(f).start) AS m, count(*)
//
//   Aggregate by [m = date.truncate('month', valid(f).start)] count()      reads every fact
//     RelationScan ()-[f:visits]->()
//
//   Aggregate by [m = date.truncate('month', #start)] sum(#count)          reads a row per month
//     CountByStart ()-[:visits]->() by month
//
// `valid(f).start` begins the granule in which a fact began, however coarsely that was told, and is
// null for one that has no start; so does the engine count.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "query/function/registry.h"
#include "query/plan/optimizer.h"

namespace fasti::plan {

namespace {

// The granule in which all dates have the same `date.truncate(unit, date)`, if there is one.
std::optional<Precision> GranuleOfUnit(absl::string_view unit) {
  constexpr std::pair<absl::string_view, Precision> kUnits[] = {
      {"century", Precision::kCentury}, {"decade", Precision::kDecade}, {"year", Precision::kYear},
      {"quarter", Precision::kQuarter}, {"month", Precision::kMonth},   {"week", Precision::kDay},
      {"day", Precision::kDay},
  };
  for (const auto& [name, precision] : kUnits) {
    if (absl::EqualsIgnoreCase(unit, name)) return precision;
  }
  return std::nullopt;
}

// The same for the component of that name.
std::optional<Precision> GranuleOfComponent(absl::string_view name) {
  constexpr std::pair<absl::string_view, Precision> kComponents[] = {
      {"year", Precision::kYear},
      {"quarter", Precision::kQuarter},
      {"month", Precision::kMonth},
      {"day", Precision::kDay},
  };
  for (const auto& [component, precision] : kComponents) {
    if (name == component) return precision;
  }
  return std::nullopt;
}

bool IsSlot(const Expression& expression, Slot slot) {
  return expression.kind == Expression::Kind::kSlot && expression.slot == slot;
}

bool IsCall(const Expression& expression, absl::string_view function) {
  return expression.kind == Expression::Kind::kCall && expression.function->name == function;
}

// valid(edge).start
bool IsStartOf(const Expression& expression, Slot edge) {
  return expression.kind == Expression::Kind::kProperty && expression.name == "start" &&
         IsCall(*expression.args[0], "valid") && IsSlot(*expression.args[0]->args[0], edge);
}

// Tries to count below one Aggregate.
class StartCounter {
 public:
  StartCounter(Aggregate& aggregate, int* width) : aggregate_(aggregate), width_(width) {}

  void Run() {
    if (!FindScan() || !CallsCountRows()) return;
    count_->start = *width_;
    count_->count = *width_ + 1;
    std::vector<Assignment> keys = aggregate_.keys;
    for (Assignment& key : keys) key.value = OverStart(key.value);
    const auto reads_scan = [this](const Assignment& item) { return ReadsScan(*item.value); };
    if (std::any_of(keys.begin(), keys.end(), reads_scan) ||
        std::any_of(aggregate_.agreed.begin(), aggregate_.agreed.end(), reads_scan)) {
      return;
    }
    *width_ += 2;
    aggregate_.keys = std::move(keys);
    for (Aggregate::Call& call : aggregate_.calls) {
      call.function = function::FindFunction("sum");
      call.args = {SlotReference(count_->count)};
    }
    count_->rows = std::min(aggregate_.input->rows, 1000.0);
    count_->input = std::move(aggregate_.input->input);
    aggregate_.input = std::move(count_);
  }

 private:
  // The facts that are counted, one by one so far.
  bool FindScan() {
    const Node& input = *aggregate_.input;
    if (input.kind == Node::Kind::kRelationScan) {
      const auto& scan = static_cast<const RelationScan&>(input);
      if (!scan.differs_from.empty()) return false;
      fills_ = {scan.from, scan.edge, scan.to};
      edge_ = scan.edge;
      count_ = std::make_unique<StartCount>();
      count_->direction = scan.direction;
      count_->relations = scan.relations;
      count_->view = scan.view;
      return true;
    }
    if (input.kind == Node::Kind::kExpand) {
      const auto& expand = static_cast<const Expand&>(input);
      const bool may_be_literal =
          expand.relations.any_attribute ||
          std::any_of(expand.relations.names.begin(), expand.relations.names.end(),
                      [](const RelationName& name) { return name.is_attribute; });
      if (!expand.differs_from.empty() || (expand.to_bound && may_be_literal)) return false;
      fills_ = {expand.edge};
      if (!expand.to_bound) fills_.push_back(expand.to);
      edge_ = expand.edge;
      count_ = std::make_unique<StartCount>();
      count_->from = expand.from;
      if (expand.to_bound) count_->to = expand.to;
      count_->direction = expand.direction;
      count_->relations = expand.relations;
      count_->view = expand.view;
      return true;
    }
    return false;
  }

  // What a scan fills is never null.
  bool CallsCountRows() const {
    return std::all_of(aggregate_.calls.begin(), aggregate_.calls.end(),
                       [this](const Aggregate::Call& call) {
                         return call.function->name == "count" && !call.distinct &&
                                (call.args.empty() || IsFilled(*call.args[0]));
                       });
  }

  bool IsFilled(const Expression& expression) const {
    return std::any_of(fills_.begin(), fills_.end(),
                       [&](Slot slot) { return IsSlot(expression, slot); });
  }

  bool ReadsScan(const Expression& expression) const {
    bool reads = false;
    ForEachSlot(expression, [&](Slot slot) {
      reads = reads || std::find(fills_.begin(), fills_.end(), slot) != fills_.end();
    });
    return reads;
  }

  // The expression over the start of a granule, where it reads no more of the edge than that.
  ExpressionPtr OverStart(const ExpressionPtr& expression) {
    return Rewrite(expression, [this](const ExpressionPtr& part) -> ExpressionPtr {
      std::optional<Precision> granule;
      size_t start = 0;
      if (part->kind == Expression::Kind::kProperty) {
        granule = GranuleOfComponent(part->name);
      } else if (IsCall(*part, "date.truncate") && part->args.size() == 2 &&
                 part->args[0]->kind == Expression::Kind::kConstant &&
                 part->args[0]->constant.is(Value::Kind::kString)) {
        granule = GranuleOfUnit(part->args[0]->constant.as_string());
        start = 1;
      }
      if (!granule.has_value() || !IsStartOf(*part->args[start], edge_)) return nullptr;
      count_->precision = std::min(count_->precision, *granule);
      auto result = std::make_shared<Expression>(*part);
      result->args[start] = SlotReference(count_->start);
      return result;
    });
  }

  Aggregate& aggregate_;
  int* width_;
  std::unique_ptr<StartCount> count_;
  Slot edge_ = kNoSlot;
  std::vector<Slot> fills_;  // slots of the scan that nobody may read any more
};

}  // namespace

void CountStarts(Node* root, int* width) {
  ForEachInput(*root, [&](NodePtr& input) { CountStarts(input.get(), width); });
  if (root->kind == Node::Kind::kAggregate) {
    StartCounter(static_cast<Aggregate&>(*root), width).Run();
  }
}

}  // namespace fasti::plan
