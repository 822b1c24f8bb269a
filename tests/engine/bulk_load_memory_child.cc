#include <malloc.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"

// PATH FACTS: loads so many facts into a new database, and tells how many bytes of memory there
// were at most on top of the open database.  BulkLoadMemoryTest runs it: what counts every
// allocation should be in no other test.

namespace {

std::atomic<int64_t> bytes_now = 0;
std::atomic<int64_t> bytes_peak = 0;

void* Count(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  const auto bytes = static_cast<int64_t>(malloc_usable_size(memory));
  const int64_t now = bytes_now += bytes;
  int64_t peak = bytes_peak;
  while (now > peak && !bytes_peak.compare_exchange_weak(peak, now)) {
  }
  return memory;
}

void Free(void* memory) {
  bytes_now -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(size_t bytes) {
  return Count(std::malloc(bytes));
}
void* operator new(size_t bytes, std::align_val_t alignment) {
  const auto unit = static_cast<size_t>(alignment);
  return Count(std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit));
}
void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return operator new(bytes);
}
void operator delete(void* memory) noexcept {
  Free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  Free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  Free(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  Free(memory);
}

namespace fasti {
namespace {

constexpr int kNames = 1000;
constexpr uint64_t kFactsAtOnce = 250;

absl::Status Load(Database& database, uint64_t facts) {
  // As little memory as there can be, so that every batch becomes a run of its own; one thread, for
  // what several do at the same time depends on chance.
  FASTI_ASSIGN_OR_RETURN(const auto loader,
                         database.BeginBulkLoad({.memory_bytes = 1, .threads = 1}));
  std::mt19937_64 random(1);
  std::vector<std::string> names;
  for (int i = 0; i < kNames; ++i) names.push_back(absl::StrCat("name ", i));
  std::vector<BulkRefusal> refused;
  std::vector<BulkFact> batch(kFactsAtOnce);
  for (uint64_t done = 0; done < facts; done += kFactsAtOnce) {
    for (BulkFact& fact : batch) {
      // Wide rows: the buffers of the files being written are full soon.
      const auto from = static_cast<Instant>(random() >> 2);
      const auto to = from + static_cast<Instant>(random() >> 2);
      fact = {.subject = names[random() % kNames],
              .relation = "knows",
              .object = names[random() % kNames],
              .valid = {from, to, Precision::kMicrosecond, Precision::kMicrosecond},
              .known_from = static_cast<Instant>(random() >> 2)};
    }
    FASTI_RETURN_IF_ERROR(loader->Add(batch, &refused));
    if (!refused.empty()) return refused.front().reason;
  }
  return loader->Finish().status();
}

absl::Status Run(int argc, char** argv) {
  uint64_t facts = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &facts)) {
    return absl::InvalidArgumentError("expected PATH FACTS");
  }
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(argv[1], {.background_fold = false}));
  const int64_t before = bytes_now;
  bytes_peak = before;
  FASTI_RETURN_IF_ERROR(Load(*database, facts));
  std::printf("%lld\n", static_cast<long long>(bytes_peak - before));
  return absl::OkStatus();
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  const absl::Status status = fasti::Run(argc, argv);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
