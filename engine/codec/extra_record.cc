#include "engine/codec/extra_record.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/bytes.h"
#include "engine/codec/packed.h"
#include "engine/codec/schema_value.h"
#include "fasti/status_macros.h"
#include "schema/extra.capnp.h"

namespace fasti::codec {
namespace {

// NOTE: stored; do not change.
constexpr uint8_t kVersionPrefix = 1;
constexpr uint8_t kClaimPrefix = 2;
constexpr uint8_t kSourcePrefix = 3;

std::string KeyOf(uint8_t prefix, std::initializer_list<uint64_t> numbers) {
  std::string key(1, static_cast<char>(prefix));
  for (uint64_t number : numbers) AppendBig64(number, &key);
  return key;
}

absl::StatusOr<VersionExtra> ReadVersionExtra(schema::VersionExtra::Reader in) {
  VersionExtra extra;
  FASTI_ASSIGN_OR_RETURN(extra.qualifiers, ReadFields(in.getQualifiers()));
  extra.supersedes = in.getSupersedes();
  return extra;
}

absl::StatusOr<ClaimRecord> ReadClaim(schema::Claim::Reader in) {
  ClaimRecord record;
  Claim& claim = record.claim;
  claim.source = static_cast<EntityId>(in.getSource());
  FASTI_ASSIGN_OR_RETURN(claim.published, ReadPeriod(in.getPublished()));
  claim.known_from = in.getKnownFrom();
  claim.text = ReadText(in.getText());
  claim.span = {in.getSpanBegin(), in.getSpanEnd()};
  FASTI_ASSIGN_OR_RETURN(claim.valid, ReadPeriod(in.getValid()));
  FASTI_ASSIGN_OR_RETURN(claim.figures, ReadFields(in.getFigures()));
  FASTI_ASSIGN_OR_RETURN(claim.stance, ReadEnum(in.getStance(), Stance::kDenies));
  FASTI_ASSIGN_OR_RETURN(claim.modality, ReadEnum(in.getModality(), Modality::kDenied));
  claim.confidence = in.getConfidence();
  claim.extractor = ReadText(in.getExtractor());
  record.retracts = in.getRetracts();
  return record;
}

}  // namespace

std::string VersionExtraKey(uint64_t version) {
  return KeyOf(kVersionPrefix, {version});
}
std::string AnyVersionExtraPrefix() {
  return KeyOf(kVersionPrefix, {});
}
std::string AnyClaimPrefix() {
  return KeyOf(kClaimPrefix, {});
}
std::string ClaimKey(uint64_t lineage, uint64_t sequence) {
  return KeyOf(kClaimPrefix, {lineage, sequence});
}
std::string ClaimPrefix(uint64_t lineage) {
  return KeyOf(kClaimPrefix, {lineage});
}
std::string SourceClaimKey(uint64_t source, uint64_t lineage, uint64_t sequence) {
  return KeyOf(kSourcePrefix, {source, lineage, sequence});
}
std::string SourceClaimPrefix(uint64_t source) {
  return KeyOf(kSourcePrefix, {source});
}

absl::StatusOr<SourceClaim> DecodeSourceClaimKey(absl::string_view key) {
  ByteReader reader(key);
  const uint8_t prefix = reader.Byte();
  SourceClaim claim;
  claim.source = reader.Big64();
  claim.lineage = reader.Big64();
  claim.sequence = reader.Big64();
  if (prefix == kSourcePrefix && reader.done()) return claim;
  return absl::DataLossError(
      absl::StrCat("extra key: ", key.size(), " bytes are no key of a source's claim"));
}

absl::StatusOr<uint64_t> DecodeVersionExtraKey(absl::string_view key) {
  ByteReader reader(key);
  const uint8_t prefix = reader.Byte();
  const uint64_t version = reader.Big64();
  if (prefix == kVersionPrefix && reader.done()) return version;
  return absl::DataLossError(
      absl::StrCat("extra key: ", key.size(), " bytes are no key of a version"));
}

absl::StatusOr<ClaimId> DecodeClaimKey(absl::string_view key) {
  ByteReader reader(key);
  const uint8_t prefix = reader.Byte();
  ClaimId claim;
  claim.lineage = reader.Big64();
  claim.sequence = reader.Big64();
  if (prefix == kClaimPrefix && reader.done()) return claim;
  return absl::DataLossError(
      absl::StrCat("extra key: ", key.size(), " bytes are no key of a claim"));
}

absl::StatusOr<uint64_t> DecodeClaimSequence(absl::string_view claim_key) {
  FASTI_ASSIGN_OR_RETURN(const ClaimId claim, DecodeClaimKey(claim_key));
  return claim.sequence;
}

absl::StatusOr<std::string> EncodeVersionExtra(const VersionExtra& extra) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<schema::VersionExtra>();
  FASTI_RETURN_IF_ERROR(WriteFields(extra.qualifiers, out.initQualifiers(extra.qualifiers.size())));
  out.setSupersedes(extra.supersedes);
  return Pack(message);
}

absl::StatusOr<VersionExtra> DecodeVersionExtra(absl::string_view bytes) {
  return ReadPacked<schema::VersionExtra>(bytes, "version extra", &ReadVersionExtra);
}

absl::StatusOr<std::string> EncodeClaim(const ClaimRecord& record) {
  const Claim& claim = record.claim;
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<schema::Claim>();
  out.setSource(Raw(claim.source));
  WritePeriod(claim.published, out.initPublished());
  out.setKnownFrom(claim.known_from);
  out.setText(claim.text);
  out.setSpanBegin(claim.span.begin);
  out.setSpanEnd(claim.span.end);
  WritePeriod(claim.valid, out.initValid());
  FASTI_RETURN_IF_ERROR(WriteFields(claim.figures, out.initFigures(claim.figures.size())));
  out.setStance(static_cast<uint8_t>(claim.stance));
  out.setModality(static_cast<uint8_t>(claim.modality));
  out.setConfidence(claim.confidence);
  out.setExtractor(claim.extractor);
  out.setRetracts(record.retracts);
  return Pack(message);
}

absl::StatusOr<ClaimRecord> DecodeClaim(absl::string_view bytes) {
  return ReadPacked<schema::Claim>(bytes, "claim", &ReadClaim);
}

}  // namespace fasti::codec
