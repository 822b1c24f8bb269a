#include "query/exec/writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/exec/portion.h"
#include "query/exec/relations.h"
#include "query/function/errors.h"
#include "query/function/operators.h"

namespace fasti::exec {

absl::Status CheckProperty(const Value& value, const plan::Place& place) {
  const auto is_storable = [](const Value& v) {
    switch (v.kind()) {
      case Value::Kind::kMap:
      case Value::Kind::kNode:
      case Value::Kind::kFact:
      case Value::Kind::kPath:
        return false;
      default:
        return true;
    }
  };
  if (!is_storable(value)) {
    return RunError("TypeError.InvalidPropertyType", place,
                    absl::StrCat("a property cannot hold a ", KindName(value.kind())));
  }
  if (!value.is(Value::Kind::kList)) return absl::OkStatus();
  for (const Value& item : value.as_list()) {
    if (is_storable(item)) continue;
    return RunError("TypeError.InvalidPropertyType", place,
                    absl::StrCat("a property cannot hold a List with a ", KindName(item.kind())));
  }
  return absl::OkStatus();
}

absl::StatusOr<Scope> Writer::ScopeOf(const plan::WriteScope& scope, const Row& row) {
  Scope result;
  if (scope.valid != nullptr) {
    FASTI_ASSIGN_OR_RETURN(const Value value, evaluator_.Evaluate(*scope.valid, row));
    absl::StatusOr<std::optional<Period>> period = function::AsPeriod(value, context_);
    if (!period.ok()) return Located(std::move(period).status(), scope.valid->place);
    if (!period->has_value()) {
      return RunError(function::kInvalidValue, scope.valid->place,
                      "VALID takes a period, not null");
    }
    result.valid = **period;
  }
  if (scope.claim != nullptr) {
    FASTI_ASSIGN_OR_RETURN(const Value value, evaluator_.Evaluate(*scope.claim, row));
    absl::StatusOr<Claim> claim = ReadClaim(value, transaction_, context_);
    if (!claim.ok()) return Located(std::move(claim).status(), scope.claim->place);
    result.claim = *std::move(claim);
  }
  return result;
}

absl::StatusOr<Map> Writer::PropertiesOf(const plan::ExpressionPtr& properties, const Row& row,
                                         const plan::Place& place) {
  if (properties == nullptr) return Map();
  FASTI_ASSIGN_OR_RETURN(const Value value, evaluator_.Evaluate(*properties, row));
  if (value.is_null()) return Map();
  if (!value.is(Value::Kind::kMap)) {
    return RunError(function::kInvalidType, place,
                    absl::StrCat("properties are a Map, found ", KindName(value.kind())));
  }
  Map result;
  for (const auto& [key, property] : value.as_map()) {
    if (property.is_null()) continue;
    FASTI_RETURN_IF_ERROR(CheckProperty(property, place));
    result.emplace(key, property);
  }
  return result;
}

// ---------------------------------------------------------------------------------------------
// CREATE

absl::StatusOr<Value> Writer::CreateNode(const plan::CreateNode& node, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Map properties, PropertiesOf(node.properties, row, node.place));
  FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction_.CreateEntity());
  changes_.NodeCreated(entity);
  for (const std::string& name : node.labels) {
    FASTI_ASSIGN_OR_RETURN(const LabelId label, transaction_.InternLabel(name));
    FASTI_RETURN_IF_ERROR(changes_.TouchLabel(label));
    FASTI_RETURN_IF_ERROR(transaction_.AddLabel(entity, label));
  }
  for (const auto& [key, value] : properties) {
    FASTI_ASSIGN_OR_RETURN(const RelationId relation, transaction_.InternAttribute(key));
    FASTI_RETURN_IF_ERROR(transaction_.SetAttribute(entity, relation, value));
  }
  return Value(entity);
}

