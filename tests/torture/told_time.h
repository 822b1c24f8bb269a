#pragma once

#include <cstdint>
#include <optional>
#include <string>

// Times as sources tell them, for the reference model: written from the rule in the manual
// ("Vague time") alone, with nothing of the engine's, and slow: every comparison tries the spans
// that a time may stand for.

namespace fasti::torture {

// Microseconds since 1970, UTC.
using Micros = int64_t;
inline constexpr Micros kDayMicros = Micros{86'400} * 1'000'000;
inline constexpr Micros kBegin = INT64_MIN;  // of all time
inline constexpr Micros kEnd = INT64_MAX;

enum class Grain : uint8_t { kMicrosecond, kSecond, kDay, kMonth, kYear, kOpen, kUnknown };

// How the facts of a relation are dated.
enum class Dating : uint8_t { kExact, kState, kEvent };

// What was told of a span: [from, to), and how finely each end.
struct Told {
  Micros from = kBegin;
  Micros to = kEnd;
  Grain from_grain = Grain::kOpen;
  Grain to_grain = Grain::kOpen;

  friend bool operator==(const Told&, const Told&) = default;
};

Told ToldYear(int year);
Told ToldMonth(int year, int month);
Told ToldDay(int year, int month, int day);
Told ToldSecond(Micros instant);  // REQUIRES: a whole second
Told ToldMicrosecond(Micros instant);
// From the first granule of `a` to the last of `b`.
Told ToldRange(const Told& a, const Told& b);

// "2025-06-12", "2025..2026-01", "2025..", "2025..?", "..".
std::string TextOf(const Told& told);

enum class Relate : uint8_t { kOverlaps, kDuring, kBefore, kAfter };

// Whether a relates to b: nothing if it depends on what was not told.  `gap`: of kBefore and
// kAfter, the most that may lie between.
std::optional<bool> Related(Relate relate, const Told& a, Dating a_dating, const Told& b,
                            Dating b_dating, std::optional<Micros> gap = std::nullopt);

// The order of starts: by the earliest instant, then by the latest.
std::pair<Micros, Micros> StartOrderOf(const Told& told);

}  // namespace fasti::torture
