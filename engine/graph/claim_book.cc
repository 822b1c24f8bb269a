#include "engine/graph/claim_book.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/codec/extra_record.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

absl::StatusOr<std::vector<ToldClaim>> ClaimBook::ClaimsOf(VersionId lineage, const Value& object) {
  std::map<Sequence, ToldClaim> claims;
  std::set<Sequence> withdrawn;
  FASTI_RETURN_IF_ERROR(view_.ScanRecords(
      storage::Family::kExtra, codec::ClaimPrefix(Raw(lineage)),
      [&](absl::string_view key, absl::string_view bytes) -> absl::Status {
        FASTI_ASSIGN_OR_RETURN(const Sequence sequence, codec::DecodeClaimSequence(key));
        if (sequence > view_.sequence()) return absl::OkStatus();
        FASTI_ASSIGN_OR_RETURN(codec::ClaimRecord record, codec::DecodeClaim(bytes));
        if (record.retracts != 0) {
          withdrawn.insert(record.retracts);
          return absl::OkStatus();
        }
        record.claim.sequence = sequence;
        claims[sequence] = {std::move(record.claim), "", object};
        return absl::OkStatus();
      }));
  std::vector<ToldClaim> told;
  for (auto& [sequence, claim] : claims) {
    if (withdrawn.count(sequence) != 0) continue;
    FASTI_ASSIGN_OR_RETURN(claim.source_key, SourceKey(claim.claim.source));
    told.push_back(std::move(claim));
  }
  return told;
}

absl::StatusOr<std::vector<VersionId>> ClaimBook::LineagesOf(EntityId source) const {
  std::set<VersionId> lineages;
  FASTI_RETURN_IF_ERROR(view_.ScanRecords(
      storage::Family::kExtra, codec::SourceClaimPrefix(Raw(source)),
      [&](absl::string_view key, absl::string_view) -> absl::Status {
        FASTI_ASSIGN_OR_RETURN(const codec::SourceClaim claim, codec::DecodeSourceClaimKey(key));
        if (claim.sequence <= view_.sequence()) {
          lineages.insert(static_cast<VersionId>(claim.lineage));
        }
        return absl::OkStatus();
      }));
  return std::vector<VersionId>(lineages.begin(), lineages.end());
}

absl::StatusOr<std::string> ClaimBook::SourceKey(EntityId source) {
  if (source == EntityId::kNone) return std::string();
  const auto known = source_keys_.find(source);
  if (known != source_keys_.end()) return known->second;
  for (const absl::string_view name : {kSourceUrl, kSourceHash}) {
    const std::optional<RelationInfo> attribute = view_.FindAttribute(name);
    if (!attribute) continue;
    FASTI_ASSIGN_OR_RETURN(const Value key,
                           view_.Attribute(source, attribute->id, {.apart = true}));
    if (key.is(Value::Kind::kString)) return source_keys_[source] = key.as_string();
  }
  return absl::DataLossError(
      absl::StrCat("source ", Raw(source), ": expected an attribute url or hash, found neither"));
}

absl::Status PutClaim(VersionId lineage, Claim* claim, TransactionImpl* transaction) {
  FASTI_ASSIGN_OR_RETURN(const std::string bytes, codec::EncodeClaim({.claim = *claim}));
  claim->sequence = transaction->TakeSequence();
  transaction->PutRecord(storage::Family::kExtra, codec::ClaimKey(Raw(lineage), claim->sequence),
                         bytes);
  if (claim->source != EntityId::kNone) {
    transaction->PutRecord(storage::Family::kExtra,
                           codec::SourceClaimKey(Raw(claim->source), Raw(lineage), claim->sequence),
                           "");
  }
  return absl::OkStatus();
}

absl::Status WithdrawClaim(VersionId lineage, Sequence claim, TransactionImpl* transaction) {
  FASTI_ASSIGN_OR_RETURN(const std::string bytes, codec::EncodeClaim({.retracts = claim}));
  transaction->PutRecord(storage::Family::kExtra,
                         codec::ClaimKey(Raw(lineage), transaction->TakeSequence()), bytes);
  return absl::OkStatus();
}

bool KnownBy(const Claim& claim, const std::optional<Period>& as_of, Instant now) {
  return as_of ? claim.known_from < as_of->to : claim.known_from <= now;
}

std::vector<const ToldClaim*> SupportsKnown(const std::vector<ToldClaim>& claims,
                                            const std::optional<Period>& as_of, Instant now) {
  std::vector<const ToldClaim*> supports;
  for (const ToldClaim& told : claims) {
    if (!told.denies() && KnownBy(told.claim, as_of, now)) supports.push_back(&told);
  }
  std::sort(supports.begin(), supports.end(),
            [](const ToldClaim* a, const ToldClaim* b) { return PublishedBefore(*a, *b); });
  return supports;
}

}  // namespace fasti::graph