absl::StatusOr<Value> Writer::CreateEdge(const plan::CreateEdge& edge, const Scope& scope,
                                         const Row& row) {
  const Value from = row[edge.from];
  const Value to = row[edge.to];
  if (!from.is(Value::Kind::kNode) || (!edge.relation.is_attribute && !to.is(Value::Kind::kNode)) ||
      to.is_null()) {
    return RunError("TypeError.InvalidArgumentType", edge.place,
                    absl::StrCat("a relationship needs a Node at each end, found ",
                                 KindName(from.kind()), " and ", KindName(to.kind())));
  }
  for (const Value* end : {&from, &to}) {
    if (end->is(Value::Kind::kNode) && changes_.IsDeleted(end->as_node())) {
      return RunError(function::kDeletedEntity, edge.place,
                      "a node at an end of the relationship was deleted by this statement");
    }
  }
  if (edge.relation.is_attribute) FASTI_RETURN_IF_ERROR(changes_.TouchNode(from.as_node()));
  FactDraft draft;
  draft.subject = from.as_node();
  FASTI_ASSIGN_OR_RETURN(draft.relation, edge.relation.is_attribute
                                             ? transaction_.InternAttribute(edge.relation.name)
                                             : transaction_.InternRelation(edge.relation.name));
  draft.object = to;
  if (edge.relation.is_attribute) FASTI_RETURN_IF_ERROR(CheckProperty(to, edge.place));
  FASTI_ASSIGN_OR_RETURN(draft.qualifiers, PropertiesOf(edge.properties, row, edge.place));
  draft.valid = scope.valid.value_or(Period::Always());
  Fact fact;
  if (scope.claim.has_value()) {
    FASTI_ASSIGN_OR_RETURN(fact, transaction_.AddClaim(draft, *scope.claim));
  } else {
    FASTI_ASSIGN_OR_RETURN(fact, transaction_.Assert(draft));
  }
  changes_.FactCreated(fact);
  return Value(std::make_shared<const Fact>(fact));
}

absl::Status Writer::AddClaim(const Fact& fact, const Scope& scope) {
  if (!scope.claim.has_value()) return absl::OkStatus();
  FASTI_RETURN_IF_ERROR(changes_.TouchFact(fact));
  FASTI_ASSIGN_OR_RETURN(FactDraft draft, DraftOf(fact));
  if (scope.valid.has_value()) draft.valid = *scope.valid;
  FASTI_ASSIGN_OR_RETURN(const Fact told, transaction_.AddClaim(draft, *scope.claim));
  if (told.lineage == fact.lineage) changes_.FactChanged(fact, {told}, told);
  return absl::OkStatus();
}

absl::StatusOr<FactDraft> Writer::DraftOf(const Fact& read) const {
  FASTI_ASSIGN_OR_RETURN(const Fact fact, transaction_.view().AsSeen(read, View()));
  FactDraft draft;
  draft.subject = fact.subject;
  draft.relation = fact.relation;
  FASTI_ASSIGN_OR_RETURN(draft.object, transaction_.view().ValueOf(fact.object));
  draft.valid = fact.valid;
  FASTI_ASSIGN_OR_RETURN(draft.qualifiers, transaction_.view().Qualifiers(fact));
  draft.modality = fact.modality;
  draft.known_from = fact.known_from;
  draft.known_to = fact.known_to;
  draft.supersedes = fact.version;
  return draft;
}

// ---------------------------------------------------------------------------------------------
// SET and REMOVE

absl::Status Writer::Set(const plan::SetItem& item, const Scope& scope, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value target, evaluator_.Evaluate(*item.target, row));
  Value value;
  if (item.value != nullptr) {
    FASTI_ASSIGN_OR_RETURN(value, evaluator_.Evaluate(*item.value, row));
  }
  if (target.is_null()) return absl::OkStatus();  // What is not there cannot be changed.
  if (target.is(Value::Kind::kNode)) return SetNode(target.as_node(), item, value, scope);
  if (target.is(Value::Kind::kFact)) return SetFact(*target.as_fact(), item, value, scope);
  return RunError(
      function::kInvalidType, item.place,
      absl::StrCat("SET and REMOVE take a Node or Relationship, found ", KindName(target.kind())));
}

