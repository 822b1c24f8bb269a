#include "engine/graph/source_book.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/fnv128.h"
#include "engine/base/text.h"
#include "engine/codec/text_key.h"
#include "engine/graph/chunks.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/recorded_rows.h"
#include "fasti/status_macros.h"

namespace fasti::graph {
namespace {

constexpr size_t kArticleBytesMax = size_t{16} << 20;

// An attribute of a source and its value.
struct Detail {
  absl::string_view key;
  Value value;
};

absl::Status CheckSource(const Source& source) {
  if (source.key.empty() && source.text.empty()) {
    return absl::InvalidArgumentError("source: expected a key or a text, found neither");
  }
  if (source.text.size() > kArticleBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("source: expected a text of at most ",
                                                   kArticleBytesMax, " bytes, found ",
                                                   source.text.size()));
  }
  for (const std::string* text :
       {&source.key, &source.title, &source.publisher, &source.language, &source.text}) {
    if (const std::optional<size_t> at = FindInvalidUtf8(*text)) {
      return absl::InvalidArgumentError(
          absl::StrCat("source: expected valid UTF-8 text, found another byte at offset ", *at,
                       " of '", Excerpt(*text), "'"));
    }
  }
  for (const std::optional<Period>& date : {source.published, source.report_date}) {
    if (date) FASTI_RETURN_IF_ERROR(CheckPeriod(*date));
  }
  return absl::OkStatus();
}

constexpr absl::string_view kHashKey = "hash:";  // begins a key that is not a url

Detail KeyOf(const Source& source) {
  if (absl::StartsWith(source.key, kHashKey)) {
    return {kSourceHash, Value(source.key.substr(kHashKey.size()))};
  }
  if (!source.key.empty()) return {kSourceUrl, Value(source.key)};
  const absl::uint128 hash = Fnv128(source.text);
  return {kSourceHash, Value(absl::StrFormat("%016x%016x", absl::Uint128High64(hash),
                                             absl::Uint128Low64(hash)))};
}

std::vector<Detail> DetailsOf(const Source& source) {
  std::vector<Detail> details;
  const auto add_text = [&](absl::string_view key, const std::string& text) {
    if (!text.empty()) details.push_back({key, Value(text)});
  };
  add_text("title", source.title);
  add_text("publisher", source.publisher);
  add_text("language", source.language);
  if (source.published) details.push_back({"published", Value(*source.published)});
  if (source.report_date) details.push_back({"report_date", Value(*source.report_date)});
  return details;
}

absl::StatusOr<std::optional<EntityId>> FindSource(const Detail& key,
                                                   const TransactionImpl& transaction) {
  const SnapshotImpl& view = transaction.view();
  const std::optional<RelationInfo> attribute = view.FindAttribute(key.key);
  const std::optional<LabelInfo> label = view.FindLabel(kSourceLabel);
  if (!attribute || !label) return std::nullopt;
  FASTI_ASSIGN_OR_RETURN(const std::optional<Term> term, view.FindTerm(key.value));
  if (!term) return std::nullopt;
  FASTI_ASSIGN_OR_RETURN(const std::vector<Row> rows,
                         RecordedRows(view.state(), {.order = codec::Order::kIn,
                                                     .anchor = term->bits(),
                                                     .relation = Raw(attribute->id)}));
  for (const Row& row : rows) {
    const auto entity = static_cast<EntityId>(row.subject);
    FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, view.Labels(entity, {.apart = true}));
    for (const LabelId own : labels) {
      if (own == label->id) return entity;
    }
  }
  return std::nullopt;
}

absl::Status PutText(EntityId source, absl::string_view text, TransactionImpl* transaction) {
  if (text.empty()) return absl::OkStatus();
  return ForEachChunk(text, codec::kTextChunkBytes, [&](uint32_t chunk, absl::string_view bytes) {
    transaction->PutRecord(storage::Family::kText, codec::TextKey(Raw(source), chunk), bytes);
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<EntityId> InternSource(const Source& source, TransactionImpl* transaction) {
  FASTI_RETURN_IF_ERROR(CheckSource(source));
  const Detail key = KeyOf(source);
  FASTI_ASSIGN_OR_RETURN(const std::optional<EntityId> known, FindSource(key, *transaction));
  std::vector<Detail> details = DetailsOf(source);
  EntityId entity = known.value_or(EntityId::kNone);
  if (!known) {
    FASTI_ASSIGN_OR_RETURN(entity, transaction->CreateEntity());
    FASTI_ASSIGN_OR_RETURN(const LabelId label, transaction->InternLabel(kSourceLabel));
    FASTI_RETURN_IF_ERROR(transaction->AddLabel(entity, label));
    details.push_back(key);
    FASTI_RETURN_IF_ERROR(PutText(entity, source.text, transaction));
  }
  for (const Detail& detail : details) {
    FASTI_ASSIGN_OR_RETURN(const RelationId attribute, transaction->InternAttribute(detail.key));
    FASTI_ASSIGN_OR_RETURN(const Value old,
                           transaction->view().Attribute(entity, attribute, {.apart = true}));
    if (!old.is_null()) continue;
    FASTI_RETURN_IF_ERROR(transaction->SetAttribute(entity, attribute, detail.value));
  }
  return entity;
}

}  // namespace fasti::graph
