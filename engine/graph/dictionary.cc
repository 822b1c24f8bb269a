#include "engine/graph/dictionary.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/codec/log_record.h"
#include "engine/codec/term.h"
#include "engine/graph/chunks.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using storage::Family;

constexpr size_t kCacheEntries = 250'000;  // a generation, each way: about 25 MB of short names
constexpr size_t kCachedBytesMax = 1024;   // longer texts are rarely asked twice

}  // namespace

absl::Status ForEachBodyChunk(
    uint64_t literal, absl::string_view bytes,
    absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view chunk)> visit) {
  return ForEachChunk(bytes, codec::kDictChunkBytes, [&](uint32_t chunk, absl::string_view part) {
    return visit(codec::DictIdKey(literal, chunk), part);
  });
}

void LiteralWrites::AddTo(const std::function<storage::Batch*()>& batch) const {
  for (const auto& [bytes, literal] : ids) {
    batch()->Put(Family::kDict, codec::DictValueKey(bytes), codec::SequenceKey(literal));
    ForEachBodyChunk(literal, bytes, [&](absl::string_view key, absl::string_view chunk) {
      batch()->Put(Family::kDict, key, chunk);
      return absl::OkStatus();
    }).IgnoreError();  // a batch takes everything
  }
  for (const auto& [text, literal] : folded) {
    batch()->Put(Family::kDict, codec::DictFoldedKey(text, literal), "");
  }
}

Dictionary::Dictionary(const storage::Store& store)
    : store_(store), ids_(kCacheEntries), values_(kCacheEntries) {}

absl::StatusOr<std::optional<uint64_t>> Dictionary::Find(absl::string_view literal_bytes,
                                                         const LiteralWrites* own) const {
  if (own != nullptr) {
    if (const auto it = own->ids.find(literal_bytes); it != own->ids.end()) return it->second;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (const uint64_t* literal = ids_.Find(literal_bytes)) return *literal;
    for (const auto& writes : pending_) {
      if (const auto it = writes->ids.find(literal_bytes); it != writes->ids.end()) {
        return it->second;
      }
    }
  }
  const absl::StatusOr<std::string> found =
      store_.Get(Family::kDict, codec::DictValueKey(literal_bytes));
  if (absl::IsNotFound(found.status())) return std::nullopt;
  FASTI_RETURN_IF_ERROR(found.status());
  FASTI_ASSIGN_OR_RETURN(const uint64_t literal, codec::DecodeSequenceKey(*found));
  if (literal_bytes.size() <= kCachedBytesMax) {
    absl::MutexLock lock(&mutex_);
    ids_.Insert(std::string(literal_bytes), literal);
    return literal;
  }
  // The key of a long literal is a hash; only its body tells whether it is the same literal.
  FASTI_ASSIGN_OR_RETURN(const std::string body, ReadBody(literal));
  if (body != literal_bytes) {
    return absl::DataLossError(absl::StrCat("dictionary: literal ", literal,
                                            " has the key of another text of the same hash"));
  }
  return literal;
}

absl::StatusOr<std::string> Dictionary::ReadBody(uint64_t literal) const {
  std::string body;
  for (uint32_t chunk = 0;; ++chunk) {
    absl::StatusOr<std::string> part = store_.Get(Family::kDict, codec::DictIdKey(literal, chunk));
    if (absl::IsNotFound(part.status())) {
      return absl::DataLossError(
          absl::StrCat("dictionary: literal ", literal, " has no chunk ", chunk));
    }
    FASTI_RETURN_IF_ERROR(part.status());
    if (body.empty()) {
      body = *std::move(part);
    } else {
      absl::StrAppend(&body, *part);
    }
    if (body.size() < (chunk + 1) * codec::kDictChunkBytes) return body;
  }
}

absl::StatusOr<Value> Dictionary::Get(uint64_t literal, const LiteralWrites* own) const {
  if (own != nullptr) {
    if (const auto it = own->values.find(literal); it != own->values.end()) return it->second;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (const Value* value = values_.Find(literal)) return *value;
    for (const auto& writes : pending_) {
      if (const auto it = writes->values.find(literal); it != writes->values.end()) {
        return it->second;
      }
    }
  }
  FASTI_ASSIGN_OR_RETURN(const std::string body, ReadBody(literal));
  FASTI_ASSIGN_OR_RETURN(Value value, codec::DecodeLiteral(body));
  if (body.size() <= kCachedBytesMax) {
    absl::MutexLock lock(&mutex_);
    values_.Insert(literal, value);
  }
  return value;
}

absl::StatusOr<std::vector<uint64_t>> Dictionary::FindFolded(absl::string_view folded_text,
                                                             const LiteralWrites* own) const {
  std::vector<uint64_t> literals;
  const auto add = [&](const LiteralWrites& writes) {
    for (auto it = writes.folded.lower_bound({std::string(folded_text), 0});
         it != writes.folded.end() && it->first == folded_text; ++it) {
      literals.push_back(it->second);
    }
  };
  if (own != nullptr) add(*own);
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& writes : pending_) add(*writes);
  }
  const std::string prefix = codec::DictFoldedPrefix(folded_text);
  FASTI_RETURN_IF_ERROR(ScanPrefix(
      store_, Family::kDict, prefix, [&](absl::string_view key, absl::string_view) -> absl::Status {
        // A longer text that begins with this one has the same prefix and a longer key.
        if (key.size() != prefix.size() + sizeof(uint64_t)) return absl::OkStatus();
        FASTI_ASSIGN_OR_RETURN(const uint64_t literal,
                               codec::DecodeSequenceKey(key.substr(prefix.size())));
        literals.push_back(literal);
        return absl::OkStatus();
      }));
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  return literals;
}

void Dictionary::AddPending(std::shared_ptr<const LiteralWrites> writes) {
  absl::MutexLock lock(&mutex_);
  pending_.push_back(std::move(writes));
}

void Dictionary::RemovePending(const std::shared_ptr<const LiteralWrites>& writes) {
  absl::MutexLock lock(&mutex_);
  pending_.erase(std::remove(pending_.begin(), pending_.end(), writes), pending_.end());
  for (const auto& [bytes, literal] : writes->ids) {
    if (bytes.size() > kCachedBytesMax) continue;
    ids_.Insert(bytes, literal);
    values_.Insert(literal, writes->values.at(literal));
  }
}

}  // namespace fasti::graph
