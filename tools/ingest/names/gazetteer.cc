#include "tools/ingest/names/gazetteer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {

std::string WithPlainSpaces(absl::string_view name) {
  if (name.find_first_of("\n\xC2\xE2") == absl::string_view::npos) return std::string(name);
  return absl::StrReplaceAll(
      name, {{"\xC2\xA0", " "}, {"\xE2\x80\xAF", " "}, {"\xE2\x80\x89", " "}, {"\n", " "}});
}

std::string NameKey(absl::string_view name) {
  const auto belongs = [](unsigned char c) {
    return c >= 0x80 || absl::ascii_isalnum(c) || c == '&' || c == '+';
  };
  std::string key;
  if (std::all_of(name.begin(), name.end(), absl::ascii_isascii)) {  // most names
    for (const char c : name) {
      if (belongs(static_cast<unsigned char>(c))) key += absl::ascii_tolower(c);
    }
    return key;
  }
  for (const char c : FoldWord(WithPlainSpaces(name))) {
    if (belongs(static_cast<unsigned char>(c))) key += c;
  }
  return key;
}

absl::StatusOr<Gazetteer> Gazetteer::Create(const Resources& resources,
                                            absl::string_view language) {
  Gazetteer gazetteer;
  for (const Record* record : resources.Records(language, "names")) {
    if (record->kind == "first_name") {
      for (const std::string& name : record->List("words")) {
        gazetteer.first_names_.insert(NameKey(name));
      }
      continue;
    }
    const bool media = record->kind == "media";
    const std::optional<EntityType> type =
        media ? EntityType::kOrganization : EntityTypeFromName(record->kind);
    if (!type) return record->Complain(absl::StrCat("unknown type '", record->kind, "'"));
    if (record->name.empty()) return record->Complain("expected a name");
    const Entry entry{record->name, *type, media};
    gazetteer.entries_.insert_or_assign(NameKey(record->name), entry);
    for (const std::string& alias : record->List("words")) {
      const auto [known, inserted] = gazetteer.entries_.try_emplace(NameKey(alias), entry);
      if (!inserted && known->second.name != entry.name) {
        return record->Complain(
            absl::StrCat("'", alias, "' already stands for ", known->second.name));
      }
    }
  }
  for (const Record* record : resources.Records(language, "small_words")) {
    if (record->kind != "small_word") {
      return record->Complain(absl::StrCat("expected 'small_word', found '", record->kind, "'"));
    }
    for (const std::string& word : record->List("words")) {
      gazetteer.small_words_.insert(NameKey(word));
    }
  }
  return gazetteer;
}

const Gazetteer::Entry* Gazetteer::Find(absl::string_view name) const {
  const auto found = entries_.find(NameKey(name));
  return found == entries_.end() ? nullptr : &found->second;
}

bool Gazetteer::IsFirstName(absl::string_view word) const {
  return first_names_.contains(NameKey(word));
}

bool Gazetteer::IsSmallWord(absl::string_view word) const {
  return small_words_.contains(NameKey(word));
}

}  // namespace fasti::ingest
