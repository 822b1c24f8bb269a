#include "tools/ingest/frame_examples.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

// "subject | relation | object": what examples compare.
std::string Sketch(const Statement& statement) {
  std::string object;
  if (const auto* entity = std::get_if<EntityName>(&statement.object)) {
    object = entity->name;
  } else if (const Value& value = std::get<Value>(statement.object);
             value.is(Value::Kind::kQuantity)) {
    object = FormatQuantity(value.as_quantity());
  } else {
    object = statement.valid ? FormatPeriod(*statement.valid) : "";
  }
  return absl::StrCat(statement.modality == Modality::kDenied ? "not " : "", statement.subject.name,
                      " | ", statement.relation, " | ", object);
}

}  // namespace

absl::StatusOr<std::vector<CheckedExample>> RunFrameExamples(const Extractor& extractor,
                                                             absl::Span<const Example> examples,
                                                             absl::string_view language) {
  // Whatever gate this extractor has, examples are written for the one that is shipped.
  const double confidence_min = ExtractorOptions().confidence_min;
  std::vector<CheckedExample> checked;
  for (const Example& example : examples) {
    Article article;
    article.text = example.text;
    article.metadata.language = std::string(language);
    FASTI_ASSIGN_OR_RETURN(const Extraction extraction, extractor.Extract(article));
    std::vector<std::string> found;
    bool has_relation = false;
    for (const ExtractedFact& fact : extraction.facts) {
      if (fact.statement.confidence < confidence_min) continue;
      found.push_back(Sketch(fact.statement));
      has_relation |= example.fact == absl::StrCat("! ", fact.statement.relation);
    }
    checked.push_back({.where = example.where, .counter_example = example.fact[0] == '!'});
    const bool holds = checked.back().counter_example
                           ? !has_relation
                           : std::find(found.begin(), found.end(), example.fact) != found.end();
    if (!holds) {
      checked.back().failure = absl::StrCat("'", example.text, "': expected ", example.fact,
                                            ", found [", absl::StrJoin(found, "; "), "]");
    }
  }
  return checked;
}

}  // namespace fasti::ingest
