#include "query/exec/run.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/exec/build.h"
#include "query/exec/changes.h"
#include "query/exec/value_depth.h"

namespace fasti::exec {

namespace {

// What nodes and relationships of a snapshot look like.
absl::StatusOr<NodeView> Describe(const Snapshot& snapshot, const View& view, EntityId entity) {
  NodeView node;
  node.id = entity;
  FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, snapshot.Labels(entity, view));
  for (LabelId label : labels) node.labels.push_back(snapshot.GetLabel(label).name);
  std::sort(node.labels.begin(), node.labels.end());
  FASTI_ASSIGN_OR_RETURN(node.properties, snapshot.Attributes(entity, view));
  return node;
}

absl::StatusOr<RelationshipView> Describe(const Snapshot& snapshot, const View& view,
                                          const Fact& fact) {
  RelationshipView relationship;
  relationship.id = fact.lineage;
  relationship.type = snapshot.GetRelation(fact.relation).name;
  relationship.start = fact.subject;
  if (fact.object.is_entity()) relationship.end = fact.object.entity();
  if (fact.has_claims) {
    FASTI_ASSIGN_OR_RETURN(relationship.properties,
                           snapshot.Figures(fact, view.as_of, std::nullopt));
  }
  FASTI_ASSIGN_OR_RETURN(const Map qualifiers, snapshot.Qualifiers(fact));
  for (const auto& [key, value] : qualifiers) relationship.properties[key] = value;
  return relationship;
}

absl::Status TooManyRows(uint64_t limit) {
  return RunError("LimitError.Rows", {},
                  absl::StrCat("the query yields more than ", limit, " rows"));
}

// The view in which a statement shows its nodes.
absl::StatusOr<View> StatementView(const plan::Plan& plan, RunContext& context) {
  Evaluator evaluator(context);
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator.EvaluateView(plan.view, Row{}));
  return view == nullptr ? View() : *view;
}

// Computes rows as they are asked for.
class StreamingResult : public Result {
 public:
  StreamingResult(std::shared_ptr<Executions> executions, std::unique_ptr<Snapshot> snapshot,
                  const Parameters& parameters, const RunLimits& limits, const Interrupt& interrupt)
      : executions_(std::move(executions)),
        execution_(executions_->Take()),
        rows_left_(limits.rows),
        rows_max_(limits.rows) {
    execution_->Begin(std::move(snapshot), parameters, limits, interrupt);
  }
  ~StreamingResult() override { executions_->Return(std::move(execution_)); }

  absl::Status Start() {
    FASTI_ASSIGN_OR_RETURN(view_, StatementView(plan(), execution_->context()));
    return absl::OkStatus();
  }

  const std::vector<std::string>& columns() const override { return plan().columns; }
  absl::StatusOr<bool> Next(std::vector<Value>* row) override;
  const Effects& effects() const override { return effects_; }
  Sequence sequence() const override { return execution_->snapshot().sequence(); }
  absl::StatusOr<NodeView> Node(EntityId entity) const override {
    return Describe(execution_->snapshot(), view_, entity);
  }
  absl::StatusOr<RelationshipView> Relationship(const Fact& fact) const override {
    return Describe(execution_->snapshot(), view_, fact);
  }

 private:
  const plan::Plan& plan() const { return executions_->plan(); }
  // Puts output `number` of the next row into the caller's.
  void Give(size_t number, Value* value);

  const std::shared_ptr<Executions> executions_;  // shared with the Prepared that may run it again
  std::unique_ptr<Execution> execution_;
  uint64_t rows_left_;
  const uint64_t rows_max_;
  size_t next_ = 0;
  bool done_ = false;
  View view_;
  const Effects effects_;
  std::vector<std::shared_ptr<Fact>> given_;  // with the last row, by number of the output
};

void StreamingResult::Give(size_t number, Value* value) {
  const Slot slot = plan().outputs[number];
  const absl::Span<const Fact> facts = execution_->batch().column(slot).facts();
  if (facts.empty()) {
    *value = execution_->batch().at(slot, next_);
    return;
  }
  if (given_.empty()) given_.resize(plan().outputs.size());
  std::shared_ptr<Fact>& given = given_[number];
  // If the caller holds the last relationship in this place and nobody else does, it becomes the
  // next one: to free it and to allocate another would cost more than all of the copying.
  if (given.use_count() == 2 && value->is(Value::Kind::kFact) && value->as_fact() == given) {
    std::atomic_thread_fence(std::memory_order_acquire);  // behind what others did with it
    *given = facts[next_];
  } else {
    given = std::make_shared<Fact>(facts[next_]);
    *value = Value(given);
  }
}

absl::StatusOr<bool> StreamingResult::Next(std::vector<Value>* row) {
  if (done_) return false;
  const Batch& batch = execution_->batch();
  if (next_ == batch.size()) {
    absl::StatusOr<bool> more = execution_->Next();
    if (!more.ok()) {
      done_ = true;
      return Located(std::move(more).status(), {});
    }
    next_ = 0;
    if (!*more) {
      done_ = true;
      return false;
    }
  }
  if (rows_left_ == 0) {
    done_ = true;
    return TooManyRows(rows_max_);
  }
  --rows_left_;
  row->resize(plan().outputs.size());
  for (size_t number = 0; number < row->size(); ++number) Give(number, &(*row)[number]);
  ++next_;
  return true;
}

