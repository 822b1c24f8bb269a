#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/extra_record.h"
#include "engine/storage/store.h"
#include "fasti/value.h"
#include "tests/support/files.h"

namespace fasti {

// Every place where `text` stands: as bytes of any file, and in any record as it is read.
inline std::vector<std::string> PlacesOf(const std::string& text, const std::string& path) {
  std::vector<std::string> places;
  for (const std::filesystem::directory_entry& entry :
       std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file() && absl::StrContains(ReadFile(entry.path().string()), text)) {
      places.push_back(entry.path().string());
    }
  }
  const auto store = storage::OpenRocksStore(path, {.create_if_missing = false, .read_only = true});
  EXPECT_TRUE(store.ok()) << store.status();
  for (int i = 0; i < storage::kFamilyCount; ++i) {
    const auto family = static_cast<storage::Family>(i);
    const auto cursor = (*store)->NewCursor(family);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      std::string bytes = absl::StrCat(cursor->key(), cursor->value());
      if (family == storage::Family::kExtra) {  // which is packed
        if (const auto claim = codec::DecodeClaim(cursor->value()); claim.ok()) {
          absl::StrAppend(&bytes, claim->claim.text, FormatValue(Value(claim->claim.figures)));
        }
        if (const auto extra = codec::DecodeVersionExtra(cursor->value()); extra.ok()) {
          absl::StrAppend(&bytes, FormatValue(Value(extra->qualifiers)));
        }
      }
      if (absl::StrContains(bytes, text)) {
        places.push_back(std::string(storage::FamilyName(family)));
      }
    }
    EXPECT_TRUE(cursor->status().ok());
  }
  return places;
}

}  // namespace fasti
