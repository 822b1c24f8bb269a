#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "engine/graph/dictionary.h"
#include "engine/graph/overlay.h"
#include "engine/storage/store.h"
#include "fasti/ids.h"

namespace fasti::graph {

// Records of the families `extra` and `text`, by family and key.
using RecordMap = std::map<std::pair<storage::Family, std::string>, std::string>;

// Everything one transaction brings, until its commit.
struct WriteSet {
  std::shared_ptr<Overlay> rows = std::make_shared<Overlay>();
  LiteralWrites literals;
  RecordMap records;
  std::set<RelationId> relations;  // added or changed in the transaction's catalog
  std::set<LabelId> labels;
  uint64_t batch_id = 0;  // 0: none
};

}  // namespace fasti::graph
