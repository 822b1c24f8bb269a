#pragma once

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/names/entity.h"
#include "tools/ingest/text/resources.h"

namespace fasti::ingest {

// Names known beforehand: their type and the one name under which an entity is stored.  It only
// types and unifies what the text names; nothing is found because it is listed here.
// Immutable after Create.
class Gazetteer {
 public:
  struct Entry {
    std::string name;  // canonical
    EntityType type = EntityType::kUnknown;
    bool media = false;
  };

  // Reads the records of names.txt and small_words.txt of every language:
  //
  //   org Alvena: Alvena Platforms, Alvena Platforms Inc.     a type, a name and its aliases
  //   place United States: Stati Uniti, États-Unis
  //   media Der Bote: Bote                              an organization that tells news of others
  //   first_name: Maria, Jean                           makes the name after it a person's
  //   small_word: we, however                           names nothing by itself
  static absl::StatusOr<Gazetteer> Create(const Resources& resources, absl::string_view language);

  // Looks a name up without regard to case and spacing; nullptr if it is not listed.
  const Entry* Find(absl::string_view name) const;
  // `word` as written.
  bool IsFirstName(absl::string_view word) const;
  bool IsSmallWord(absl::string_view word) const;

 private:
  absl::flat_hash_map<std::string, Entry> entries_;  // by NameKey
  absl::flat_hash_set<std::string> first_names_;     // by NameKey
  absl::flat_hash_set<std::string> small_words_;     // by NameKey
};

// `name` on one line, with plain spaces for hard ones ("Carrow & Boreal" is often set so that no
// line ends before the "&").
std::string WithPlainSpaces(absl::string_view name);

// The form under which names are compared: lower-case letters and digits alone, accents kept.
// "Boreal AI", "BorealAI" and "boreal-ai" are one.
std::string NameKey(absl::string_view name);

}  // namespace fasti::ingest