namespace {

absl::Status Deleted(const plan::Place& place) {
  return RunError(function::kDeletedEntity, place, "it was deleted by this statement");
}

bool Supports(const Claim& claim) {
  return claim.stance == Stance::kSupports && claim.modality != Modality::kDenied;
}

// The last instant of what was known before a claim was published.
Period JustBefore(const Claim& claim) {
  return Period::Granule(claim.known_from - 1, Precision::kMicrosecond);
}

// The properties that `SET x = value` or `SET x += value` gives: of a map, a node, a relationship.
absl::StatusOr<Map> AllProperties(const Value& value, const Snapshot& view,
                                  const plan::Place& place) {
  if (value.is(Value::Kind::kMap)) return value.as_map();
  if (value.is(Value::Kind::kNode)) return view.Attributes(value.as_node(), View());
  if (value.is(Value::Kind::kFact)) return view.Qualifiers(*value.as_fact());
  return RunError(function::kInvalidType, place,
                  absl::StrCat("properties come from a Map, a Node or a Relationship, found ",
                               KindName(value.kind())));
}

}  // namespace

absl::Status Writer::SetNode(EntityId node, const plan::SetItem& item, const Value& value,
                             const Scope& scope) {
  if (changes_.IsDeleted(node)) return Deleted(item.place);
  FASTI_RETURN_IF_ERROR(changes_.TouchNode(node));
  switch (item.kind) {
    case plan::SetItem::Kind::kProperty:
      return SetAttribute(node, item.key, value, scope, item.place);
    case plan::SetItem::Kind::kAddLabels:
    case plan::SetItem::Kind::kRemoveLabels:
      return SetLabels(node, item);
    case plan::SetItem::Kind::kReplaceAll:
    case plan::SetItem::Kind::kMergeAll:
      break;
  }
  FASTI_ASSIGN_OR_RETURN(const Map wanted, AllProperties(value, transaction_.view(), item.place));
  if (item.kind == plan::SetItem::Kind::kReplaceAll) {
    FASTI_ASSIGN_OR_RETURN(const Map old, transaction_.view().Attributes(node, View()));
    for (const auto& [key, unused] : old) {
      if (wanted.count(key) != 0) continue;
      FASTI_RETURN_IF_ERROR(SetAttribute(node, key, Value(), scope, item.place));
    }
  }
  for (const auto& [key, property] : wanted) {
    FASTI_RETURN_IF_ERROR(SetAttribute(node, key, property, scope, item.place));
  }
  return absl::OkStatus();
}

absl::Status Writer::SetAttribute(EntityId node, const std::string& key, const Value& value,
                                  const Scope& scope, const plan::Place& place) {
  FASTI_RETURN_IF_ERROR(CheckProperty(value, place));
  if (value.is_null() && !transaction_.view().FindAttribute(key).has_value()) {
    return absl::OkStatus();
  }
  FASTI_ASSIGN_OR_RETURN(const RelationId relation, transaction_.InternAttribute(key));
  if (!scope.valid.has_value() && !scope.claim.has_value()) {
    return transaction_.SetAttribute(node, relation, value);
  }
  FactDraft draft;
  draft.subject = node;
  draft.relation = relation;
  draft.object = value;
  draft.valid = scope.valid.value_or(Period::Always());
  if (scope.claim.has_value()) return ReportAttribute(draft, scope);
  // The values that hold in the portion give way to the new one.
  FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> old, ValuesOf(node, relation, scope));
  for (const Fact& fact : old) FASTI_RETURN_IF_ERROR(CutOut(fact, scope.valid).status());
  if (value.is_null()) return absl::OkStatus();
  return transaction_.Assert(draft).status();
}

