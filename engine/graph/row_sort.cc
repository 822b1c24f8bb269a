#include "engine/graph/row_sort.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "engine/base/large_array.h"
#include "engine/codec/bytes.h"
#include "engine/graph/radix_sort.h"

namespace fasti::graph {

using codec::Order;
using codec::PostKey;

std::vector<const Row*> SortedRows(Order order, absl::Span<const Row> rows) {
  // A key as one number, and behind it the row.
  constexpr size_t kKeyWords = 4;
  constexpr size_t kWordBits = 64;
  using Sorting = RadixSort<kKeyWords + 1>;
  std::vector<Sorting::Number> numbers;
  numbers.reserve(rows.size());
  Sorting::Number differing{};  // bits in which not all agree
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!codec::OrderHolds(order, rows[i])) continue;
    const PostKey key = codec::KeyOfRow(order, rows[i]);
    numbers.push_back({key.anchor, uint64_t{key.relation} << 8 | key.duration_class,
                       codec::FlipSign(key.from), key.version, i});
    for (size_t word = 0; word < kKeyWords; ++word) {
      differing[word] |= numbers.back()[word] ^ numbers.front()[word];
    }
  }
  size_t bit = 0;  // the first of those
  for (size_t word = 0; word < kKeyWords && bit == word * kWordBits; ++word) {
    bit += static_cast<size_t>(std::countl_zero(differing[word]));
  }
  {
    LargeArray<Sorting::Number> other(numbers.size());
    Sorting::InPlace(numbers.data(), other.data(), numbers.size(), bit, kKeyWords * kWordBits);
  }
  std::vector<const Row*> sorted;
  sorted.reserve(numbers.size());
  for (const Sorting::Number& number : numbers) sorted.push_back(&rows[number.back()]);
  return sorted;
}

}  // namespace fasti::graph
