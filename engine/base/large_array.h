#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace fasti {

// `bytes` of memory that are not initialised.  If they fill huge pages, the system is asked for
// such: what is reached at random then misses the processor's table of pages far less often, and
// what is filled from front to back is handed over two megabytes at a time.
void* NewLargeMemory(size_t bytes);
void DeleteLargeMemory(void* memory, size_t bytes);

// An array of plain values for work on a lot of them; its values are not initialised.
template <typename T>
class LargeArray {
 public:
  static_assert(std::is_trivially_destructible_v<T>);

  LargeArray() = default;
  explicit LargeArray(size_t size)
      : size_(size), values_(static_cast<T*>(NewLargeMemory(size * sizeof(T)))) {}
  LargeArray(LargeArray&& other) noexcept { Swap(other); }
  LargeArray& operator=(LargeArray&& other) noexcept {
    LargeArray moved(std::move(other));
    Swap(moved);
    return *this;
  }
  ~LargeArray() {
    if (values_ != nullptr) DeleteLargeMemory(values_, size_ * sizeof(T));
  }

  T* data() { return values_; }
  const T* data() const { return values_; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return values_[i]; }
  const T& operator[](size_t i) const { return values_[i]; }

 private:
  void Swap(LargeArray& other) {
    std::swap(size_, other.size_);
    std::swap(values_, other.values_);
  }

  size_t size_ = 0;
  T* values_ = nullptr;
};

}  // namespace fasti
