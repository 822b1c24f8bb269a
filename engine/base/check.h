#pragma once

#include "absl/base/attributes.h"

// For what only a bug of our own can cause; never for user text or bytes from outside.

namespace fasti {
[[noreturn]] ABSL_ATTRIBUTE_COLD void CheckFailed(const char* file, int line,
                                                  const char* condition);
}

#define FASTI_CHECK(condition)                                              \
  do {                                                                      \
    if (!(condition)) ::fasti::CheckFailed(__FILE__, __LINE__, #condition); \
  } while (false)

#ifdef NDEBUG
#define FASTI_DCHECK(condition) \
  do {                          \
    (void)sizeof(condition);    \
  } while (false)
#else
#define FASTI_DCHECK(condition) FASTI_CHECK(condition)
#endif
