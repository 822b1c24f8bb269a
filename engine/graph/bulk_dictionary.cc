#include "engine/graph/bulk_dictionary.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/codec/log_record.h"
#include "engine/codec/term.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/name_index.h"
#include "engine/graph/text_sort.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using storage::Family;

using Literals = std::vector<const NameTable::Entry*>;

constexpr size_t kAhead = 16;

// A name of usual length, and an entry with one, lie in one line of the cache or in two.
void Prefetch(const void* begin) {
  __builtin_prefetch(begin);
  __builtin_prefetch(static_cast<const char*>(begin) + 40);
}

// Calls `visit` with the places of literals in an order in which they lie anywhere.
template <typename Visit>
absl::Status ForEachIn(const std::vector<uint32_t>& order, const Literals& literals, Visit visit) {
  const size_t count = order.size();
  for (size_t i = 0; i < count; ++i) {
    if (i + 2 * kAhead < count) __builtin_prefetch(&literals[order[i + 2 * kAhead]]);
    if (i + kAhead < count) Prefetch(literals[order[i + kAhead]]);
    FASTI_RETURN_IF_ERROR(visit(order[i]));
  }
  return absl::OkStatus();
}

absl::Status WriteNumbers(const BulkNames& names, const Literals& literals,
                          const std::vector<uint32_t>& order, storage::Installation& installation) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kDict));
  std::vector<storage::Entry> long_ones;  // a run of their own: bodies lie between
  FASTI_RETURN_IF_ERROR(ForEachIn(order, literals, [&](uint32_t place) -> absl::Status {
    const absl::string_view bytes = literals[place]->bytes();
    std::string key = codec::DictValueKey(bytes);
    std::string number = codec::SequenceKey(names.first_literal() + place);
    if (bytes.size() <= codec::kDictWholeBytesMax) return writer->Add(key, number);
    long_ones.push_back({std::move(key), std::move(number)});
    return absl::OkStatus();
  }));
  FASTI_RETURN_IF_ERROR(writer->Finish());
  std::sort(long_ones.begin(), long_ones.end(),
            [](const storage::Entry& a, const storage::Entry& b) { return a.key < b.key; });
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> long_writer,
                         installation.NewRun(Family::kDict));
  for (const storage::Entry& entry : long_ones) {
    FASTI_RETURN_IF_ERROR(long_writer->Add(entry.key, entry.value));
  }
  return long_writer->Finish();
}

using Name = std::pair<absl::string_view, uint64_t>;  // folded text and literal

// Most names are what they fold to, and those come in order already.
absl::Status WriteFoldedNames(const BulkNames& names, const Literals& literals,
                              const std::vector<uint32_t>& order,
                              storage::Installation& installation) {
  std::vector<Name> plain;
  std::deque<std::string> texts;
  std::vector<Name> others;
  FASTI_RETURN_IF_ERROR(ForEachIn(order, literals, [&](uint32_t place) {
    const NameTable::Entry& entry = *literals[place];
    if (!names.NamesNewEntity(entry)) return absl::OkStatus();
    std::optional<std::string> folded = FoldedName(entry.text());
    if (!folded.has_value()) return absl::OkStatus();
    const uint64_t literal = names.first_literal() + place;
    if (absl::string_view(*folded) == entry.text()) {
      plain.emplace_back(entry.text(), literal);
    } else {
      others.emplace_back(texts.emplace_back(*std::move(folded)), literal);
    }
    return absl::OkStatus();
  }));
  const std::vector<std::pair<std::string, uint64_t>> given = names.given_names();
  others.insert(others.end(), given.begin(), given.end());
  std::sort(others.begin(), others.end());
  // A name may be given by several facts.
  others.erase(std::unique(others.begin(), others.end()), others.end());
  std::vector<Name> all;
  all.reserve(plain.size() + others.size());
  std::set_union(plain.begin(), plain.end(), others.begin(), others.end(), std::back_inserter(all));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kDict));
  for (size_t i = 0; i < all.size(); ++i) {
    if (i + kAhead < all.size()) Prefetch(all[i + kAhead].first.data());
    FASTI_RETURN_IF_ERROR(writer->Add(codec::DictFoldedKey(all[i].first, all[i].second), ""));
  }
  return writer->Finish();
}

}  // namespace

absl::Status WriteLiteralNumbers(const BulkNames& names, storage::Installation& installation) {
  const Literals literals = names.NewLiterals();
  const std::vector<uint32_t> order =
      SortedPlaces(literals.size(), [&](size_t i) { return literals[i]->bytes(); });
  FASTI_RETURN_IF_ERROR(WriteNumbers(names, literals, order, installation));
  return WriteFoldedNames(names, literals, order, installation);
}

absl::Status WriteLiteralBodies(const BulkNames& names, storage::Installation& installation) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kDict));
  uint64_t literal = names.first_literal();
  for (const NameTable::Entry* entry : names.NewLiterals()) {
    FASTI_RETURN_IF_ERROR(ForEachBodyChunk(
        literal++, entry->bytes(),
        [&](absl::string_view key, absl::string_view chunk) { return writer->Add(key, chunk); }));
  }
  return writer->Finish();
}

}  // namespace fasti::graph
