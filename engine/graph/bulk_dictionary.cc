#include "engine/graph/bulk_dictionary.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/codec/log_record.h"
#include "engine/codec/term.h"
#include "engine/graph/dictionary.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using storage::Family;

struct TextItem {
  uint64_t window = 0;
  absl::string_view text;
  uint64_t literal = 0;
};

// Eight bytes of a text as a number that sorts as they do.
uint64_t WindowAt(absl::string_view text, size_t at) {
  uint64_t window = 0;
  for (size_t i = at; i < at + sizeof(window); ++i) {
    window = window << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  }
  return window;
}

// Sorts texts that agree up to byte `at`, eight bytes at a time: numbers kept beside each other
// compare many times faster than texts that lie anywhere.  Texts that end with zero bytes or before
// them are told apart by their sizes.
void SortTexts(TextItem* begin, TextItem* end, size_t at) {
  bool any_left = false;
  for (TextItem* item = begin; item != end; ++item) {
    item->window = WindowAt(item->text, at);
    any_left |= item->text.size() > at;
  }
  if (!any_left) {
    std::sort(begin, end, [](const TextItem& a, const TextItem& b) {
      return std::make_pair(a.text.size(), a.literal) < std::make_pair(b.text.size(), b.literal);
    });
    return;
  }
  std::sort(begin, end, [](const TextItem& a, const TextItem& b) { return a.window < b.window; });
  while (begin != end) {
    TextItem* same = begin + 1;
    while (same != end && same->window == begin->window) ++same;
    if (same - begin > 1) SortTexts(begin, same, at + sizeof(uint64_t));
    begin = same;
  }
}

}  // namespace

absl::Status WriteLiteralNumbers(const BulkNames& names, storage::Installation& installation) {
  std::vector<TextItem> items;
  std::vector<storage::Entry> long_ones;  // under keys of another kind, behind the others
  uint64_t literal = names.first_literal();
  for (const NameTable::Entry* entry : names.NewLiterals()) {
    const absl::string_view bytes = entry->bytes();
    if (bytes.size() <= codec::kDictWholeBytesMax) {
      items.push_back({.text = bytes, .literal = literal});
    } else {
      long_ones.push_back({codec::DictValueKey(bytes), codec::SequenceKey(literal)});
    }
    ++literal;
  }
  SortTexts(items.data(), items.data() + items.size(), 0);
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kDict));
  for (const TextItem& item : items) {
    FASTI_RETURN_IF_ERROR(
        writer->Add(codec::DictValueKey(item.text), codec::SequenceKey(item.literal)));
  }
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

absl::Status WriteFoldedNames(const BulkNames& names, storage::Installation& installation) {
  const std::vector<std::pair<std::string, uint64_t>> folded = names.FoldedNames();
  std::vector<TextItem> items;
  items.reserve(folded.size());
  for (const auto& [text, literal] : folded) items.push_back({.text = text, .literal = literal});
  SortTexts(items.data(), items.data() + items.size(), 0);
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kDict));
  std::string last;
  for (const TextItem& item : items) {
    std::string key = codec::DictFoldedKey(item.text, item.literal);
    if (key == last) continue;  // a name that several facts give
    FASTI_RETURN_IF_ERROR(writer->Add(key, ""));
    last = std::move(key);
  }
  return writer->Finish();
}

}  // namespace fasti::graph
