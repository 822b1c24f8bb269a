#pragma once

#include <cstdint>

#include "fasti/value.h"

namespace fasti::function {

// A set of kinds of values: what a parameter takes, what a function may return.  Null belongs to
// every set without being named.
class Kinds {
 public:
  constexpr Kinds() = default;
  template <typename... Kind>
  static constexpr Kinds Of(Kind... kinds) {
    Kinds set;
    ((set.bits_ |= uint32_t{1} << static_cast<int>(kinds)), ...);
    return set;
  }
  static constexpr Kinds Any() {
    Kinds set;
    set.bits_ = (uint32_t{1} << (static_cast<int>(Value::Kind::kNull) + 1)) - 1;
    return set;
  }

  constexpr bool Has(Value::Kind kind) const {
    return kind == Value::Kind::kNull || (bits_ >> static_cast<int>(kind) & 1) != 0;
  }
  // Whether some value that is not null belongs to both: if not, a call with such an argument can
  // never succeed, which the binder tells before the query runs.
  constexpr bool Meets(Kinds other) const { return (bits_ & other.bits_ & kNotNull) != 0; }
  constexpr bool is_empty() const { return (bits_ & kNotNull) == 0; }  // only null

  friend constexpr Kinds operator|(Kinds a, Kinds b) {
    a.bits_ |= b.bits_;
    return a;
  }
  friend constexpr bool operator==(Kinds, Kinds) = default;

 private:
  static constexpr uint32_t kNotNull = ~(uint32_t{1} << static_cast<int>(Value::Kind::kNull));
  uint32_t bits_ = 0;
};

}  // namespace fasti::function
