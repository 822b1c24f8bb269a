#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/snapshot.h"

namespace fasti::testing {

// All that a database holds, in lines, with its own numbers: names, entities, and every version
// that was ever recorded with its clocks, qualifiers, figures and claims.
class WholeDump {
 public:
  explicit WholeDump(const Snapshot& snapshot) : snapshot_(snapshot) {}

  std::string Text() {
    Add("sequence ", snapshot_.sequence());
    for (const RelationInfo& relation : snapshot_.Relations()) AddRelation(relation);
    for (const LabelInfo& label : snapshot_.AllLabels()) {
      Add("label ", Raw(label.id), " ", label.name, " is ", Raw(label.parent));
    }
    AddEntities();
    AddFacts();
    return text_;
  }

 private:
  template <typename... Parts>
  void Add(const Parts&... parts) {
    absl::StrAppend(&text_, parts..., "\n");
  }

  void AddRelation(const RelationInfo& relation) {
    Add("relation ", Raw(relation.id), " ", relation.is_attribute ? "." : "", relation.name,
        " kind ", static_cast<int>(relation.kind), " policy ", PolicyName(relation.policy),
        relation.symmetric ? " symmetric" : "", relation.functional ? " functional" : "",
        " inverse '", relation.inverse, "' unit '", relation.unit, "' from '",
        relation.subject_type, "' to '", relation.object_type, "' keys ",
        absl::StrJoin(relation.key_qualifiers, ","), " window ", relation.merge_window_days);
  }

  void AddEntities() {
    const auto entities = snapshot_.AllEntities();
    ASSERT_TRUE(entities.ok()) << entities.status();
    for (const EntityId entity : *entities) {
      const auto labels = snapshot_.Labels(entity);
      ASSERT_TRUE(labels.ok()) << labels.status();
      std::vector<std::string> names;
      for (const LabelId label : *labels) names.push_back(snapshot_.GetLabel(label).name);
      Add("entity ", Raw(entity), " ", absl::StrJoin(names, ","));
    }
  }

  // By their versions, since a scan has no order.
  void AddFacts() {
    Pattern pattern;
    pattern.attributes = true;
    pattern.view.as_of = Period::Always();
    pattern.view.as_recorded = Period::Always();
    const auto cursor = snapshot_.Scan(pattern);
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    const auto denied = snapshot_.Denied();
    ASSERT_TRUE(denied.ok()) << denied.status();
    std::vector<Fact> facts = *denied;
    std::vector<Fact> batch(64);
    while (true) {
      const absl::StatusOr<size_t> count = (*cursor)->Next(absl::MakeSpan(batch));
      ASSERT_TRUE(count.ok()) << count.status();
      if (*count == 0) break;
      facts.insert(facts.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(*count));
    }
    std::sort(facts.begin(), facts.end(),
              [](const Fact& a, const Fact& b) { return a.version < b.version; });
    for (const Fact& fact : facts) AddFact(fact);
  }

  void AddFact(const Fact& fact) {
    const auto object = snapshot_.ValueOf(fact.object);
    const auto qualifiers = snapshot_.Qualifiers(fact);
    const auto figures = snapshot_.Figures(fact, Period::Always(), std::nullopt);
    const auto claims = snapshot_.Claims(fact, Period::Always());
    const auto recorded = snapshot_.Recorded(fact);
    ASSERT_TRUE(object.ok() && qualifiers.ok() && figures.ok() && claims.ok() && recorded.ok());
    Add(Raw(fact.version), " of ", Raw(fact.lineage), ": (", Raw(fact.subject), ")-[",
        Raw(fact.relation), " ", FormatValue(Value(*qualifiers)), "]->", FormatValue(*object),
        " valid ", FormatPeriod(fact.valid), " known ", fact.known_from, "..", fact.known_to,
        " recorded ", FormatPeriod(*recorded), " gone ", fact.gone, " ",
        ModalityName(fact.modality), " figures ", FormatValue(Value(*figures)));
    for (const Claim& claim : *claims) {
      Add("  claim ", claim.sequence, " of ", Raw(claim.source), " ", FormatPeriod(claim.published),
          " known ", claim.known_from, " span ", claim.span.begin, "..", claim.span.end, " valid ",
          FormatPeriod(claim.valid), " ", ModalityName(claim.modality), " ",
          claim.stance == Stance::kDenies ? "denies" : "supports", " confidence ", claim.confidence,
          " by '", claim.extractor, "' ", FormatValue(Value(claim.figures)), " '", claim.text, "'");
    }
  }

  const Snapshot& snapshot_;
  std::string text_;
};

}  // namespace fasti::testing