absl::StatusOr<std::vector<Fact>> Writer::ValuesOf(EntityId node, RelationId relation,
                                                   const Scope& scope) const {
  Pattern pattern;
  pattern.subject = node;
  pattern.relations = {relation};
  if (scope.valid.has_value()) {
    pattern.view.valid.push_back({ValidTest::Kind::kAt, *scope.valid});
  }
  if (scope.claim.has_value()) pattern.view.as_of = JustBefore(*scope.claim);
  FactReader reader(transaction_.view(), {{.pattern = std::move(pattern)}});
  std::vector<Fact> values;
  while (true) {
    FactReader::Item found;
    FASTI_ASSIGN_OR_RETURN(const bool more, reader.Next(&found));
    if (!more) return values;
    if (!found.fact->has_qualifiers) values.push_back(*found.fact);
  }
}

// Each report of a METRIC brings a figure of its own.  Of another attribute the source says that
// the value is now this one, so it denies the others; unless all it says is that the value is not
// this one.
absl::Status Writer::ReportAttribute(const FactDraft& draft, const Scope& scope) {
  const bool removes = draft.object.is_null();
  const bool is_metric =
      transaction_.view().GetRelation(draft.relation).kind == RelationKind::kMetric;
  if (removes || (!is_metric && Supports(*scope.claim))) {
    Scope denial = scope;
    if (!removes) denial.claim->figures.clear();  // They are about the new value.
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> old,
                           ValuesOf(draft.subject, draft.relation, scope));
    for (const Fact& fact : old) {
      FASTI_ASSIGN_OR_RETURN(const Value value, transaction_.view().ValueOf(fact.object));
      if (SameValue(value, draft.object)) continue;
      FASTI_RETURN_IF_ERROR(Deny(fact, denial).status());
    }
  }
  if (removes) return absl::OkStatus();
  return transaction_.AddClaim(draft, *scope.claim).status();
}

absl::Status Writer::SetLabels(EntityId node, const plan::SetItem& item) {
  const bool adds = item.kind == plan::SetItem::Kind::kAddLabels;
  for (const std::string& name : item.labels) {
    if (!adds && !transaction_.view().FindLabel(name).has_value()) continue;
    FASTI_ASSIGN_OR_RETURN(const LabelId label, transaction_.InternLabel(name));
    FASTI_RETURN_IF_ERROR(changes_.TouchLabel(label));
    FASTI_RETURN_IF_ERROR(adds ? transaction_.AddLabel(node, label)
                               : transaction_.RemoveLabel(node, label));
  }
  return absl::OkStatus();
}

absl::Status Writer::SetFact(const Fact& fact, const plan::SetItem& item, const Value& value,
                             const Scope& scope) {
  if (changes_.IsDeleted(fact)) return Deleted(item.place);
  if (item.kind == plan::SetItem::Kind::kAddLabels ||
      item.kind == plan::SetItem::Kind::kRemoveLabels) {
    return RunError(function::kInvalidType, item.place, "a relationship has no labels");
  }
  FASTI_RETURN_IF_ERROR(changes_.TouchFact(fact));
  for (const Fact& version : changes_.Standing(fact)) {
    FASTI_RETURN_IF_ERROR(SetVersion(version, item, value, scope));
  }
  return absl::OkStatus();
}

