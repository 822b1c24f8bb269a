#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/relation.h"

// Records of the family `default` (docs/file_format.md, "Catalog"): the format record, relations,
// labels, batch ids, figures.

namespace fasti::codec {

inline constexpr uint32_t kFormatMajor = 1;
inline constexpr uint32_t kFormatMinor = 0;

// The first record of every database, under the key "format".
struct FormatRecord {
  uint32_t major = kFormatMajor;
  uint32_t minor = kFormatMinor;
  std::vector<std::string> features;  // an unknown one means: do not open
  std::string database_id;            // random, 16 bytes
  int64_t created = 0;                // microseconds since 1970
};

std::string FormatKey();
std::string RelationKey(RelationId id);
std::string RelationPrefix();
std::string LabelKey(LabelId id);
std::string LabelPrefix();
std::string BatchKey(absl::uint128 batch_id);
std::string BatchPrefix();
std::string FiguresKey();
std::string PurgeKey(int64_t time);  // its figures are of the same form
std::string PurgePrefix();
absl::StatusOr<int64_t> DecodePurgeKey(absl::string_view key);  // DATA_LOSS

absl::StatusOr<absl::uint128> DecodeBatchKey(absl::string_view key);  // DATA_LOSS

std::string EncodeFormat(const FormatRecord& format);
absl::StatusOr<FormatRecord> DecodeFormat(absl::string_view bytes);  // DATA_LOSS
std::string EncodeRelation(const RelationInfo& relation);
absl::StatusOr<RelationInfo> DecodeRelation(absl::string_view bytes);
std::string EncodeLabel(const LabelInfo& label);
absl::StatusOr<LabelInfo> DecodeLabel(absl::string_view bytes);
std::string EncodeFigures(const std::map<std::string, uint64_t>& figures);
absl::StatusOr<std::map<std::string, uint64_t>> DecodeFigures(absl::string_view bytes);

}  // namespace fasti::codec
