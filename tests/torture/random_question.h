#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/torture/reference_model.h"
#include "tests/torture/told_time.h"

namespace fasti::torture {

// What random worlds are made of.  The pools are small, so that equal times, shared ends and
// repeated facts happen all the time.
inline constexpr const char* kNames[] = {"e0", "e1", "e2", "e3", "e4", "e5"};
inline constexpr const char* kRelations[] = {"knows", "met", "leads"};  // "met" is an EVENT
inline constexpr const char* kSize = ".size";

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}
  // That fall as the bytes say, two for each, and behind the last always alike.
  explicit Dice(absl::string_view bytes) : bytes_(bytes) {}

  uint64_t Below(uint64_t bound) { return Next() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  template <typename Pool>
  const auto& Pick(const Pool& pool) {
    return pool[Below(std::size(pool))];
  }

  std::string Name() { return Pick(kNames); }
  std::string Relation() { return Pick(kRelations); }
  // In 2019 to 2022.
  Told Granule();
  Told Day();
  // Any span; `is_event`: of something that happens, so no open end.
  Told Span(bool is_event);
  // From a day to a day, or without end.
  Told Days();

 private:
  uint64_t Next();

  std::optional<std::mt19937_64> random_;  // nothing: `bytes_` decide
  absl::string_view bytes_;
};

// A question to a world between `begin` and `now`, at which something was recorded.  Of a large one
// it asks for a fact at a time: to try all pairs of many facts takes long.
Question RandomQuestion(Dice& dice, Micros begin, Micros now, bool is_large);

}  // namespace fasti::torture
