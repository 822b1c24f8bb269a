// Sorting the rows of a chunk: by one number each, made of the sort columns as far as they fit.

#include <algorithm>
#include <bit>
#include <numeric>

#include "engine/graph/row_sorter.h"

namespace fasti::graph {

namespace {

using codec::Order;

struct Item {
  uint64_t key;
  uint32_t place;
};

constexpr int kKeyBits = 64;
constexpr int kClassBits = 4;
// Items are first dealt into this many buckets (two to the power of it), each of which is then
// sorted within the cache.
constexpr int kBucketBits = 11;
constexpr size_t kSmall = 4096;

// How the columns are packed into a number, the first one highest.  If they do not all fit, the
// last one loses its low bits, and items with equal numbers must be compared in full.
class KeyLayout {
 public:
  KeyLayout(Order order, const RowCodec& codec) : codec_(codec), order_(order) {
    if (order == Order::kOut) AddColumn(RowCodec::kSubject);
    if (order == Order::kIn) AddColumn(RowCodec::kObject);
    if (order != Order::kId) {
      AddColumn(RowCodec::kRelation);
      Add(kClass, kClassBits);
      AddColumn(RowCodec::kFrom);
    }
    AddColumn(RowCodec::kVersion);
  }

  uint64_t Pack(const Row& row) const {
    uint64_t key = 0;
    for (int i = 0; i < fields_; ++i) {
      const Field& field = layout_[i];
      const uint64_t value =
          field.column == kClass
              ? DurationClass(row)
              : codec_.Distance(static_cast<RowCodec::Column>(field.column), row);
      key = key << field.bits | value >> field.dropped;
    }
    return key;
  }

  int bits() const { return kKeyBits - left_; }
  bool is_exact() const { return is_exact_; }
  Order order() const { return order_; }

 private:
  static constexpr int kClass = -1;
  struct Field {
    int column = 0;
    int bits = 0;
    int dropped = 0;
  };

  void AddColumn(RowCodec::Column column) {
    Add(column, static_cast<int>(std::bit_width(codec_.distance_max(column))));
  }
  void Add(int column, int width) {
    if (width == 0 || !is_exact_) return;
    const int bits = std::min(width, left_);
    is_exact_ = bits == width;
    left_ -= bits;
    // A field of all 64 bits comes alone: shifting by so many has no meaning.
    layout_[fields_++] = {column, bits == kKeyBits ? 0 : bits, width - bits};
    if (bits == 0) --fields_;
  }

  const RowCodec& codec_;
  const Order order_;
  Field layout_[5];
  int fields_ = 0;
  int left_ = kKeyBits;
  bool is_exact_ = true;
};

bool KeyLess(const Item& a, const Item& b) {
  return a.key < b.key;
}

void SortBucket(Item* begin, Item* end, const KeyLayout& layout, absl::Span<const Row> rows) {
  std::sort(begin, end, KeyLess);
  if (layout.is_exact()) return;
  while (begin != end) {
    Item* same = begin + 1;
    while (same != end && same->key == begin->key) ++same;
    if (same - begin > 1) {
      std::sort(begin, same, [&](const Item& a, const Item& b) {
        return codec::KeyOfRow(layout.order(), rows[a.place]) <
               codec::KeyOfRow(layout.order(), rows[b.place]);
      });
    }
    begin = same;
  }
}

}  // namespace

std::vector<uint32_t> SortedPlaces(Order order, absl::Span<const Row> rows, const RowCodec& codec) {
  const KeyLayout layout(order, codec);
  std::vector<Item> items(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    items[i] = {layout.Pack(rows[i]), static_cast<uint32_t>(i)};
  }
  const int bucket_bits = rows.size() <= kSmall ? 0 : std::min(kBucketBits, layout.bits());
  if (bucket_bits == 0) {
    SortBucket(items.data(), items.data() + items.size(), layout, rows);
  } else {
    const int shift = layout.bits() - bucket_bits;
    std::vector<size_t> ends(size_t{1} << bucket_bits);
    for (const Item& item : items) ++ends[item.key >> shift];
    std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), size_t{0});
    std::vector<Item> dealt(items.size());
    for (const Item& item : items) dealt[ends[item.key >> shift]++] = item;
    items.swap(dealt);
    size_t begin = 0;
    for (const size_t end : ends) {
      SortBucket(items.data() + begin, items.data() + end, layout, rows);
      begin = end;
    }
  }
  std::vector<uint32_t> places(items.size());
  for (size_t i = 0; i < items.size(); ++i) places[i] = items[i].place;
  return places;
}

}  // namespace fasti::graph
