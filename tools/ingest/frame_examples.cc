#include "tools/ingest/frame_examples.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

// From this fit on what a rule finds in an example counts.  How sure a fact is that so little is
// told of does not: the gate is no matter of rules.
constexpr double kFitMin = 0.5;

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
  std::vector<CheckedExample> checked;
  for (const Example& example : examples) {
    Article article;
    article.text = example.text;
    article.metadata.language = std::string(language);
    FASTI_ASSIGN_OR_RETURN(const Extraction extraction, extractor.Extract(article));
    std::vector<std::string> found;
    bool has_relation = false;
    for (const ExtractedFact& fact : extraction.facts) {
      if (fact.fit < kFitMin) continue;
      const Statement& statement = fact.statement;
      found.push_back(Sketch(statement));
      has_relation |= example.fact == absl::StrCat("! ", statement.relation);
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