absl::Status Writer::SetVersion(const Fact& fact, const plan::SetItem& item, const Value& value,
                                const Scope& scope) {
  FASTI_ASSIGN_OR_RETURN(FactDraft draft, DraftOf(fact));
  const Map old = draft.qualifiers;
  const auto set = [&](const std::string& key, const Value& property) -> absl::Status {
    FASTI_RETURN_IF_ERROR(CheckProperty(property, item.place));
    if (!property.is_null()) {
      draft.qualifiers[key] = property;
    } else if (draft.qualifiers.erase(key) == 0) {
      FASTI_ASSIGN_OR_RETURN(const Map figures, transaction_.view().Figures(fact, {}, {}));
      if (figures.count(key) == 0) return absl::OkStatus();
      return RunError(
          "SyntaxError.NotSupportedYet", item.place,
          absl::StrCat("`", key, "` is a figure of claims: removing it is not supported"));
    }
    return absl::OkStatus();
  };
  if (item.kind == plan::SetItem::Kind::kProperty) {
    FASTI_RETURN_IF_ERROR(set(item.key, value));
  } else {
    FASTI_ASSIGN_OR_RETURN(const Map wanted, AllProperties(value, transaction_.view(), item.place));
    if (item.kind == plan::SetItem::Kind::kReplaceAll) draft.qualifiers.clear();
    for (const auto& [key, property] : wanted) FASTI_RETURN_IF_ERROR(set(key, property));
  }
  if (scope.valid.has_value()) {
    const std::optional<Period> common = Intersection(fact.valid, *scope.valid);
    if (!common.has_value()) return absl::OkStatus();
    draft.valid = *common;
  }
  if (scope.claim.has_value()) return ReportFact(fact, old, std::move(draft), scope);
  if (SameValue(Value(old), Value(draft.qualifiers)) && !scope.valid.has_value()) {
    return absl::OkStatus();
  }
  FASTI_ASSIGN_OR_RETURN(std::vector<Fact> standing, CutOut(fact, scope.valid));
  FASTI_ASSIGN_OR_RETURN(const Fact changed, transaction_.Assert(draft));
  standing.push_back(changed);
  changes_.FactChanged(fact, std::move(standing), changed);
  return absl::OkStatus();
}

// What a source says beside the fact is a figure of its claim.  Where it contradicts what the fact
// itself says, it denies this fact and tells another.
absl::Status Writer::ReportFact(const Fact& fact, const Map& old, FactDraft draft,
                                const Scope& scope) {
  Claim claim = *scope.claim;
  const std::vector<std::string> keys =
      transaction_.view().GetRelation(fact.relation).key_qualifiers;
  Map qualifiers;
  for (const auto& [key, value] : draft.qualifiers) {
    const bool identifies =
        old.count(key) != 0 || std::find(keys.begin(), keys.end(), key) != keys.end();
    (identifies ? qualifiers : claim.figures)[key] = value;
  }
  draft.qualifiers = std::move(qualifiers);
  const bool is_other = !SameValue(Value(draft.qualifiers), Value(old));
  if (is_other) {
    draft.supersedes = VersionId::kNone;
    if (Supports(claim)) {
      Scope denial = scope;
      denial.claim->figures.clear();
      FASTI_RETURN_IF_ERROR(Deny(fact, denial).status());
    }
  }
  FASTI_ASSIGN_OR_RETURN(const Fact told, transaction_.AddClaim(draft, claim));
  if (is_other || told.lineage == fact.lineage) changes_.FactChanged(fact, {told}, told);
  return absl::OkStatus();
}

// ---------------------------------------------------------------------------------------------
// DELETE

absl::StatusOr<std::vector<Fact>> Writer::CutOut(const Fact& fact,
                                                 const std::optional<Period>& valid) {
  std::vector<Fact> rest;
  if (valid.has_value() && !MayOverlap(fact.valid, *valid)) return std::vector<Fact>{fact};
  FASTI_ASSIGN_OR_RETURN(FactDraft draft, DraftOf(fact));
  FASTI_RETURN_IF_ERROR(transaction_.Retract(fact.version));
  if (!valid.has_value()) return rest;
  for (const Period& portion : Remainder(fact.valid, *valid)) {
    draft.valid = portion;
    FASTI_ASSIGN_OR_RETURN(const Fact left, transaction_.Assert(draft));
    rest.push_back(left);
  }
  return rest;
}

