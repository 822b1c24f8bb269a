#include "engine/graph/name_table.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "absl/numeric/int128.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

constexpr int kTagShift = 48;
constexpr size_t kPrefetchedBytes = 48;
constexpr uint64_t kAddressMask = (uint64_t{1} << kTagShift) - 1;

// What an entry takes that has so many bytes of kind and text.
size_t EntryBytes(size_t size) {
  constexpr size_t kAlign = alignof(NameTable::Entry);
  return (sizeof(NameTable::Entry) + size + kAlign - 1) / kAlign * kAlign;
}

uint64_t Load64(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}
uint64_t Load32(const char* bytes) {
  uint32_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// Mostly names of some twenty bytes are compared, with what is known to have nearly the same hash.
bool AreEqual(absl::string_view a, absl::string_view b) {
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size < sizeof(uint64_t)) return std::memcmp(a.data(), b.data(), size) == 0;
  const size_t last = size - sizeof(uint64_t);  // a word that may repeat bytes of the one before
  for (size_t i = 0; i < last; i += sizeof(uint64_t)) {
    if (Load64(a.data() + i) != Load64(b.data() + i)) return false;
  }
  return Load64(a.data() + last) == Load64(b.data() + last);
}

// All bits of the result depend on all bits of both.
uint64_t Mix(uint64_t a, uint64_t b) {
  const absl::uint128 product = absl::uint128(a) * b;
  return absl::Uint128High64(product) ^ absl::Uint128Low64(product);
}
constexpr uint64_t kOdd1 = 0x9e3779b97f4a7c15;  // the golden ratio
constexpr uint64_t kOdd2 = 0xbf58476d1ce4e5b9;  // a multiplier of splitmix64
// Lies elsewhere in every process, so that nobody can prepare names whose hashes collide.
constexpr char kSeed = 0;

uint64_t SlotOf(uint64_t hash, const void* entry) {
  return reinterpret_cast<uint64_t>(entry) | hash >> kTagShift << kTagShift;
}

}  // namespace

NameTable::Slots::Slots(size_t count) : mask(count - 1), slots(count) {
  std::uninitialized_fill_n(slots.data(), count, 0);
}

NameTable::NameTable() {
  for (Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    shard.generations.push_back(std::make_unique<Slots>(kFirstSlots));
    shard.current = shard.generations.back().get();
  }
}

NameTable::~NameTable() = default;

// Sixteen bytes at a time are multiplied with what came before (as wyhash does).
uint64_t NameTable::HashOf(char kind, absl::string_view text) {
  const char* bytes = text.data();
  size_t left = text.size();
  uint64_t hash =
      Mix(reinterpret_cast<uint64_t>(&kSeed) ^ left, kOdd1 ^ static_cast<uint8_t>(kind));
  for (; left > 16; left -= 16, bytes += 16) {
    hash = Mix(Load64(bytes) ^ kOdd1, Load64(bytes + 8) ^ hash);
  }
  uint64_t first = 0, last = 0;  // what is left, some of it in both
  if (left >= 8) {
    first = Load64(bytes);
    last = Load64(bytes + left - 8);
  } else if (left >= 4) {
    first = Load32(bytes);
    last = Load32(bytes + left - 4);
  } else if (left > 0) {
    first = static_cast<uint8_t>(bytes[0]);
    last = static_cast<uint64_t>(static_cast<uint8_t>(bytes[left / 2])) << 8 |
           static_cast<uint8_t>(bytes[left - 1]);
  }
  return Mix(Mix(first ^ kOdd1, last ^ hash), kOdd2);
}

NameTable::Entry* NameTable::Find(const Slots& slots, uint64_t hash, char kind,
                                  absl::string_view text) {
  for (uint64_t i = hash / kShards & slots.mask;; i = (i + 1) & slots.mask) {
    const uint64_t slot = slots.slots[i].load(std::memory_order_acquire);
    if (slot == 0) return nullptr;
    if (slot >> kTagShift != hash >> kTagShift) continue;
    auto* const entry = reinterpret_cast<Entry*>(slot & kAddressMask);
    if (entry->kind() == kind && AreEqual(entry->text(), text)) return entry;
  }
}

