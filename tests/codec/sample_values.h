#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/codec/term.h"
#include "fasti/quantity.h"
#include "fasti/value.h"

// Values of every kind that an attribute can hold, edges included.

namespace fasti::codec {

inline std::vector<Value> SampleValues() {
  const double infinity = std::numeric_limits<double>::infinity();
  Quantity hedged = Quantity::Range(1e10, std::nullopt, "USD");
  hedged.hedge = Hedge::kOver;
  std::vector<Value> values = {
      Value(""),
      Value("Ren\xc3\xa9"),
      Value(std::string(1024, 'x')),
      Value(std::string(70000, 'y')),
      Value(0),
      Value(1),
      Value(-1),
      Value((int64_t{1} << 60) - 1),
      Value(int64_t{1} << 60),
      Value(-(int64_t{1} << 60)),
      Value(-(int64_t{1} << 60) - 1),
      Value(INT64_MAX),
      Value(INT64_MIN),
      Value(0.0),
      Value(1.0),
      Value(0.1),
      Value(-2.5e300),
      Value(infinity),
      Value(-infinity),
      Value(5e-324),
      Value(true),
      Value(false),
      Value(Date{0}),
      Value(Date{-719162}),
      Value(Date{INT64_MAX}),
      Value(LocalDateTime{-1, 999999999}),
      Value(DateTime{1750000000, 1, 7200, "Europe/Rome"}),
      Value(DateTime{1750000000, 1, 7200, ""}),
      Value(Duration{1, -2, 3, 4}),
      Value(Duration{0, 0, 0, -5}),
      Value(Period::Always()),
      Value(Period::Unknown()),
      Value(Period::Granule(0, Precision::kMonth)),
      Value(Quantity::Exactly(14.3e9, "USD")),
      Value(Quantity::Range(std::nullopt, 65, "percent")),
      Value(hedged),
      Value(List{}),
      Value(List{Value(1), Value("two"), Value(3.0), Value(), Value(List{Value(Date{4})})}),
  };
  return values;
}

// A list of lists, `depth` of them.
inline Value Nested(int depth) {
  Value value(1);
  for (int i = 0; i < depth; ++i) value = Value(List{value});
  return value;
}
// The same of maps.
inline Value NestedMaps(int depth) {
  Value value(1);
  for (int i = 0; i < depth; ++i) value = Value(Map{{"in", value}});
  return value;
}

}  // namespace fasti::codec
