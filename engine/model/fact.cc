#include "fasti/fact.h"

#include <array>

#include "engine/model/names.h"
#include "fasti/pattern.h"
#include "fasti/relation.h"
#include "fasti/report.h"

namespace fasti {
namespace {

constexpr std::array<absl::string_view, 5> kModalityNames = {"asserted", "reported", "expected",
                                                             "planned", "denied"};
constexpr std::array<absl::string_view, 4> kRelationKindNames = {"", "EVENT", "STATE", "METRIC"};
constexpr std::array<absl::string_view, 8> kPolicyNames = {
    "latest", "first", "majority", "median", "min", "max", "range", "trusted"};
constexpr std::array<absl::string_view, 8> kVerdictNames = {
    "new", "same", "compatible", "refined", "confirmed", "superseded", "conflict", "denied"};

bool SameTest(const ValidTest& a, const ValidTest& b) {
  return a.kind == b.kind && a.scope == b.scope && a.scope.reading == b.scope.reading;
}

bool SameScope(const std::optional<Period>& a, const std::optional<Period>& b) {
  return a == b && (!a || a->reading == b->reading);
}

}  // namespace

absl::string_view ModalityName(Modality modality) {
  return NameOf(kModalityNames, modality);
}
std::optional<Modality> ModalityFromName(absl::string_view name) {
  return FromName<Modality>(kModalityNames, name);
}

absl::string_view RelationKindName(RelationKind kind) {
  return NameOf(kRelationKindNames, kind);
}

Reading ReadingOf(RelationKind kind) {
  switch (kind) {
    case RelationKind::kEvent:
      return Reading::kEvent;
    case RelationKind::kMetric:
      return Reading::kExact;
    case RelationKind::kState:
    case RelationKind::kUndeclared:
      break;
  }
  return Reading::kState;
}

absl::string_view PolicyName(Policy policy) {
  return NameOf(kPolicyNames, policy);
}
std::optional<Policy> PolicyFromName(absl::string_view name) {
  return FromName<Policy>(kPolicyNames, name);
}

absl::string_view VerdictName(Verdict verdict) {
  return NameOf(kVerdictNames, verdict);
}

bool operator==(const View& a, const View& b) {
  return std::equal(a.valid.begin(), a.valid.end(), b.valid.begin(), b.valid.end(), SameTest) &&
         SameScope(a.as_of, b.as_of) && SameScope(a.as_recorded, b.as_recorded) &&
         a.apart == b.apart;
}

}  // namespace fasti