void NameTable::Put(Slots& slots, uint64_t hash, Entry* entry) {
  uint64_t i = hash / kShards & slots.mask;
  while (slots.slots[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & slots.mask;
  slots.slots[i].store(SlotOf(hash, entry), std::memory_order_release);
}

NameTable::Entry* NameTable::Add(Shard& shard, uint64_t hash, char kind, absl::string_view text) {
  Slots* slots = shard.generations.back().get();
  if (++shard.entries * 3 > slots->size() * 2) {
    auto larger = std::make_unique<Slots>(2 * slots->size());
    for (size_t i = 0; i < slots->size(); ++i) {
      const uint64_t slot = slots->slots[i];
      if (slot == 0) continue;
      auto* const entry = reinterpret_cast<Entry*>(slot & kAddressMask);
      Put(*larger, HashOf(entry->kind(), entry->text()), entry);
    }
    slots = larger.get();
    shard.generations.push_back(std::move(larger));
    shard.current.store(slots, std::memory_order_release);
  }
  const size_t bytes = EntryBytes(1 + text.size());
  if (shard.arenas.empty() || shard.arenas.back().bytes.size() - shard.arenas.back().used < bytes) {
    const size_t usual = shard.arenas.empty()
                             ? kArenaBytesMin
                             : std::min(kArenaBytesMax, 2 * shard.arenas.back().bytes.size());
    shard.arenas.push_back({.bytes = LargeArray<char>(std::max(bytes, usual))});
  }
  Arena& arena = shard.arenas.back();
  auto* const entry = new (arena.bytes.data() + arena.used) Entry;
  arena.used += bytes;
  entry->size = 1 + text.size();
  char* const bytes_of_entry = reinterpret_cast<char*>(entry + 1);
  bytes_of_entry[0] = kind;
  std::copy(text.begin(), text.end(), bytes_of_entry + 1);
  Put(*slots, hash, entry);
  return entry;
}

const NameTable::Entry* NameTable::Find(uint64_t hash, char kind, absl::string_view text) const {
  return Find(*shards_[hash % kShards].current.load(std::memory_order_acquire), hash, kind, text);
}

void NameTable::PrefetchSlot(uint64_t hash) const {
  const Slots& slots = *shards_[hash % kShards].current.load(std::memory_order_acquire);
  __builtin_prefetch(&slots.slots[hash / kShards & slots.mask]);
}

void NameTable::PrefetchEntry(uint64_t hash) const {
  const Slots& slots = *shards_[hash % kShards].current.load(std::memory_order_acquire);
  for (uint64_t i = hash / kShards & slots.mask;; i = (i + 1) & slots.mask) {
    const uint64_t slot = slots.slots[i].load(std::memory_order_relaxed);
    if (slot == 0) return;
    if (slot >> kTagShift != hash >> kTagShift) continue;
    // An entry with a name of usual length lies in one line of the cache or in two.
    const char* const entry = reinterpret_cast<const char*>(slot & kAddressMask);
    __builtin_prefetch(entry);
    __builtin_prefetch(entry + kPrefetchedBytes);
    return;
  }
}

absl::StatusOr<const NameTable::Entry*> NameTable::Intern(uint64_t hash, char kind,
                                                          absl::string_view text, IsReady is_ready,
                                                          Make make) {
  const Entry* const found = Find(hash, kind, text);
  if (found != nullptr && is_ready(*found)) return found;
  Shard& shard = shards_[hash % kShards];
  absl::MutexLock lock(&shard.mutex);
  Entry* entry = Find(*shard.generations.back(), hash, kind, text);
  if (entry == nullptr) entry = Add(shard, hash, kind, text);
  if (!is_ready(*entry)) FASTI_RETURN_IF_ERROR(make(*entry));
  return entry;
}

void NameTable::ForEach(absl::FunctionRef<void(const Entry&)> visit) const {
  for (const Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    for (const Arena& arena : shard.arenas) {
      for (size_t at = 0; at < arena.used;) {
        const auto& entry = *reinterpret_cast<const Entry*>(arena.bytes.data() + at);
        visit(entry);
        at += EntryBytes(entry.size);
      }
    }
  }
}

}  // namespace fasti::graph
