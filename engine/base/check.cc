#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace fasti {

void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "fasti: %s:%d: this is a bug: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace fasti
