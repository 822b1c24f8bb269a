#include "engine/base/large_array.h"

#include <sys/mman.h>

#include <new>

namespace fasti {

namespace {

constexpr size_t kHugePageBytes = size_t{2} << 20;

bool FillsHugePages(size_t bytes) {
  return bytes >= kHugePageBytes;
}

}  // namespace

void* NewLargeMemory(size_t bytes) {
  if (!FillsHugePages(bytes)) return ::operator new(bytes);
  void* const memory = ::operator new(bytes, std::align_val_t(kHugePageBytes));
  // Whole pages only: the rest belongs to whoever allocates next.  It is advice, and a system that
  // does not take it gives small pages.
  (void)madvise(memory, bytes / kHugePageBytes * kHugePageBytes, MADV_HUGEPAGE);
  return memory;
}

void DeleteLargeMemory(void* memory, size_t bytes) {
  if (FillsHugePages(bytes)) {
    ::operator delete(memory, std::align_val_t(kHugePageBytes));
  } else {
    ::operator delete(memory);
  }
}

}  // namespace fasti
