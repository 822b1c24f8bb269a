// The door through which libFuzzer calls the target that the build names.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::Status status =
      fasti::fuzz::FASTI_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  if (status.ok()) return 0;
  std::fprintf(stderr, "broken law: %s\n", std::string(status.message()).c_str());
  std::abort();
}