namespace {

// Whether something of a fact stays when what a clause names is taken out.
bool Keeps(const Fact& fact, const Scope& scope) {
  return scope.valid.has_value() &&
         (!MayOverlap(fact.valid, *scope.valid) || !Remainder(fact.valid, *scope.valid).empty());
}

}  // namespace

absl::StatusOr<Fact> Writer::Deny(const Fact& fact, const Scope& scope) {
  Claim claim = *scope.claim;
  claim.stance = Stance::kDenies;
  claim.valid = Period::Always();
  if (scope.valid.has_value()) {
    // No more than this fact: the same may have been told of other times within the portion.
    const std::optional<Period> common = Intersection(fact.valid, *scope.valid);
    if (!common.has_value()) return fact;
    claim.valid = *common;
  }
  FASTI_ASSIGN_OR_RETURN(const FactDraft draft, DraftOf(fact));
  return transaction_.AddClaim(draft, claim);
}

absl::Status Writer::DenyFact(const Fact& fact, const Scope& scope) {
  FASTI_ASSIGN_OR_RETURN(const Fact told, Deny(fact, scope));
  if (Keeps(fact, scope)) {
    changes_.FactChanged(fact, {told}, told);
  } else {
    changes_.FactReplaced(fact, {});
  }
  return absl::OkStatus();
}

absl::Status Writer::DeleteFact(const Fact& fact, const Scope& scope) {
  if (changes_.IsDeleted(fact)) return absl::OkStatus();
  FASTI_RETURN_IF_ERROR(changes_.TouchFact(fact));
  if (!fact.object.is_entity()) FASTI_RETURN_IF_ERROR(changes_.TouchNode(fact.subject));
  for (const Fact& version : changes_.Standing(fact)) {
    FASTI_RETURN_IF_ERROR(DeleteVersion(version, scope));
  }
  return absl::OkStatus();
}

absl::Status Writer::DeleteVersion(const Fact& fact, const Scope& scope) {
  if (scope.claim.has_value()) return DenyFact(fact, scope);
  FASTI_ASSIGN_OR_RETURN(std::vector<Fact> rest, CutOut(fact, scope.valid));
  changes_.FactReplaced(fact, std::move(rest));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Fact>> Writer::FactsOf(EntityId node) const {
  Relations all;
  all.any_entity = true;
  FactReader reader(transaction_.view(), PlanScans(all, plan::Direction::kBoth, node, View()));
  std::vector<Fact> facts;
  while (true) {
    FactReader::Item item;
    FASTI_ASSIGN_OR_RETURN(const bool more, reader.Next(&item));
    if (!more) return facts;
    facts.push_back(*item.fact);
  }
}

absl::Status Writer::Delete(const std::vector<std::shared_ptr<const Fact>>& facts,
                            const std::vector<EntityId>& nodes, bool detach, const Scope& scope,
                            const plan::Place& place) {
  for (const std::shared_ptr<const Fact>& fact : facts) {
    FASTI_RETURN_IF_ERROR(DeleteFact(*fact, scope));
  }
  for (EntityId node : nodes) {
    if (changes_.IsDeleted(node)) continue;
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> left, FactsOf(node));
    if (!left.empty() && !detach) {
      return RunError("ConstraintVerificationFailed.DeleteConnectedNode", place,
                      "the node still has relationships: delete them first, or DETACH DELETE it");
    }
    for (const Fact& fact : left) FASTI_RETURN_IF_ERROR(DeleteFact(fact, scope));
    if (scope.valid.has_value() || scope.claim.has_value()) continue;  // Its past stays.
    FASTI_RETURN_IF_ERROR(changes_.TouchNode(node));
    FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, transaction_.view().Labels(node));
    for (LabelId label : labels) FASTI_RETURN_IF_ERROR(changes_.TouchLabel(label));
    FASTI_RETURN_IF_ERROR(transaction_.DeleteEntity(node));
    changes_.NodeDeleted(node);
  }
  return absl::OkStatus();
}

}  // namespace fasti::exec
