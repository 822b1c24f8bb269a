#include "tests/torture/random_change.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace fasti::torture {

Change RandomChange(Dice& dice, Micros at) {
  Change change{.kind = Change::Kind::kCreate, .at = at};
  change.subject = static_cast<int>(dice.Below(std::size(kNames)));
  change.object = static_cast<int>(dice.Below(std::size(kNames)));
  change.relation = dice.Relation();
  change.is_clean = dice.OneIn(2);
  change.size = static_cast<int64_t>(dice.Below(5));
  if (dice.OneIn(2)) change.k = static_cast<int64_t>(dice.Below(4));
  switch (dice.Below(32)) {
    case 0:
      change.kind = dice.OneIn(2) ? Change::Kind::kFold : Change::Kind::kReopen;
      break;
    case 1:
    case 2:
    case 3:
      change.kind = Change::Kind::kDelete;
      break;
    case 4:
    case 5:
    case 6:
    case 7:
      change.kind = Change::Kind::kDeletePortion;
      change.relation = "leads";
      break;
    case 8:
    case 9:
    case 10:
      change.kind = Change::Kind::kSetK;
      if (!change.k.has_value()) change.k = 1;
      break;
    case 11:
    case 12:
    case 13:
    case 14:
      change.kind = Change::Kind::kSetSize;
      change.relation = kSize;
      break;
    default:
      if (!dice.OneIn(3)) break;
      // Reports of one fact meet; a qualifier of its own makes it another.
      change.published = dice.Day();
      change.k = at / 1'000'000;
  }
  // Portions of "leads" and sizes are deleted, which is told exactly where days are told.
  const bool has_days = change.relation == "leads" || change.relation == kSize;
  change.valid = has_days ? dice.Days() : dice.Span(change.relation == "met");
  return change;
}

Change RandomCrowd(Dice& dice, Micros at) {
  Change change{.kind = Change::Kind::kCreateCrowd, .at = at};
  change.subject = static_cast<int>(dice.Below(std::size(kNames)));
  change.object = static_cast<int>(dice.Below(std::size(kNames)));
  change.relation = dice.OneIn(2) ? "knows" : "met";
  for (int i = 0; i < 3; ++i) change.crowd.push_back(dice.Span(change.relation == "met"));
  return change;
}

std::string TextOf(const Change& change) {
  const std::string k = change.k.has_value() ? absl::StrCat(" {k: ", *change.k, "}") : "";
  const std::string match =
      absl::StrCat("MATCH (a {name: '", kNames[change.subject], "'})-[f:", change.relation,
                   "]->(b {name: '", kNames[change.object], "'}) ");
  switch (change.kind) {
    case Change::Kind::kCreate:
      return absl::StrCat(
          "MATCH (a {name: '", kNames[change.subject], "'}), (b {name: '", kNames[change.object],
          "'}) CREATE (a)-[:", change.relation, k, "]->(b) VALID ", Literal(change.valid),
          change.published.has_value()
              ? absl::StrCat(" CLAIM {source: 's', published: ", Literal(*change.published),
                             ", text: 'So it is.'}")
              : "");
    case Change::Kind::kCreateCrowd:
      return absl::StrCat(
          "MATCH (a {name: '", kNames[change.subject], "'}), (b {name: '", kNames[change.object],
          "'}) UNWIND [",
          absl::StrJoin(change.crowd, ", ",
                        [](std::string* out, const Told& told) { out->append(Literal(told)); }),
          "] AS t UNWIND range(1, ", kCrowdPerSpan, ") AS i CREATE (a)-[:", change.relation,
          " {k: i}]->(b) VALID t");
    case Change::Kind::kDelete:
      return absl::StrCat(match, "DELETE f");
    case Change::Kind::kDeletePortion:
      return absl::StrCat(match, "DELETE f VALID ", Literal(change.valid));
    case Change::Kind::kSetK:
      return absl::StrCat(match, "SET f.k = ", *change.k);
    case Change::Kind::kSetSize:
      return absl::StrCat("MATCH (a {name: '", kNames[change.subject],
                          "'}) SET a.size = ", change.size, " VALID ", Literal(change.valid));
    case Change::Kind::kFold:
      return "// fold";
    case Change::Kind::kReopen:
      break;
  }
  return change.is_clean ? "// close and open" : "// die and open";
}

}  // namespace fasti::torture
