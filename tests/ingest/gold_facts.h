#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/report.h"
#include "rapidjson/document.h"
#include "tests/support/corpora.h"
#include "tools/ingest/names/gazetteer.h"

// The gold facts of annotated articles.  A fact that was read is one of them if its relation, its
// parties (either way round where the relation is symmetric) or the numbers and unit of its figure,
// and its polarity are those of the gold fact or of a reading that the gold also accepts: if they
// have a key in common.

namespace fasti::ingest {

struct GoldFact {
  std::string id;  // if it has one
  std::string article;
  std::set<std::string> keys;  // of every accepted reading
  bool optional = false;
  std::optional<Period> valid;
};

// The names of one entity, as the annotation lists them.
class Aliases {
 public:
  explicit Aliases(const std::string& path) {
    rapidjson::Document document;
    document.Parse(test::ReadFileOrDie(path).c_str());
    for (const auto& entity : document["entities"].GetArray()) {
      const std::string name = NameKey(entity["name"].GetString());
      canonical_[name] = name;
      for (const auto& alias : entity["aliases"].GetArray()) {
        canonical_[NameKey(alias.GetString())] = name;
      }
    }
  }

  std::string Key(absl::string_view name) const {
    const std::string key = NameKey(name);
    const auto found = canonical_.find(key);
    return found == canonical_.end() ? key : found->second;
  }

 private:
  std::map<std::string, std::string> canonical_;
};

inline std::string FigureKey(std::optional<double> low, std::optional<double> high,
                             absl::string_view unit) {
  std::set<std::string> numbers;
  for (const std::optional<double>& number : {low, high}) {
    if (number) numbers.insert(absl::StrCat(*number));
  }
  std::string key = absl::StrCat("#", unit);
  for (const std::string& number : numbers) absl::StrAppend(&key, "#", number);
  return key;
}

inline std::string FactKey(absl::string_view relation, std::string subject, std::string object,
                           bool denied) {
  static const std::set<std::string> kSymmetric = {"partners_with", "merges_with", "competes_with"};
  if (kSymmetric.contains(std::string(relation)) && object < subject) std::swap(subject, object);
  if (relation == "part_of") {
    relation = "owns";
    std::swap(subject, object);
  }
  return absl::StrCat(denied ? "not " : "", relation, "(", subject, ", ", object, ")");
}

inline std::optional<double> Number(const rapidjson::Value& value, const char* key) {
  if (!value.HasMember(key) || !value[key].IsNumber()) return std::nullopt;
  return value[key].GetDouble();
}

// The key of a gold fact, with the fields of `other` in place of its own.
inline std::string GoldKey(const rapidjson::Value& fact, const rapidjson::Value& other,
                           const Aliases& aliases) {
  const auto field = [&](const char* key) -> const rapidjson::Value* {
    if (other.IsObject() && other.HasMember(key)) {
      return other[key].IsNull() ? nullptr : &other[key];
    }
    return fact.HasMember(key) && !fact[key].IsNull() ? &fact[key] : nullptr;
  };
  std::string object;
  if (const auto* named = field("object")) {
    object = aliases.Key(named->GetString());
  } else if (const auto* value = field("value")) {
    object = FigureKey(Number(*value, "lo"), Number(*value, "hi"), (*value)["unit"].GetString());
  }
  return FactKey(field("relation")->GetString(), aliases.Key(field("subject")->GetString()), object,
                 fact["modality"] == "denied");
}

inline std::optional<Period> GoldValid(const rapidjson::Value& fact) {
  if (!fact.HasMember("valid") || !fact["valid"].IsObject()) return std::nullopt;
  const auto end = [&](const char* key) -> std::string {
    const auto& valid = fact["valid"];
    return valid.HasMember(key) && valid[key].IsString() ? valid[key].GetString() : "";
  };
  const std::string from = end("from"), to = end("to");
  if (from.empty() && to.empty()) return std::nullopt;
  if (from == to) return *ParsePeriod(from);
  return *ParsePeriod(absl::StrCat(from.empty() ? "?" : from, "..", to.empty() ? "?" : to));
}

inline std::vector<GoldFact> ReadGold(const std::string& path, const Aliases& aliases) {
  std::vector<GoldFact> gold;
  const std::string lines = test::ReadFileOrDie(path);
  for (absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    rapidjson::Document fact;
    fact.Parse(line.data(), line.size());
    GoldFact one;
    if (fact.HasMember("id")) one.id = fact["id"].GetString();
    one.article = fact["article"].GetString();
    one.optional = fact["optional"].GetBool();
    one.valid = GoldValid(fact);
    one.keys.insert(GoldKey(fact, rapidjson::Value(), aliases));
    if (fact.HasMember("alt")) {
      for (const auto& reading : fact["alt"].GetArray()) {
        one.keys.insert(GoldKey(fact, reading, aliases));
      }
    }
    gold.push_back(std::move(one));
  }
  return gold;
}

inline std::string KeyOf(const Statement& statement, const Aliases& aliases) {
  std::string object;
  if (const auto* entity = std::get_if<EntityName>(&statement.object)) {
    object = aliases.Key(entity->name);
  } else if (const Value& value = std::get<Value>(statement.object);
             value.is(Value::Kind::kQuantity)) {
    const Quantity& quantity = value.as_quantity();
    object = FigureKey(quantity.low, quantity.high, quantity.unit);
  }
  return FactKey(statement.relation, aliases.Key(statement.subject.name), object,
                 statement.modality == Modality::kDenied);
}

}  // namespace fasti::ingest
