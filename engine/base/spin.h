#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace fasti {

// Lets the processor rest within a loop that waits for another thread for some microseconds.
inline void SpinPause() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#endif
}

// A shared lock for where writers hold the mutex for a few microseconds only: absl::Mutex sends a
// reader to sleep at once, and being woken takes longer than they do.  Looks for some microseconds
// first, then sleeps as absl::ReaderMutexLock does.
class ABSL_SCOPED_LOCKABLE SpinningReaderLock {
 public:
  explicit SpinningReaderLock(absl::Mutex& mutex) ABSL_SHARED_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    constexpr int kLooksMax = 300;
    for (int i = 0; i < kLooksMax; ++i) {
      if (mutex.ReaderTryLock()) return;
      SpinPause();
    }
    mutex.ReaderLock();
  }
  SpinningReaderLock(const SpinningReaderLock&) = delete;
  SpinningReaderLock& operator=(const SpinningReaderLock&) = delete;
  ~SpinningReaderLock() ABSL_UNLOCK_FUNCTION() { mutex_.ReaderUnlock(); }

 private:
  absl::Mutex& mutex_;
};

}  // namespace fasti
