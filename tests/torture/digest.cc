#include "tests/torture/digest.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fasti/status_macros.h"

namespace fasti::torture {

namespace {

// Of all times.
Pattern Everything() {
  Pattern pattern{.relationships = true, .attributes = true};
  pattern.view.as_of = Period::Always();
  pattern.view.as_recorded = Period::Always();
  return pattern;
}

class Digest {
 public:
  Digest(const Snapshot& snapshot, Sequence last) : snapshot_(snapshot), last_(last) {}

  absl::StatusOr<uint64_t> Take() {
    for (const RelationInfo& relation : snapshot_.Relations()) {
      Add(absl::StrCat("relation ", Raw(relation.id), " ", relation.name));
      Pattern pattern = Everything();
      pattern.relations = {relation.id};
      FASTI_RETURN_IF_ERROR(AddScan("by relation", pattern));
      FASTI_RETURN_IF_ERROR(AddScanByStart(pattern));
    }
    for (const LabelInfo& label : snapshot_.AllLabels()) {
      FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities,
                             snapshot_.EntitiesWithLabel(label.id));
      Add(absl::StrCat("label ", label.name, " of ", entities.size()));
    }
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities, snapshot_.AllEntities());
    for (const EntityId entity : entities) FASTI_RETURN_IF_ERROR(AddEntity(entity));
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> denied, snapshot_.Denied());
    for (const Fact& fact : denied) FASTI_RETURN_IF_ERROR(AddFact("denied", fact));
    return TakeRecord();
  }

  // Without what can only be asked of the present.
  absl::StatusOr<uint64_t> TakeRecord() {
    FASTI_RETURN_IF_ERROR(AddScan("all", Everything()));
    return sum_;
  }

 private:
  // Order does not matter, number does.
  void Add(absl::string_view line) {
    sum_ += std::hash<std::string_view>()({line.data(), line.size()});
  }

  absl::Status AddScan(absl::string_view way, const Pattern& pattern) {
    FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot_.Scan(pattern));
    return AddAll(way, *cursor);
  }

  absl::Status AddScanByStart(const Pattern& pattern) {
    FASTI_ASSIGN_OR_RETURN(const auto cursor,
                           snapshot_.ScanByStart(pattern, StartOrder::kLatestFirst));
    return AddAll("by start", *cursor);
  }

  absl::Status AddAll(absl::string_view way, FactCursor& cursor) {
    std::vector<Fact> facts(64);
    while (true) {
      FASTI_ASSIGN_OR_RETURN(const size_t n, cursor.Next(absl::MakeSpan(facts)));
      if (n == 0) return absl::OkStatus();
      for (size_t i = 0; i < n; ++i) FASTI_RETURN_IF_ERROR(AddFact(way, facts[i]));
    }
  }

  absl::Status AddFact(absl::string_view way, Fact fact) {
    if (Raw(fact.version) > last_) return absl::OkStatus();
    if (fact.gone > last_) fact.gone = 0;
    FASTI_ASSIGN_OR_RETURN(const Value object, snapshot_.ValueOf(fact.object));
    std::string line = absl::StrCat(
        way, " ", Raw(fact.subject), " ", Raw(fact.relation), " ", FormatValue(object), " ",
        Raw(fact.version), " ", Raw(fact.lineage), " ", FormatPeriod(fact.valid), " ",
        fact.known_from, " ", fact.known_to, " ", fact.gone, " ", ModalityName(fact.modality));
    // What hangs on a fact is the same whichever way led to it.
    if (way == "all") {
      FASTI_ASSIGN_OR_RETURN(const Fact same, snapshot_.FindVersion(fact.version));
      FASTI_ASSIGN_OR_RETURN(const Map qualifiers, snapshot_.Qualifiers(fact));
      FASTI_ASSIGN_OR_RETURN(const Period recorded, snapshot_.Recorded(fact));
      FASTI_ASSIGN_OR_RETURN(const std::vector<Claim> claims, snapshot_.Claims(fact, std::nullopt));
      absl::StrAppend(&line, " ", Raw(same.subject), " ", FormatValue(Value(qualifiers)), " ",
                      FormatPeriod(recorded));
      for (const Claim& claim : claims) {
        if (claim.sequence > last_) continue;
        absl::StrAppend(&line, " [", claim.sequence, " ", Raw(claim.source), " ",
                        FormatPeriod(claim.published), " ", FormatPeriod(claim.valid), " ",
                        FormatValue(Value(claim.figures)), " ", claim.confidence, " ", claim.text,
                        "]");
      }
    }
    Add(line);
    return absl::OkStatus();
  }

  absl::Status AddEntity(EntityId entity) {
    FASTI_ASSIGN_OR_RETURN(const Map attributes, snapshot_.Attributes(entity, View()));
    FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, snapshot_.Labels(entity));
    Add(absl::StrCat("entity ", Raw(entity), " ", FormatValue(Value(attributes)), " ",
                     labels.size()));
    if (const auto name = attributes.find("name");
        name != attributes.end() && name->second.is(Value::Kind::kString)) {
      FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> named,
                             snapshot_.EntitiesNamed(name->second.as_string()));
      Add(absl::StrCat("named ", name->second.as_string(), " ", named.size()));
    }
    Pattern pattern = Everything();
    pattern.subject = entity;
    FASTI_RETURN_IF_ERROR(AddScan("by subject", pattern));
    pattern.subject.reset();
    pattern.object = Term::Entity(entity);
    return AddScan("by object", pattern);
  }

  const Snapshot& snapshot_;
  const Sequence last_;
  uint64_t sum_ = 0;
};

}  // namespace

absl::StatusOr<uint64_t> DigestOf(const Snapshot& snapshot) {
  return Digest(snapshot, snapshot.sequence()).Take();
}

absl::StatusOr<uint64_t> DigestUpTo(const Snapshot& snapshot, Sequence last) {
  return Digest(snapshot, last).TakeRecord();
}

}  // namespace fasti::torture
