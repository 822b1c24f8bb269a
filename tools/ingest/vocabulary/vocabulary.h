#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/relation.h"
#include "tools/ingest/text/resources.h"

namespace fasti::ingest {

// The relations that articles are read for, from the records of common/relations.txt:
//
//   relation acquires
//     kind: event
//     window: 30             days within which two tellings are one event
//     key: role              qualifiers that belong to the identity of a fact
//     symmetric: yes
//     object: value          it leads to a literal; every metric does
//     unit: percent          of a metric that has one
struct Vocabulary {
  std::vector<RelationInfo> relations;  // in the order of the file

  // INVALID_ARGUMENT names the line.
  static absl::StatusOr<Vocabulary> Create(const Resources& resources);

  // nullptr if the vocabulary has no such relation.
  const RelationInfo* Find(absl::string_view name) const;
};

}  // namespace fasti::ingest
