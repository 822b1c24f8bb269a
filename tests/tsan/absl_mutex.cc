#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "absl/base/internal/spinlock_wait.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

// Debian's Abseil is built without the thread sanitizer, which therefore does not see that its
// Mutex orders anything, and would report whatever is guarded by one.  These definitions stand
// before those of the library: each tells the sanitizer what the lock orders, and calls the one
// that it hides.  A race on data that no lock guards is still found.

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

template <typename Function>
Function Hidden(const char* mangled) {
  void* const found = dlsym(RTLD_NEXT, mangled);
  if (found == nullptr) std::abort();  // another Abseil: its names are to be written below
  return reinterpret_cast<Function>(found);
}

using Step = void (*)(Mutex*);

// The mutex under which this thread evaluates conditions: those of others before it lets go of the
// mutex, its own when it waits and is woken.
thread_local Mutex* evaluated_under = nullptr;

class Evaluating {
 public:
  explicit Evaluating(Mutex* mutex) : outer_(evaluated_under) { evaluated_under = mutex; }
  ~Evaluating() { evaluated_under = outer_; }

 private:
  Mutex* const outer_;
};

}  // namespace

void Mutex::Lock() {
  static const auto hidden = Hidden<Step>("_ZN4absl7debian35Mutex4LockEv");
  hidden(this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static const auto hidden = Hidden<Step>("_ZN4absl7debian35Mutex6UnlockEv");
  const Evaluating evaluating(this);
  __tsan_release(this);
  hidden(this);
}

void Mutex::ReaderLock() {
  static const auto hidden = Hidden<Step>("_ZN4absl7debian35Mutex10ReaderLockEv");
  hidden(this);
  __tsan_acquire(this);
}

bool Mutex::ReaderTryLock() {
  static const auto hidden = Hidden<bool (*)(Mutex*)>("_ZN4absl7debian35Mutex13ReaderTryLockEv");
  const bool locked = hidden(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderUnlock() {
  static const auto hidden = Hidden<Step>("_ZN4absl7debian35Mutex12ReaderUnlockEv");
  const Evaluating evaluating(this);
  __tsan_release(this);
  hidden(this);
}

void Mutex::Await(const Condition& condition) {
  static const auto hidden =
      Hidden<void (*)(Mutex*, const Condition&)>("_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  const Evaluating evaluating(this);
  __tsan_release(this);
  hidden(this, condition);
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static const auto hidden = Hidden<bool (*)(Mutex*, const Condition&, Duration)>(
      "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Evaluating evaluating(this);
  __tsan_release(this);
  const bool holds = hidden(this, condition, timeout);
  __tsan_acquire(this);
  return holds;
}

bool Condition::Eval() const {
  static const auto hidden =
      Hidden<bool (*)(const Condition*)>("_ZNK4absl7debian39Condition4EvalEv");
  if (evaluated_under == nullptr) return hidden(this);
  __tsan_acquire(evaluated_under);
  const bool holds = hidden(this);
  __tsan_release(evaluated_under);
  return holds;
}

// What absl::call_once waits in while another thread is at it.
namespace base_internal {

uint32_t SpinLockWait(std::atomic<uint32_t>* word, int n,
                      const SpinLockWaitTransition transitions[], SchedulingMode mode) {
  static const auto hidden = Hidden<decltype(&SpinLockWait)>(
      "_ZN4absl7debian313base_internal12SpinLockWaitEPSt6atomicIjEiPKNS1_"
      "22SpinLockWaitTransitionENS1_"
      "14SchedulingModeE");
  const uint32_t found = hidden(word, n, transitions, mode);
  __tsan_acquire(word);
  return found;
}

}  // namespace base_internal

ABSL_NAMESPACE_END
}  // namespace absl
