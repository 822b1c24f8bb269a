#include "query/exec/portion.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/operators.h"

namespace fasti::exec {

std::vector<Period> Remainder(const Period& valid, const Period& portion) {
  std::vector<Period> rest;
  if (portion.has_start() && valid.from < portion.from) {
    Period before = valid;
    before.to = portion.from;
    before.to_precision = portion.from_precision;
    if (valid.to <= portion.from) before = valid;
    rest.push_back(before);
  }
  if (portion.has_end() && portion.to < valid.to) {
    Period after = valid;
    if (valid.from < portion.to) {
      after.from = portion.to;
      after.from_precision = portion.to_precision;
    }
    rest.push_back(after);
  }
  return rest;
}

namespace {

absl::Status BadField(absl::string_view key, absl::string_view wanted, const Value& found) {
  return function::RuntimeError(
      function::kInvalidType,
      absl::StrCat("`", key, "` of a claim is ", wanted, ", found ", KindName(found.kind())));
}

absl::StatusOr<std::string> ReadText(absl::string_view key, const Value& value) {
  if (!value.is(Value::Kind::kString)) return BadField(key, "a String", value);
  return value.as_string();
}

absl::StatusOr<Stance> ReadStance(const Value& value) {
  if (!value.is(Value::Kind::kString)) return BadField("stance", "a String", value);
  if (value.as_string() == "supports") return Stance::kSupports;
  if (value.as_string() == "denies") return Stance::kDenies;
  return function::RuntimeError(function::kInvalidValue,
                                "`stance` of a claim is 'supports' or 'denies'");
}

}  // namespace

absl::StatusOr<Claim> ReadClaim(const Value& value, Transaction& transaction,
                                const function::Context& context) {
  if (!value.is(Value::Kind::kMap)) {
    return function::RuntimeError(
        function::kInvalidType, absl::StrCat("CLAIM takes a Map, found ", KindName(value.kind())));
  }
  Claim claim;
  claim.published = Period::Unknown();
  claim.valid = Period::Always();  // of the fact that it is about
  claim.known_from = context.now();
  std::optional<std::string> source_key;
  for (const auto& [key, field] : value.as_map()) {
    if (field.is_null()) continue;
    if (key == "source" && field.is(Value::Kind::kNode)) {
      claim.source = field.as_node();
    } else if (key == "source") {
      FASTI_ASSIGN_OR_RETURN(source_key, ReadText(key, field));
    } else if (key == "published") {
      FASTI_ASSIGN_OR_RETURN(const std::optional<Period> period,
                             function::AsPeriod(field, context));
      const absl::Status checked = CheckPeriod(*period);
      if (!checked.ok()) return function::RuntimeError(function::kInvalidValue, checked.message());
      claim.published = *period;
      if (period->has_start()) claim.known_from = period->from;
    } else if (key == "text") {
      FASTI_ASSIGN_OR_RETURN(claim.text, ReadText(key, field));
    } else if (key == "extractor") {
      FASTI_ASSIGN_OR_RETURN(claim.extractor, ReadText(key, field));
    } else if (key == "figures") {
      if (!field.is(Value::Kind::kMap)) return BadField(key, "a Map", field);
      claim.figures = field.as_map();
    } else if (key == "stance") {
      FASTI_ASSIGN_OR_RETURN(claim.stance, ReadStance(field));
    } else if (key == "modality") {
      FASTI_ASSIGN_OR_RETURN(const std::string name, ReadText(key, field));
      const std::optional<Modality> modality = ModalityFromName(name);
      if (!modality.has_value()) {
        return function::RuntimeError(function::kInvalidValue,
                                      absl::StrCat("there is no modality '", name, "'"));
      }
      claim.modality = *modality;
    } else if (key == "confidence") {
      if (!field.is_number() || field.number() < 0 || field.number() > 1) {
        return BadField(key, "a number from 0 to 1", field);
      }
      claim.confidence = field.number();
    } else {
      return function::RuntimeError(function::kInvalidValue,
                                    absl::StrCat("a claim has no `", key, "`"));
    }
  }
  if (source_key.has_value()) {
    Source source;
    source.key = *source_key;
    if (claim.published.has_start()) source.published = claim.published;
    FASTI_ASSIGN_OR_RETURN(claim.source, transaction.InternSource(source));
  }
  if (claim.source == EntityId::kNone) {
    return function::RuntimeError(function::kInvalidValue, "a claim needs its `source`");
  }
  return claim;
}

}  // namespace fasti::exec
