#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/fact.h"
#include "fasti/value.h"

// Records of the family `extra` (docs/file_format.md, "Extra"), in packed Cap'n Proto.

namespace fasti::codec {

// What a version carries beyond its row.
struct VersionExtra {
  Map qualifiers;
  uint64_t supersedes = 0;  // version, or 0
};

// A claim, or the retraction of one.
struct ClaimRecord {
  Claim claim;            // `sequence` is in the key
  uint64_t retracts = 0;  // the sequence of the claim that this record withdraws; 0: none
};

std::string VersionExtraKey(uint64_t version);  // 01 version
std::string AnyVersionExtraPrefix();
absl::StatusOr<uint64_t> DecodeVersionExtraKey(absl::string_view key);
std::string ClaimKey(uint64_t lineage, uint64_t sequence);  // 02 lineage, sequence
std::string ClaimPrefix(uint64_t lineage);
std::string AnyClaimPrefix();
struct ClaimId {
  uint64_t lineage = 0, sequence = 0;
};
absl::StatusOr<ClaimId> DecodeClaimKey(absl::string_view key);
std::string SourceClaimKey(uint64_t source, uint64_t lineage, uint64_t sequence);  // 03 ...
std::string SourceClaimPrefix(uint64_t source);
struct SourceClaim {
  uint64_t source = 0, lineage = 0, sequence = 0;
};
absl::StatusOr<SourceClaim> DecodeSourceClaimKey(absl::string_view key);
absl::StatusOr<uint64_t> DecodeClaimSequence(absl::string_view claim_key);

// INVALID_ARGUMENT for values that cannot be stored (nodes, facts, paths).
absl::StatusOr<std::string> EncodeVersionExtra(const VersionExtra& extra);
absl::StatusOr<VersionExtra> DecodeVersionExtra(absl::string_view bytes);  // DATA_LOSS
absl::StatusOr<std::string> EncodeClaim(const ClaimRecord& record);
absl::StatusOr<ClaimRecord> DecodeClaim(absl::string_view bytes);

}  // namespace fasti::codec
