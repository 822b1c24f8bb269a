#include "query/schema_statements.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/check.h"
#include "fasti/status_macros.h"
#include "query/exec/run.h"
#include "query/exec/run_context.h"

namespace fasti::query {

namespace {

// REQUIRES: CheckSemantics found no fault with it.
void ApplyTrait(const ast::CreateRelation::Trait& trait, RelationInfo* info) {
  switch (trait.kind) {
    case ast::RelationTrait::kEvent:
      info->kind = RelationKind::kEvent;
      return;
    case ast::RelationTrait::kState:
      info->kind = RelationKind::kState;
      return;
    case ast::RelationTrait::kMetric:
      info->kind = RelationKind::kMetric;
      return;
    case ast::RelationTrait::kSymmetric:
      info->symmetric = true;
      return;
    case ast::RelationTrait::kFunctional:
      info->functional = true;
      return;
    case ast::RelationTrait::kInverse:
      info->inverse = trait.argument;
      return;
    case ast::RelationTrait::kUnit:
      info->unit = trait.argument;
      return;
    case ast::RelationTrait::kResolve: {
      const std::optional<Policy> policy = PolicyFromName(trait.argument);
      FASTI_CHECK(policy.has_value());
      info->policy = *policy;
      return;
    }
  }
}

absl::StatusOr<std::unique_ptr<Result>> Committed(Transaction& transaction,
                                                  const Database& database) {
  FASTI_RETURN_IF_ERROR(transaction.Commit().status());
  return exec::MakeResult({}, {}, database.GetSnapshot());
}

std::vector<std::vector<Value>> Types(const Snapshot& snapshot) {
  std::vector<std::vector<Value>> rows;
  for (const LabelInfo& label : snapshot.AllLabels()) {
    const bool has_parent = label.parent != LabelId::kNone;
    rows.push_back(
        {Value(label.name), has_parent ? Value(snapshot.GetLabel(label.parent).name) : Value()});
  }
  return rows;
}

std::vector<std::vector<Value>> Relations(const Snapshot& snapshot) {
  const auto text = [](absl::string_view value) { return value.empty() ? Value() : Value(value); };
  std::vector<std::vector<Value>> rows;
  for (const RelationInfo& relation : snapshot.Relations()) {
    std::vector<std::string> traits;
    if (relation.symmetric) traits.push_back("SYMMETRIC");
    if (relation.functional) traits.push_back("FUNCTIONAL");
    if (!relation.inverse.empty()) traits.push_back(absl::StrCat("INVERSE ", relation.inverse));
    rows.push_back({Value(absl::StrCat(relation.is_attribute ? "." : "", relation.name)),
                    text(RelationKindName(relation.kind)), text(relation.subject_type),
                    text(relation.object_type), text(absl::StrJoin(traits, " ")),
                    text(relation.unit), Value(PolicyName(relation.policy))});
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Result>> Declare(const ast::CreateType& type, Database& database) {
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> transaction, database.Begin());
  FASTI_RETURN_IF_ERROR(transaction->DeclareLabel(type.name, type.parent));
  return Committed(*transaction, database);
}

absl::StatusOr<std::unique_ptr<Result>> Declare(const ast::CreateRelation& relation,
                                                Database& database) {
  RelationInfo info;
  info.name = relation.name;
  info.is_attribute = relation.is_attribute;
  info.subject_type = relation.subject_type;
  info.object_type = relation.object_type;
  for (const ast::CreateRelation::Trait& trait : relation.traits) {
    ApplyTrait(trait, &info);
  }
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> transaction, database.Begin());
  const std::optional<RelationInfo> known = relation.is_attribute
                                                ? transaction->view().FindAttribute(info.name)
                                                : transaction->view().FindRelation(info.name);
  if (known.has_value()) {  // The language has no words for these: what was declared stays.
    info.key_qualifiers = known->key_qualifiers;
    info.merge_window_days = known->merge_window_days;
  }
  FASTI_RETURN_IF_ERROR(transaction->DeclareRelation(info));
  if (!info.inverse.empty()) {
    // The other name knows this one, so that a pattern finds the facts by either.
    RelationInfo inverse = info;
    inverse.name = info.inverse;
    inverse.inverse = info.name;
    inverse.functional = false;
    std::swap(inverse.subject_type, inverse.object_type);
    FASTI_RETURN_IF_ERROR(transaction->DeclareRelation(inverse));
  }
  return Committed(*transaction, database);
}

absl::StatusOr<std::unique_ptr<Result>> Show(const ast::Show& show, const Database& database) {
  const std::string what = absl::AsciiStrToLower(show.what.text);
  std::unique_ptr<Snapshot> snapshot = database.GetSnapshot();
  if (what == "types") {
    std::vector<std::vector<Value>> rows = Types(*snapshot);
    return exec::MakeResult({"type", "parent"}, std::move(rows), std::move(snapshot));
  }
  if (what == "relations") {
    std::vector<std::vector<Value>> rows = Relations(*snapshot);
    return exec::MakeResult({"relation", "kind", "subject", "object", "traits", "unit", "policy"},
                            std::move(rows), std::move(snapshot));
  }
  if (what == "stats") {
    std::vector<std::vector<Value>> rows;
    for (const auto& [name, figure] : database.Statistics()) {
      rows.push_back({Value(name), Value(static_cast<int64_t>(figure))});
    }
    return exec::MakeResult({"name", "value"}, std::move(rows), std::move(snapshot));
  }
  if (what == "denials") {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> denied, snapshot->Denied());
    std::vector<std::vector<Value>> rows;
    for (const Fact& fact : denied) {
      FASTI_ASSIGN_OR_RETURN(Value object, snapshot->ValueOf(fact.object));
      rows.push_back({Value(fact.subject), Value(std::make_shared<const Fact>(fact)),
                      std::move(object), Value(fact.valid)});
    }
    return exec::MakeResult({"subject", "fact", "object", "valid"}, std::move(rows),
                            std::move(snapshot));
  }
  return exec::RunError("SyntaxError.UnexpectedSyntax",
                        {show.what.position.line, show.what.position.column},
                        absl::StrCat("there is nothing called `", show.what.text,
                                     "` to show: types, relations, stats or denials"));
}

}  // namespace fasti::query
