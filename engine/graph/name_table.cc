#include "engine/graph/name_table.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "absl/hash/hash.h"
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

uint64_t NameTable::HashOf(char kind, absl::string_view text) {
  return absl::Hash<std::pair<char, absl::string_view>>()({kind, text});
}

NameTable::Entry* NameTable::Find(const Slots& slots, uint64_t hash, char kind,
                                  absl::string_view text) {
  for (uint64_t i = hash / kShards & slots.mask;; i = (i + 1) & slots.mask) {
    const uint64_t slot = slots.slots[i].load(std::memory_order_acquire);
    if (slot == 0) return nullptr;
    if (slot >> kTagShift != hash >> kTagShift) continue;
    auto* const entry = reinterpret_cast<Entry*>(slot & kAddressMask);
    if (entry->kind() == kind && entry->text() == text) return entry;
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
  Shard& shard = shards_[hash % kShards];
  const Entry* found = Find(*shard.current.load(std::memory_order_acquire), hash, kind, text);
  if (found != nullptr && is_ready(*found)) return found;
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
