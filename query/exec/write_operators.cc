#include "query/exec/write_operators.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"

namespace fasti::exec {

absl::Status WriteOperator::Run() {
  while (true) {
    Batch batch(width_);
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(&batch));
    if (!more) break;
    size_t bytes = sizeof(Batch);
    for (Slot slot = 0; slot < batch.width(); ++slot) {
      bytes += ApproximateBytes(batch.column(slot));
    }
    charged_ += bytes;
    FASTI_RETURN_IF_ERROR(context_.Charge(bytes));
    batches_.push_back(std::move(batch));
  }
  for (Batch& batch : batches_) {
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    FASTI_RETURN_IF_ERROR(Apply(&batch));
  }
  return Finish();
}

absl::StatusOr<bool> WriteOperator::Next(Batch* out) {
  if (!done_) {
    done_ = true;
    FASTI_RETURN_IF_ERROR(Run());
  }
  out->Clear();
  while (next_ < batches_.size()) {
    Batch& batch = batches_[next_++];
    if (batch.size() == 0) continue;
    *out = std::move(batch);
    return true;
  }
  return false;
}

// ---------------------------------------------------------------------------------------------

absl::Status CreateOperator::Apply(Batch* batch) {
  Batch out(width_);
  for (size_t i = 0; i < batch->size(); ++i) {
    out.AddRow(*batch, i, node_.carry);
    const Row row{&out, i};
    for (const plan::CreateNode& node : node_.nodes) {
      FASTI_ASSIGN_OR_RETURN(Value value, writer_.CreateNode(node, row));
      out.Put(node.slot, std::move(value));
    }
    FASTI_ASSIGN_OR_RETURN(const Scope scope, writer_.ScopeOf(node_.scope, row));
    for (const plan::CreateEdge& edge : node_.edges) {
      absl::StatusOr<Value> value = writer_.CreateEdge(edge, scope, row);
      if (!value.ok()) return Located(std::move(value).status(), edge.place);
      out.Put(edge.slot, *std::move(value));
    }
  }
  *batch = std::move(out);
  return absl::OkStatus();
}

absl::Status SetOperator::Apply(Batch* batch) {
  for (size_t i = 0; i < batch->size(); ++i) {
    const Row row{batch, i};
    FASTI_ASSIGN_OR_RETURN(const Scope scope, writer_.ScopeOf(node_.scope, row));
    for (const plan::SetItem& item : node_.items) {
      absl::Status status = writer_.Set(item, scope, row);
      if (!status.ok()) return Located(std::move(status), item.place);
    }
  }
  return absl::OkStatus();
}

// ---------------------------------------------------------------------------------------------

absl::Status DeleteOperator::Gather(const Value& target, const plan::Place& place) {
  switch (target.kind()) {
    case Value::Kind::kNull:
      return absl::OkStatus();
    case Value::Kind::kNode:
      nodes_.push_back(target.as_node());
      return absl::OkStatus();
    case Value::Kind::kFact:
      facts_.push_back(target.as_fact());
      return absl::OkStatus();
    case Value::Kind::kPath: {
      const Path& path = target.as_path();
      nodes_.insert(nodes_.end(), path.nodes.begin(), path.nodes.end());
      facts_.insert(facts_.end(), path.facts.begin(), path.facts.end());
      return absl::OkStatus();
    }
    default:
      break;
  }
  return RunError(
      function::kInvalidType, place,
      absl::StrCat("DELETE takes a Node, Relationship or Path, found ", KindName(target.kind())));
}

absl::Status DeleteOperator::Apply(Batch* batch) {
  for (size_t i = 0; i < batch->size(); ++i) {
    const Row row{batch, i};
    for (const plan::ExpressionPtr& target : node_.targets) {
      FASTI_ASSIGN_OR_RETURN(const Value value, evaluator_.Evaluate(*target, row));
      FASTI_RETURN_IF_ERROR(Gather(value, target->place));
    }
    if (node_.scope.valid == nullptr && node_.scope.claim == nullptr) continue;
    // What VALID and CLAIM say may differ from row to row.
    FASTI_ASSIGN_OR_RETURN(const Scope scope, writer_.ScopeOf(node_.scope, row));
    FASTI_RETURN_IF_ERROR(
        writer_.Delete(facts_, nodes_, node_.detach, scope, node_.targets[0]->place));
    facts_.clear();
    nodes_.clear();
  }
  return absl::OkStatus();
}

absl::Status DeleteOperator::Finish() {
  return writer_.Delete(facts_, nodes_, node_.detach, Scope(), node_.targets[0]->place);
}

