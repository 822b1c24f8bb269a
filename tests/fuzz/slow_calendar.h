#pragma once

#include <optional>
#include <string>

#include "fasti/period.h"

// Times as the manual writes them, read a second time: by regular expressions and the C library's
// calendar, with nothing of the engine's.

namespace fasti::fuzz {

// What ParsePeriod should make of `text`; nullopt if it should refuse it.
std::optional<Period> SlowParsePeriod(const std::string& text);

// Days since 1970 of a date "2025-06-12"; nullopt for any other text.
std::optional<int64_t> SlowParseDate(const std::string& text);

}  // namespace fasti::fuzz
