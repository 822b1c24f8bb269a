// Sorting texts by a number each, made of their first bytes: reading the texts in the order in
// which they lie, and comparing numbers, costs a fraction of comparing texts that lie anywhere.

#include "engine/graph/text_sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "engine/base/large_array.h"
#include "engine/graph/radix_sort.h"

namespace fasti::graph {

namespace {

constexpr size_t kPrefixWords = 3;
constexpr size_t kPrefixBytes = kPrefixWords * sizeof(uint64_t);
static_assert(std::endian::native == std::endian::little);

// The prefix, and behind it the place.
using Item = std::array<uint64_t, kPrefixWords + 1>;

Item ItemOf(absl::string_view text, uint64_t place) {
  std::array<char, kPrefixBytes> prefix{};
  std::copy_n(text.begin(), std::min(text.size(), kPrefixBytes), prefix.begin());
  Item item;
  for (size_t word = 0; word < kPrefixWords; ++word) {
    std::memcpy(&item[word], prefix.data() + word * sizeof(uint64_t), sizeof(uint64_t));
    item[word] = __builtin_bswap64(item[word]);
  }
  item[kPrefixWords] = place;
  return item;
}

bool HaveSamePrefix(const Item& a, const Item& b) {
  return std::equal(a.begin(), a.begin() + kPrefixWords, b.begin());
}

}  // namespace

std::vector<uint32_t> SortedPlaces(size_t count,
                                   absl::FunctionRef<absl::string_view(size_t)> text_at) {
  LargeArray<Item> items(count);
  for (size_t i = 0; i < count; ++i) items[i] = ItemOf(text_at(i), i);
  {
    LargeArray<Item> other(count);
    RadixSort<kPrefixWords + 1>::InPlace(items.data(), other.data(), items.size(), 0,
                                         8 * kPrefixBytes);
  }
  Item* const items_end = items.data() + count;
  for (Item* begin = items.data(); begin != items_end;) {
    Item* end = begin + 1;
    while (end != items_end && HaveSamePrefix(*begin, *end)) ++end;
    if (end - begin > 1) {
      std::sort(begin, end, [&](const Item& a, const Item& b) {
        return text_at(a[kPrefixWords]) < text_at(b[kPrefixWords]);
      });
    }
    begin = end;
  }
  std::vector<uint32_t> places(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    places[i] = static_cast<uint32_t>(items[i][kPrefixWords]);
  }
  return places;
}

}  // namespace fasti::graph
