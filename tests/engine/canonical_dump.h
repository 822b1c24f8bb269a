#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/text.h"
#include "fasti/snapshot.h"

namespace fasti::testing {

// All facts of the relations between entities and of the METRICs, one line each, in terms that do
// not depend on the order of loading: names instead of ids, and nothing of the recorded axis.
class CanonicalDump {
 public:
  explicit CanonicalDump(const Snapshot& snapshot) : snapshot_(snapshot) {}

  std::string Text() {
    std::vector<std::string> lines;
    for (const RelationInfo& relation : snapshot_.Relations()) {
      if (relation.is_attribute && relation.kind == RelationKind::kUndeclared) continue;
      for (const Fact& fact : Scan(relation.id)) lines.push_back(Line(relation, fact));
    }
    const absl::StatusOr<std::vector<Fact>> denied = snapshot_.Denied();
    EXPECT_TRUE(denied.ok()) << denied.status();
    for (const Fact& fact : *denied) {
      lines.push_back("only denied: " + Line(snapshot_.GetRelation(fact.relation), fact));
    }
    std::sort(lines.begin(), lines.end());
    return absl::StrJoin(lines, "\n");
  }

 private:
  std::vector<Fact> Scan(RelationId relation) {
    Pattern pattern;
    pattern.relations = {relation};
    pattern.view.as_of = Period::Always();
    absl::StatusOr<std::unique_ptr<FactCursor>> cursor = snapshot_.Scan(pattern);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    std::vector<Fact> facts;
    std::vector<Fact> batch(64);
    while (true) {
      const absl::StatusOr<size_t> count = (*cursor)->Next(absl::MakeSpan(batch));
      EXPECT_TRUE(count.ok()) << count.status();
      if (!count.ok() || *count == 0) return facts;
      facts.insert(facts.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(*count));
    }
  }

  std::string Name(EntityId entity, absl::string_view key) {
    const std::optional<RelationInfo> attribute = snapshot_.FindAttribute(key);
    if (!attribute) return "?";
    const absl::StatusOr<Value> value = snapshot_.Attribute(entity, attribute->id, View());
    EXPECT_TRUE(value.ok()) << value.status();
    return value->is(Value::Kind::kString) ? value->as_string() : "?";
  }

  std::string Line(const RelationInfo& relation, const Fact& fact) {
    const Value object = *snapshot_.ValueOf(fact.object);
    // Folded, since an entity keeps the spelling of whoever named it first.
    std::string from = FoldName(Name(fact.subject, "name"));
    std::string to = object.is(Value::Kind::kNode) ? FoldName(Name(object.as_node(), "name"))
                                                   : FormatValue(object);
    if (relation.symmetric && to < from) std::swap(from, to);
    const absl::StatusOr<Map> qualifiers = snapshot_.Qualifiers(fact);
    const absl::StatusOr<Map> figures = snapshot_.Figures(fact, std::nullopt, std::nullopt);
    const absl::StatusOr<std::vector<Claim>> claims = snapshot_.Claims(fact, std::nullopt);
    EXPECT_TRUE(qualifiers.ok() && figures.ok() && claims.ok());
    std::string line = absl::StrCat(
        from, " ", relation.name, " ", to, " ", FormatValue(Value(*qualifiers)), " valid ",
        FormatPeriod(fact.valid), " known ", fact.known_from, "..", fact.known_to, " ",
        ModalityName(fact.modality), " figures ", FormatValue(Value(*figures)), " claims");
    for (const Claim& claim : *claims) {
      absl::StrAppend(&line, " [", Name(claim.source, "url"), " ", FormatPeriod(claim.published),
                      " ", FormatPeriod(claim.valid), " ", ModalityName(claim.modality), " ",
                      claim.stance == Stance::kDenies ? "denies" : "supports", " ",
                      FormatValue(Value(claim.figures)), " '", claim.text, "']");
    }
    return line;
  }

  const Snapshot& snapshot_;
};

inline std::string Dump(const Snapshot& snapshot) {
  return CanonicalDump(snapshot).Text();
}

}  // namespace fasti::testing
