#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "engine/base/check.h"

// Names of enumerations whose values count up from zero: the name of value v is names[v].

namespace fasti {

template <typename Enum, size_t kCount>
absl::string_view NameOf(const std::array<absl::string_view, kCount>& names, Enum value) {
  FASTI_CHECK(static_cast<size_t>(value) < kCount);
  return names[static_cast<size_t>(value)];
}

template <typename Enum, size_t kCount>
std::optional<Enum> FromName(const std::array<absl::string_view, kCount>& names,
                             absl::string_view name) {
  for (size_t i = 0; i < kCount; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace fasti
