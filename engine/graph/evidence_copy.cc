#include "engine/graph/evidence_copy.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/text_key.h"
#include "engine/graph/chunks.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

using storage::Family;

absl::Status EvidenceCopy::Survey() {
  return ScanPrefix(from_, Family::kExtra, codec::AnyVersionExtraPrefix(),
                    [this](absl::string_view key, absl::string_view value) {
                      const absl::StatusOr<uint64_t> version = codec::DecodeVersionExtraKey(key);
                      if (version.ok() && codec::DecodeVersionExtra(value).ok()) {
                        qualified_.Insert(*version);
                      }
                      return absl::OkStatus();
                    });
}

absl::Status EvidenceCopy::Write(const Kept& kept, const Erasure& erasure, BatchWriter* writer,
                                 RewriteReport* report) const {
  FASTI_RETURN_IF_ERROR(WriteQualifiers(kept, writer));
  FASTI_RETURN_IF_ERROR(WriteClaims(kept, erasure, writer, report));
  return WriteTexts(erasure, writer, report);
}

absl::Status EvidenceCopy::WriteQualifiers(const Kept& kept, BatchWriter* writer) const {
  return ScanPrefix(
      from_, Family::kExtra, codec::AnyVersionExtraPrefix(),
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        const absl::StatusOr<uint64_t> version = codec::DecodeVersionExtraKey(key);
        if (!version.ok() || !qualified_.Contains(*version) || !kept.versions.Contains(*version)) {
          return absl::OkStatus();
        }
        return writer->Put(Family::kExtra, key, value);
      });
}

// The index of claims by source is written from the claims.
absl::Status EvidenceCopy::WriteClaims(const Kept& kept, const Erasure& erasure,
                                       BatchWriter* writer, RewriteReport* report) const {
  uint64_t unreadable = 0, without_fact = 0, without_source = 0;
  NumberSet left_out;  // claims, whose withdrawals go with them
  const auto copy = [&](absl::string_view key, absl::string_view value) -> absl::Status {
    const absl::StatusOr<codec::ClaimId> id = codec::DecodeClaimKey(key);
    const absl::StatusOr<codec::ClaimRecord> record = codec::DecodeClaim(value);
    if (!id.ok() || !record.ok()) {
      ++unreadable;
      return absl::OkStatus();
    }
    if (id->sequence > kept.last) return absl::OkStatus();
    const bool has_fact = kept.lineages.Contains(id->lineage);
    if (record->retracts != 0) {
      if (!has_fact || left_out.Contains(record->retracts)) return absl::OkStatus();
      return writer->Put(Family::kExtra, key, value);
    }
    const uint64_t source = Raw(record->claim.source);
    const bool has_source = source == 0 || kept.sources.Contains(source);
    if (!has_fact || !has_source) {
      left_out.Insert(id->sequence);
      if (!erasure.empty()) {
        ++report->erased_claims;
      } else {
        ++(has_fact ? without_source : without_fact);
      }
      return absl::OkStatus();
    }
    ++report->claims;
    if (erasure.IsNamedIn(record->claim.text)) report->naming.insert(source);
    FASTI_RETURN_IF_ERROR(writer->Put(Family::kExtra, key, value));
    if (source == 0) return absl::OkStatus();
    return writer->Put(Family::kExtra, codec::SourceClaimKey(source, id->lineage, id->sequence),
                       "");
  };
  FASTI_RETURN_IF_ERROR(ScanPrefix(from_, Family::kExtra, codec::AnyClaimPrefix(), copy));
  const auto lose = [report](uint64_t count, absl::string_view why) {
    if (count > 0) report->losses.push_back(absl::StrCat("extra: ", count, " claims ", why));
  };
  lose(unreadable, "cannot be read");
  lose(without_fact, "whose fact is lost");
  lose(without_source, "whose source is lost");
  return absl::OkStatus();
}

absl::Status EvidenceCopy::WriteTexts(const Erasure& erasure, BatchWriter* writer,
                                      RewriteReport* report) const {
  NumberSet seen, whole;
  FASTI_RETURN_IF_ERROR(ScanChunks(
      from_, Family::kText, "", codec::kTextChunkBytes,
      [&](absl::string_view key) -> absl::StatusOr<std::pair<uint64_t, uint32_t>> {
        FASTI_ASSIGN_OR_RETURN(const codec::TextChunk at, codec::DecodeTextKey(key));
        seen.Insert(at.source);
        return std::make_pair(at.source, at.chunk);
      },
      [&](uint64_t source, absl::string_view text) -> absl::Status {
        whole.Insert(source);
        if (erasure.entities.contains(source)) {
          ++report->erased_texts;
          return absl::OkStatus();
        }
        ++report->texts;
        if (erasure.IsNamedIn(text)) report->naming.insert(source);
        return ForEachChunk(
            text, codec::kTextChunkBytes, [&](uint32_t chunk, absl::string_view part) {
              return writer->Put(Family::kText, codec::TextKey(source, chunk), part);
            });
      }));
  const size_t torn = whole.CountMissing(seen);
  if (torn > 0)
    report->losses.push_back(absl::StrCat("text: ", torn, " texts with a part missing"));
  return absl::OkStatus();
}

}  // namespace fasti::graph
