#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/large_array.h"

namespace fasti::graph {

// What many threads must find by text at once, and now and then add: a hash table whose look-ups
// take no lock.  It only grows.  An entry costs its text and about 60 bytes.
//
// Texts are told apart by a kind as well, so that one table may serve several purposes.
class NameTable {
 public:
  // Two numbers that the owner fills in; 0: not yet.
  struct Entry {
    std::atomic<uint64_t> first = 0;
    std::atomic<uint64_t> second = 0;
    size_t size = 0;  // of bytes()

    // The kind, then the text.
    absl::string_view bytes() const {
      return absl::string_view(reinterpret_cast<const char*>(this + 1), size);
    }
    char kind() const { return *reinterpret_cast<const char*>(this + 1); }
    absl::string_view text() const {
      return absl::string_view(reinterpret_cast<const char*>(this + 1) + 1, size - 1);
    }
  };

  NameTable();
  ~NameTable();
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;

  // The entry of a text, made if there is none, for which `is_ready` holds.  If it does not yet,
  // `make` is called to fill it in, by one thread at a time for each text; what it returns, unless
  // it is OK, is passed on, and an entry made for it stays unready.
  using Make = absl::FunctionRef<absl::Status(Entry&)>;
  using IsReady = bool (*)(const Entry&);
  absl::StatusOr<const Entry*> Intern(char kind, absl::string_view text, IsReady is_ready,
                                      Make make) {
    return Intern(HashOf(kind, text), kind, text, is_ready, make);
  }
  // The same with the hash of the text at hand.
  absl::StatusOr<const Entry*> Intern(uint64_t hash, char kind, absl::string_view text,
                                      IsReady is_ready, Make make);
  // The entry of a text as it is, null if there is none.
  const Entry* Find(uint64_t hash, char kind, absl::string_view text) const;
  static uint64_t HashOf(char kind, absl::string_view text);
  // Looking up many texts waits for memory most of the time, unless it was asked for what they need
  // some texts ahead: first the slot, then, when that has come, the entry.
  void PrefetchSlot(uint64_t hash) const;
  void PrefetchEntry(uint64_t hash) const;

  // Every entry, mostly in the order in which they were made.  REQUIRES: nobody adds.
  void ForEach(absl::FunctionRef<void(const Entry&)> visit) const;

 private:
  static constexpr size_t kShards = 8;
  static constexpr size_t kFirstSlots = 64;
  // Arenas grow with their shard, until they are made of huge pages.
  static constexpr size_t kArenaBytesMin = size_t{64} << 10;
  static constexpr size_t kArenaBytesMax = size_t{4} << 20;

  // A slot is 0, or the address of an entry with some bits of its hash in the upper sixteen bits,
  // which addresses of this processor leave free.
  struct Slots {
    explicit Slots(size_t count);
    size_t size() const { return mask + 1; }
    const uint64_t mask;
    LargeArray<std::atomic<uint64_t>> slots;
  };
  // Entries one behind the other.
  struct Arena {
    LargeArray<char> bytes;
    size_t used = 0;
  };
  struct Shard {
    std::atomic<const Slots*> current = nullptr;
    mutable absl::Mutex mutex;
    size_t entries ABSL_GUARDED_BY(mutex) = 0;
    // Readers may still be in the slots that were replaced, so all are kept; together they are
    // as large as the last.
    std::vector<std::unique_ptr<Slots>> generations ABSL_GUARDED_BY(mutex);
    std::vector<Arena> arenas ABSL_GUARDED_BY(mutex);
  };

  static Entry* Find(const Slots& slots, uint64_t hash, char kind, absl::string_view text);
  static void Put(Slots& slots, uint64_t hash, Entry* entry);
  static Entry* Add(Shard& shard, uint64_t hash, char kind, absl::string_view text)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  std::array<Shard, kShards> shards_;
};

}  // namespace fasti::graph
