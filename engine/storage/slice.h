#pragma once

#include "absl/strings/string_view.h"
#include "rocksdb/slice.h"

// The door between our views and RocksDB's.  Both point at bytes that somebody else keeps.

namespace fasti::storage {

inline rocksdb::Slice ToSlice(absl::string_view view) {
  return rocksdb::Slice(view.data(), view.size());
}

inline absl::string_view FromSlice(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

}  // namespace fasti::storage