// Holds its rows.
class TableResult : public Result {
 public:
  TableResult(std::vector<std::string> columns, std::vector<std::vector<Value>> rows,
              std::unique_ptr<Snapshot> snapshot, View view, const Effects& effects)
      : columns_(std::move(columns)),
        rows_(std::move(rows)),
        snapshot_(std::move(snapshot)),
        view_(std::move(view)),
        effects_(effects) {}

  const std::vector<std::string>& columns() const override { return columns_; }
  absl::StatusOr<bool> Next(std::vector<Value>* row) override {
    if (next_ == rows_.size()) return false;
    *row = std::move(rows_[next_++]);
    return true;
  }
  const Effects& effects() const override { return effects_; }
  Sequence sequence() const override { return snapshot_->sequence(); }
  absl::StatusOr<NodeView> Node(EntityId entity) const override {
    return Describe(*snapshot_, view_, entity);
  }
  absl::StatusOr<RelationshipView> Relationship(const Fact& fact) const override {
    return Describe(*snapshot_, view_, fact);
  }

 private:
  const std::vector<std::string> columns_;
  std::vector<std::vector<Value>> rows_;
  size_t next_ = 0;
  const std::unique_ptr<Snapshot> snapshot_;
  const View view_;
  const Effects effects_;
};

// A value as the statement leaves it: its relationships in their newest version.
Value Settled(const Value& value, const Changes& changes) {
  if (value.is(Value::Kind::kFact)) return Value(changes.Current(value.as_fact()));
  if (value.is(Value::Kind::kList)) {
    List list = value.as_list();
    for (Value& item : list) item = Settled(item, changes);
    return Value(std::move(list));
  }
  if (value.is(Value::Kind::kMap)) {
    Map map = value.as_map();
    for (auto& [key, item] : map) item = Settled(item, changes);
    return Value(std::move(map));
  }
  if (value.is(Value::Kind::kPath)) {
    Path path = value.as_path();
    for (std::shared_ptr<const Fact>& fact : path.facts) fact = changes.Current(fact);
    return Value(std::move(path));
  }
  return value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Result>> RunReading(std::shared_ptr<Executions> executions,
                                                   const Database& database,
                                                   const Parameters& parameters,
                                                   const RunLimits& limits,
                                                   const Interrupt& interrupt) {
  FASTI_RETURN_IF_ERROR(CheckParameters(executions->plan().parameters, parameters));
  auto result = std::make_unique<StreamingResult>(std::move(executions), database.GetSnapshot(),
                                                  parameters, limits, interrupt);
  FASTI_RETURN_IF_ERROR(result->Start());
  return result;
}

absl::StatusOr<std::unique_ptr<Result>> RunWriting(const plan::Plan& plan, Database& database,
                                                   const Parameters& parameters,
                                                   const RunLimits& limits,
                                                   const Interrupt& interrupt) {
  FASTI_RETURN_IF_ERROR(CheckParameters(plan.parameters, parameters));
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> transaction, database.Begin());
  Changes changes(*transaction);
  RunContext context(plan, &changes);
  context.Begin(transaction->view(), parameters, limits, interrupt);
  FASTI_ASSIGN_OR_RETURN(View view, StatementView(plan, context));
  std::vector<ArgumentOperator*> leaves;
  const OperatorPtr root = Build(*plan.root, plan.width, context, &leaves);
  Batch batch(plan.width);
  std::vector<std::vector<Value>> rows;
  while (true) {
    absl::StatusOr<bool> more = root->Next(&batch);
    if (!more.ok()) return Located(std::move(more).status(), {});
    if (!*more) break;
    if (plan.outputs.empty()) continue;
    if (rows.size() + batch.size() > limits.rows) return TooManyRows(limits.rows);
    for (size_t i = 0; i < batch.size(); ++i) {
      std::vector<Value>& row = rows.emplace_back();
      size_t bytes = sizeof(row);
      for (Slot slot : plan.outputs) {
        row.push_back(batch.at(slot, i));
        bytes += ApproximateBytes(row.back());
      }
      FASTI_RETURN_IF_ERROR(context.Charge(bytes));
    }
  }
  for (std::vector<Value>& row : rows) {
    for (Value& value : row) value = Settled(value, changes);
  }
  FASTI_ASSIGN_OR_RETURN(const Effects effects, changes.NetEffects());
  FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  return std::make_unique<TableResult>(plan.columns, std::move(rows), database.GetSnapshot(),
                                       std::move(view), effects);
}

std::unique_ptr<Result> MakeResult(std::vector<std::string> columns,
                                   std::vector<std::vector<Value>> rows,
                                   std::unique_ptr<Snapshot> snapshot) {
  return std::make_unique<TableResult>(std::move(columns), std::move(rows), std::move(snapshot),
                                       View(), Effects());
}

}  // namespace fasti::exec
