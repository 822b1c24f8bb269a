#include "engine/graph/literal_copy.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/codec/log_record.h"
#include "engine/codec/term.h"
#include "engine/graph/chunks.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/name_index.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using storage::Family;

bool IsLiteral(absl::string_view bytes) {
  return codec::DecodeLiteral(bytes).ok();
}

}  // namespace

absl::Status LiteralCopy::ForEachBody(
    absl::FunctionRef<absl::Status(uint64_t literal, absl::string_view bytes)> visit) const {
  return ScanChunks(
      from_, Family::kDict, codec::DictIdPrefix(), codec::kDictChunkBytes,
      [](absl::string_view key) -> absl::StatusOr<std::pair<uint64_t, uint32_t>> {
        FASTI_ASSIGN_OR_RETURN(const codec::DictChunk at, codec::DecodeDictIdKey(key));
        return std::make_pair(at.literal, at.chunk);
      },
      visit);
}

absl::Status LiteralCopy::Survey() {
  FASTI_RETURN_IF_ERROR(ForEachBody([this](uint64_t literal, absl::string_view bytes) {
    if (IsLiteral(bytes)) whole_.Insert(literal);
    return absl::OkStatus();
  }));
  const std::string prefix = codec::DictValuePrefix();
  return ScanPrefix(from_, Family::kDict, prefix,
                    [&](absl::string_view key, absl::string_view value) {
                      const absl::StatusOr<uint64_t> literal = codec::DecodeSequenceKey(value);
                      key.remove_prefix(prefix.size());
                      if (literal.ok() && !whole_.Contains(*literal) && IsLiteral(key)) {
                        from_keys_[*literal] = std::string(key);
                      }
                      return absl::OkStatus();
                    });
}

std::string LiteralCopy::StandIn(uint64_t literal) {
  return absl::StrCat("lost name ", literal);
}

absl::Status LiteralCopy::Write(const NumberSet& used, const NumberSet& names,
                                const NumberSet& stand_ins, const Erasure& erasure,
                                BatchWriter* writer, RewriteReport* report) const {
  const auto write = [&](uint64_t literal, absl::string_view bytes) -> absl::Status {
    if (!used.Contains(literal)) {
      ++report->erased_literals;
      return absl::OkStatus();
    }
    ++report->literals;
    report->naming_literals += erasure.IsNamedIn(bytes) ? 1 : 0;
    LiteralWrites writes;
    writes.ids.emplace(std::string(bytes), literal);
    if (names.Contains(literal) && !bytes.empty() && bytes.front() == codec::kStringLiteral) {
      std::optional<std::string> folded = FoldedName(bytes.substr(1));
      if (folded.has_value()) writes.folded.emplace(*std::move(folded), literal);
    }
    FASTI_ASSIGN_OR_RETURN(storage::Batch* const batch, writer->batch());
    writes.AddTo([batch] { return batch; });
    return absl::OkStatus();
  };
  FASTI_RETURN_IF_ERROR(ForEachBody([&](uint64_t literal, absl::string_view bytes) {
    return whole_.Contains(literal) ? write(literal, bytes) : absl::OkStatus();
  }));
  for (const auto& [literal, bytes] : from_keys_) FASTI_RETURN_IF_ERROR(write(literal, bytes));
  return stand_ins.ForEach([&](uint64_t literal) -> absl::Status {
    FASTI_ASSIGN_OR_RETURN(const std::string bytes, codec::EncodeLiteral(Value(StandIn(literal))));
    return write(literal, bytes);
  });
}

}  // namespace fasti::graph
