#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "fasti/period.h"
#include "fasti/value.h"
#include "schema/value.capnp.h"

// Values of the language in the terms of schema/value.capnp.

namespace fasti::codec {

// INVALID_ARGUMENT for nodes, relationships and paths, and for what is nested too deep.
absl::Status WriteValue(const Value& value, schema::Value::Builder out);
absl::Status WriteFields(const Map& map, capnp::List<schema::Field>::Builder out);
void WritePeriod(const Period& period, schema::Period::Builder out);

// DATA_LOSS for numbers that mean nothing.  May throw kj::Exception.
absl::StatusOr<Value> ReadValue(schema::Value::Reader in);
absl::StatusOr<Map> ReadFields(capnp::List<schema::Field>::Reader in);
absl::StatusOr<Period> ReadPeriod(schema::Period::Reader in);

// A number that is stored for an enum whose greatest member is `last`.
template <typename Enum>
absl::StatusOr<Enum> ReadEnum(uint8_t number, Enum last) {
  if (number <= static_cast<uint8_t>(last)) return static_cast<Enum>(number);
  return absl::DataLossError(
      absl::StrCat("the stored number ", number, " has no meaning in this version"));
}

// Throws kj::Exception if it is not UTF-8 without NUL.
std::string ReadText(capnp::Text::Reader in);

}  // namespace fasti::codec