// ---------------------------------------------------------------------------------------------

MergeOperator::MergeOperator(const plan::Merge& node, RunContext& context, Transaction& transaction,
                             OperatorPtr input, int width)
    : WriteOperator(context, transaction, std::move(input), width),
      node_(node),
      inner_(*node.inner, node.argument, width, context),
      found_(width) {}

absl::Status MergeOperator::Apply(Batch* batch) {
  Batch out(width_);
  for (size_t i = 0; i < batch->size(); ++i) {
    FASTI_RETURN_IF_ERROR(MergeRow(Row{batch, i}, &out));
  }
  *batch = std::move(out);
  return absl::OkStatus();
}

absl::Status MergeOperator::CheckNoNulls(const Row& row) {
  const auto check = [&](const plan::ExpressionPtr& properties,
                         const plan::Place& place) -> absl::Status {
    if (properties == nullptr) return absl::OkStatus();
    FASTI_ASSIGN_OR_RETURN(const Value value, evaluator_.Evaluate(*properties, row));
    if (!value.is(Value::Kind::kMap)) return absl::OkStatus();
    for (const auto& [key, property] : value.as_map()) {
      if (!property.is_null()) continue;
      return RunError(
          "SemanticError.MergeReadOwnWrites", place,
          absl::StrCat("MERGE cannot look for a property that is null, as `", key, "` is here"));
    }
    return absl::OkStatus();
  };
  for (const plan::CreateNode& node : node_.nodes) {
    FASTI_RETURN_IF_ERROR(check(node.properties, node.place));
  }
  for (const plan::CreateEdge& edge : node_.edges) {
    FASTI_RETURN_IF_ERROR(check(edge.properties, edge.place));
  }
  return absl::OkStatus();
}

absl::Status MergeOperator::MergeRow(const Row& row, Batch* out) {
  FASTI_RETURN_IF_ERROR(CheckNoNulls(row));
  const size_t first = out->size();
  inner_.Start(row);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, inner_.Next(&found_));
    if (!more) break;
    for (size_t i = 0; i < found_.size(); ++i) {
      out->AddRow(*row.batch, row.index, node_.carry);
      for (const plan::CreateNode& node : node_.nodes) out->PutFrom(node.slot, found_, i);
      for (const plan::CreateEdge& edge : node_.edges) out->PutFrom(edge.slot, found_, i);
      for (const plan::Assignment& path : node_.paths) out->PutFrom(path.slot, found_, i);
    }
  }
  const bool is_created = out->size() == first;
  if (is_created) FASTI_RETURN_IF_ERROR(CreateRow(row, out));
  // Only now, since what ON MATCH changes must not change what is found.
  for (size_t i = first; i < out->size(); ++i) {
    const Row result{out, i};
    FASTI_ASSIGN_OR_RETURN(const Scope scope, writer_.ScopeOf(node_.scope, result));
    if (!is_created) {
      for (const plan::CreateEdge& edge : node_.edges) {
        absl::Status status = writer_.AddClaim(*result[edge.slot].as_fact(), scope);
        if (!status.ok()) return Located(std::move(status), edge.place);
      }
    }
    for (const plan::SetItem& item : is_created ? node_.on_create : node_.on_match) {
      // VALID and CLAIM speak of the relationship; what else is set is set for good.
      absl::Status status = writer_.Set(item, Scope(), result);
      if (!status.ok()) return Located(std::move(status), item.place);
    }
  }
  return absl::OkStatus();
}

absl::Status MergeOperator::CreateRow(const Row& row, Batch* out) {
  out->AddRow(*row.batch, row.index, node_.carry);
  const Row created{out, out->size() - 1};
  for (const plan::CreateNode& node : node_.nodes) {
    FASTI_ASSIGN_OR_RETURN(Value value, writer_.CreateNode(node, created));
    out->Put(node.slot, std::move(value));
  }
  FASTI_ASSIGN_OR_RETURN(const Scope scope, writer_.ScopeOf(node_.scope, created));
  for (const plan::CreateEdge& edge : node_.edges) {
    absl::StatusOr<Value> value = writer_.CreateEdge(edge, scope, created);
    if (!value.ok()) return Located(std::move(value).status(), edge.place);
    out->Put(edge.slot, *std::move(value));
  }
  for (const plan::Assignment& path : node_.paths) {
    FASTI_ASSIGN_OR_RETURN(Value value, evaluator_.Evaluate(*path.value, created));
    out->Put(path.slot, std::move(value));
  }
  return absl::OkStatus();
}

}  // namespace fasti::exec
