# Foreign headers that nearly every source includes are parsed once for all layers, and once more
# with GoogleTest for all tests.  The debug build goes without them, so that a source which forgot
# an include fails there.
set(fasti_common_headers
    <algorithm> <cstdint> <functional> <map> <memory> <optional> <string> <utility> <variant> <vector>
    <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
    <absl/strings/str_join.h> <absl/strings/str_split.h> <absl/strings/string_view.h> <absl/synchronization/mutex.h>
    <absl/time/time.h> <absl/types/span.h>)

# A precompiled header needs a target of the kind that uses it, and a target needs a source.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cc CONTENT "int main() {}\n")
add_library(fasti_precompiled_layers OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cc)
target_precompile_headers(fasti_precompiled_layers PRIVATE ${fasti_common_headers})
add_executable(fasti_precompiled_tests EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cc)
target_precompile_headers(fasti_precompiled_tests PRIVATE ${fasti_common_headers} <filesystem> <random> <set>
                                                          <gmock/gmock.h> <gtest/gtest.h>)
target_link_libraries(fasti_precompiled_tests PRIVATE GTest::gmock)
target_compile_options(fasti_precompiled_tests PRIVATE -O0)
