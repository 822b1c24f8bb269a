#include "tools/ingest/grammar/quantity_words.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {

absl::StatusOr<QuantityWords> QuantityWords::Make(const Resources& resources,
                                                  absl::string_view language) {
  QuantityWords words;
  const Tokenizer tokenizer(resources, language);
  for (const Record* record : resources.Records(language, "quantities")) {
    FASTI_RETURN_IF_ERROR(words.AddRecord(*record, tokenizer));
  }
  return words;
}

std::optional<int> QuantityWords::CodeAt(const Document& document, uint32_t at) const {
  const std::optional<int> code = codes_.Exactly(document.tokens, at, at + 1);
  if (!code || document.TextOf(document.tokens[at]) != units[*code].name) return std::nullopt;
  return code;
}

absl::Status QuantityWords::AddRecord(const Record& record, const Tokenizer& tokenizer) {
  const std::vector<std::string> words = record.List("words");
  const std::vector<std::string> name = absl::StrSplit(record.name, ' ');
  const std::string& kind = record.kind;

  const std::pair<absl::string_view, WordSet*> kSets[] = {{"article", &article},
                                                          {"and", &conjunction},
                                                          {"by", &by},
                                                          {"to", &to},
                                                          {"filler", &filler},
                                                          {"range_to", &range_to},
                                                          {"range_from", &range_from},
                                                          {"not_counted", &not_counted},
                                                          {"minus", &minus},
                                                          {"sum_of", &sum_of}};
  for (const auto& [set_kind, set] : kSets) {
    if (kind != set_kind) continue;
    for (const std::string& word : words) set->Insert(FoldWord(word));
    return absl::OkStatus();
  }
  if (kind == "sum_noun") {
    for (const std::string& word : words) sum_nouns.push_back(FoldWord(word));
    return absl::OkStatus();
  }
  if (kind == "plural_suffix") {
    std::vector<std::string>& suffixes = record.name == "large" ? large_suffixes : plural_suffixes;
    for (const std::string& word : words) suffixes.push_back(FoldWord(word));
    return absl::OkStatus();
  }
  const std::pair<absl::string_view, PhraseTable*> kTables[] = {{"between", &between},
                                                                {"money_noun", &money_nouns},
                                                                {"decline", &decline},
                                                                {"decline_at", &decline_at},
                                                                {"decline_next", &decline_next},
                                                                {"decline_after", &decline_after},
                                                                {"rise", &rise},
                                                                {"part_of", &part_of}};
  for (const auto& [table_kind, table] : kTables) {
    if (kind != table_kind) continue;
    for (const std::string& word : words) table->Add(tokenizer, word, 0);
    return absl::OkStatus();
  }
  if (kind == "before" || kind == "after") {
    const std::optional<Hedge> hedge = HedgeFromName(name[0]);
    if (!hedge) return record.Complain(absl::StrCat("expected a hedge, found '", record.name, "'"));
    PhraseTable& table = kind == "before" ? hedge_before : hedge_after;
    for (const std::string& word : words) {
      table.Add(tokenizer, word, static_cast<int>(*hedge));
      if (name.size() > 1 && name[1] == "amounts") not_durations.Add(tokenizer, word, 0);
    }
    return absl::OkStatus();
  }

  Unit unit;
  unit.name = name[0];
  if (kind == "currency") {
    unit.kind = UnitKind::kMoney;
    if (record.Get("default") == "yes") default_currency = unit.name;
  } else if (kind == "hundredth") {
    unit.kind = UnitKind::kMoney;
    unit.parts = 100;
  } else if (kind == "count" || kind == "counted") {
    unit.kind = UnitKind::kCount;
    unit.name = "count";
    unit.item = record.name;
  } else if (kind == "duration") {
    unit.kind = UnitKind::kTime;
  } else if (kind == "unit") {
    unit.kind = unit.name == "percent" ? UnitKind::kPercent : UnitKind::kOther;
    unit.points = name.size() > 1 && name[1] == "points";
  } else {
    return record.Complain(absl::StrCat("unknown record '", kind, "'"));
  }
  if (unit.name.empty() && kind != "hundredth")
    return record.Complain("expected a unit after the kind");
  const int index = static_cast<int>(units.size());
  units.push_back(unit);
  const bool whole_money = unit.kind == UnitKind::kMoney && unit.parts == 1;
  for (const std::string& word : words) {
    if (unit.kind == UnitKind::kCount) counted.Add(tokenizer, word, index);
    if (kind == "counted") continue;
    after.Add(tokenizer, word, index);
    if (whole_money) before.Add(tokenizer, word, index);
  }
  if (whole_money) codes_.Add(tokenizer, unit.name, index);
  return absl::OkStatus();
}

}  // namespace fasti::ingest
