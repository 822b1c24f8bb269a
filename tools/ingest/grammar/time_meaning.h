#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/period.h"

namespace fasti::ingest {

// What the parts of a matched expression say.
enum class Slot : uint8_t {
  kYear,
  kHalf,
  kQuarter,
  kMonth,
  kDay,
  kSeason,
  kWeekday,
  kDecade,
  kCentury,
  kCount,
  kFromDay,
};
inline constexpr size_t kSlotCount = 11;
using Slots = std::array<std::optional<int>, kSlotCount>;

std::optional<Slot> SlotFromName(absl::string_view name);  // "year", "month", "from_day"
inline std::optional<int>& At(Slots& slots, Slot slot) {
  return slots[static_cast<size_t>(slot)];
}
inline std::optional<int> At(const Slots& slots, Slot slot) {
  return slots[static_cast<size_t>(slot)];
}

// Where a relative expression counts from.
struct Reference {
  std::optional<Period> reported;  // the reporting date
  bool future = false;             // the sentence speaks of what is to come
};

// How an expression of time is turned into a period: the `means` of a rule of times.txt.
//
//   month             the month of the slots, of the year of the slots or else the nearest one
//   month year-1      the month of the slots, of the year before the reporting date
//   month last        ... the last one that is over; "next", "this" (of the running year) likewise
//   year-1            the year before the reporting date; year+0, month+1, week-1, day-1 ...
//   year-count        as many years before as the slot `count` says
//   year past         the last `count` years up to the reporting date; "coming" likewise
//   month first       the first `count` months of the year of the slots, or of the nearest one
//   month ending      the `count` months that end with the <time> within the expression;
//                     "quarter ending" and "year ending" likewise
//   same              what the <time> within the expression means
//
// A last word "fiscal" marks a business year.
class TimeMeaning {
 public:
  struct Result {
    std::optional<Period> period;  // absent: the reporting date is missing or too coarse
    bool from_published = false;
  };

  static absl::StatusOr<TimeMeaning> Parse(absl::string_view text);

  // Whether the meaning is made of that of an inner expression.
  bool takes_inner() const { return same_ || stretch_ == Stretch::kEnding; }
  bool is_fiscal() const { return fiscal_; }
  // Whether the slots leave the year to be found.
  bool IsPartial(const Slots& slots) const;

  // The meaning around an inner expression that means `inner`.  REQUIRES: takes_inner().
  Result Around(const Result& inner, const Slots& slots) const;

  // nullopt if there is no such time: 30 February.
  std::optional<Result> Evaluate(const Slots& slots, const Reference& reference) const;

 private:
  enum class Granule : uint8_t {
    kCentury,
    kDecade,
    kYear,
    kHalf,
    kQuarter,
    kSeason,
    kMonth,
    kWeek,
    kDay,
    kWeekday,
  };
  enum class Pick : uint8_t { kNearest, kLast, kNext, kThis };
  enum class Stretch : uint8_t { kNone, kPast, kComing, kFirst, kEnding };

  static std::optional<Granule> GranuleFromName(absl::string_view name);
  std::optional<Period> Absolute(const Slots& slots, int year) const;
  std::optional<Result> Nearest(const Slots& slots, const Reference& reference) const;
  Result Relative(const Slots& slots, const Reference& reference) const;
  Period Shifted(Instant from, int64_t by) const;
  Precision NeededPrecision() const;

  Granule granule_ = Granule::kYear;
  bool same_ = false;
  bool fiscal_ = false;
  bool relative_ = false;
  int shift_ = 0;                  // in granules, of a relative expression
  bool by_count_ = false;          // times the slot `count`
  std::optional<int> year_shift_;  // the year of the slots, from the reporting date
  Pick pick_ = Pick::kNearest;
  Stretch stretch_ = Stretch::kNone;
};

}  // namespace fasti::ingest
