// Functions on facts as things that were told: their three periods, the claims behind them, and
// what contradicts them.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/graph_access.h"
#include "query/function/period_access.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

absl::StatusOr<Value> Valid(Args args, const Context& context) {
  return Value(ValidOf(*args[0].as_fact(), context));
}

absl::StatusOr<Value> Known(Args args, const Context&) {
  const Fact& fact = *args[0].as_fact();
  return Value(ExactSpan(fact.known_from, fact.known_to));
}

absl::StatusOr<Value> Recorded(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period recorded, context.snapshot().Recorded(*args[0].as_fact()));
  return Value(recorded);
}

absl::StatusOr<Value> Withdrawn(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const bool withdrawn, context.snapshot().Withdrawn(*args[0].as_fact()));
  return Value(withdrawn);
}

absl::StatusOr<std::vector<Claim>> ClaimsInView(const Fact& fact, const Context& context) {
  if (!fact.has_claims) return std::vector<Claim>();
  return context.snapshot().Claims(fact, context.view().as_of);
}

// When a claim entered the log.  Claims and versions are numbered in one sequence, so this is what
// `recorded` says of a version at the claim's place.
absl::StatusOr<Period> RecordedAt(const Fact& fact, const Claim& claim, const Context& context) {
  Fact at = fact;
  at.version = static_cast<VersionId>(claim.sequence);
  at.gone = 0;
  return context.snapshot().Recorded(at);
}

Value SpanValue(const Span& span) {
  if (span == Span()) return Value();
  return Value(Map{{"begin", Value(int64_t{span.begin})}, {"end", Value(int64_t{span.end})}});
}

absl::StatusOr<Value> Claims(Args args, const Context& context) {
  const Fact& fact = *args[0].as_fact();
  FASTI_ASSIGN_OR_RETURN(const std::vector<Claim> claims, ClaimsInView(fact, context));
  List list;
  list.reserve(claims.size());
  for (const Claim& claim : claims) {
    FASTI_ASSIGN_OR_RETURN(const Period recorded, RecordedAt(fact, claim, context));
    const bool dated = claim.published.has_start() || claim.published.has_end();
    list.emplace_back(Map{
        {"source", Value(claim.source)},
        {"published", dated ? Value(claim.published) : Value()},
        {"text", Value(claim.text)},
        {"figures", Value(claim.figures)},
        {"stance", Value(claim.stance == Stance::kSupports ? "supports" : "denies")},
        {"recorded", Value(recorded)},
        {"valid", Value(claim.valid)},
        {"modality", Value(ModalityName(claim.modality))},
        {"confidence", Value(claim.confidence)},
        {"span", SpanValue(claim.span)},
        {"extractor", Value(claim.extractor)},
    });
  }
  return Value(std::move(list));
}

// The strongest word among the supporting claims in view; of a fact without claims, its own.
absl::StatusOr<Value> ModalityOf(Args args, const Context& context) {
  const Fact& fact = *args[0].as_fact();
  FASTI_ASSIGN_OR_RETURN(const std::vector<Claim> claims, ClaimsInView(fact, context));
  std::optional<Modality> strongest;
  for (const Claim& claim : claims) {
    if (claim.stance != Stance::kSupports) continue;
    strongest = std::min(strongest.value_or(claim.modality), claim.modality);
  }
  return Value(ModalityName(strongest.value_or(fact.modality)));
}

// resolve(f), resolve(f, 'median'): the figures among the claims in view, by name.
absl::StatusOr<Value> Resolve(Args args, const Context& context) {
  std::optional<Policy> policy;
  if (args.size() > 1) {
    policy = PolicyFromName(args[1].as_string());
    if (!policy.has_value()) {
      return RuntimeError(kBadArgument,
                          absl::StrCat("resolve(): expected latest, first, majority, median, min, "
                                       "max, range or trusted, found '",
                                       args[1].as_string(), "'"));
    }
  }
  const Fact& fact = *args[0].as_fact();
  if (!fact.has_claims) return Value(Map());
  FASTI_ASSIGN_OR_RETURN(Map figures,
                         context.snapshot().Figures(fact, context.view().as_of, policy));
  return Value(std::move(figures));
}

absl::StatusOr<Value> Conflicts(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(std::vector<Fact> facts, context.snapshot().Conflicts(*args[0].as_fact()));
  List list;
  list.reserve(facts.size());
  for (Fact& fact : facts) list.emplace_back(std::make_shared<const Fact>(std::move(fact)));
  return Value(std::move(list));
}

// The entity of a name or alias; null if there is none.  A name that several bear is refused, since
// choosing one would be a guess.
absl::StatusOr<Value> Entity(Args args, const Context& context) {
  const std::string& name = args[0].as_string();
  const Snapshot& snapshot = context.snapshot();
  FASTI_ASSIGN_OR_RETURN(std::vector<EntityId> found,
                         snapshot.EntitiesNamed(name, {.apart = true}));
  if (found.empty()) return Value();
  if (snapshot.AnyMerged()) {
    // Who bears the name now, as what he is one with in this view.
    for (EntityId& entity : found) {
      FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> members,
                             snapshot.Members(entity, context.view()));
      entity = members.front();
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
  }
  if (found.size() == 1) return Value(found.front());
  return RuntimeError(kBadArgument,
                      absl::StrCat("entity(): ", found.size(), " entities have the name '", name,
                                   "'; match on labels or properties instead"));
}

constexpr Kinds kFact = Kinds::Of(Kind::kFact);
constexpr Kinds kString = Kinds::Of(Kind::kString);
constexpr Kinds kPeriod = Kinds::Of(Kind::kPeriod);
constexpr Kinds kList = Kinds::Of(Kind::kList);
constexpr Subject kSubject = Subject::kEvidence;
constexpr uint8_t kInView = kUsesContext | kUsesView;

constexpr Function kFunctions[] = {
    Scalar(kSubject, "claims", 1, 1, {kFact}, kList, Claims, kInView),
    Scalar(kSubject, "conflicts", 1, 1, {kFact}, kList, Conflicts, kUsesContext),
    Scalar(kSubject, "entity", 1, 1, {kString}, Kinds::Of(Kind::kNode), Entity,
           kUsesContext | kUsesClauseView),
    Scalar(kSubject, "known", 1, 1, {kFact}, kPeriod, Known),
    Scalar(kSubject, "modality", 1, 1, {kFact}, kString, ModalityOf, kInView),
    Scalar(kSubject, "recorded", 1, 1, {kFact}, kPeriod, Recorded, kUsesContext),
    Scalar(kSubject, "resolve", 1, 2, {kFact, kString}, Kinds::Of(Kind::kMap), Resolve, kInView),
    Scalar(kSubject, "valid", 1, 1, {kFact}, kPeriod, Valid, kUsesContext),
    Scalar(kSubject, "withdrawn", 1, 1, {kFact}, Kinds::Of(Kind::kBool), Withdrawn, kUsesContext),
};

}  // namespace

absl::Span<const Function> EvidenceFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
