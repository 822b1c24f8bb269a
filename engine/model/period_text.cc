// The text form of periods: granules, and ranges of two ends.

#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/base/text.h"
#include "engine/model/calendar.h"
#include "engine/model/scanner.h"
#include "fasti/period.h"
#include "fasti/status_macros.h"

namespace fasti {
namespace {

constexpr absl::string_view kRange = "..";

// A year with its last digits as x: "198x", "19xx".
std::string Blanked(int64_t first_year, size_t blanks) {
  std::string text = FormatYear(first_year);
  return text.replace(text.size() - blanks, blanks, blanks, 'x');
}

std::string FormatGranule(Instant first, Precision precision) {
  const int64_t days = FloorDiv(first, kMicrosPerDay);
  const int64_t micros = FloorMod(first, kMicrosPerDay);
  const CivilDate date = CivilFromDays(days);
  const std::string year = FormatYear(date.year);
  const auto hour = static_cast<int>(micros / (3600 * kMicrosPerSecond));
  const auto minute = static_cast<int>(micros / (60 * kMicrosPerSecond) % 60);
  const auto second = static_cast<int>(micros / kMicrosPerSecond % 60);
  std::string text;
  switch (precision) {
    case Precision::kCentury:
      return Blanked(FloorDiv(date.year, 100) * 100, 2);
    case Precision::kDecade:
      return Blanked(FloorDiv(date.year, 10) * 10, 1);
    case Precision::kYear:
      return year;
    case Precision::kHalf:
      return absl::StrCat(year, "-H", (date.month - 1) / 6 + 1);
    case Precision::kQuarter:
      return absl::StrCat(year, "-Q", (date.month - 1) / 3 + 1);
    case Precision::kMonth:
      return absl::StrFormat("%s-%02d", year, date.month);
    default:
      text = absl::StrFormat("%s-%02d-%02d", year, date.month, date.day);
  }
  if (precision == Precision::kDay) return text;
  absl::StrAppendFormat(&text, "T%02d", hour);
  if (precision == Precision::kHour) return text;
  absl::StrAppendFormat(&text, ":%02d", minute);
  if (precision == Precision::kMinute) return text;
  absl::StrAppendFormat(&text, ":%02d", second);
  if (precision == Precision::kSecond) return text;
  absl::StrAppendFormat(&text, ".%06d", static_cast<int>(micros % kMicrosPerSecond));
  return text;
}

std::string FormatEnd(Precision precision, Instant first) {
  if (precision == Precision::kOpen) return "";
  if (precision == Precision::kUnknown) return "?";
  return FormatGranule(first, precision);
}

// Reads one granule; offsets in messages count from the start of the whole text.
class GranuleReader {
 public:
  explicit GranuleReader(Scanner* in) : in_(*in) {}

  absl::StatusOr<Period> Read() {
    FASTI_RETURN_IF_ERROR(ReadYear());
    if (precision_ == Precision::kYear && in_.Take('-')) FASTI_RETURN_IF_ERROR(ReadInYear());
    if (precision_ == Precision::kDay && in_.Take('T')) FASTI_RETURN_IF_ERROR(ReadTime());
    const __int128 instant = __int128{DaysFromCivil(year_, month_, day_)} * kMicrosPerDay + micros_;
    if (instant <= kInstantMin || instant >= kInstantMax) return OutOfRange();
    const auto first = static_cast<Instant>(instant);
    if (GranuleStart(first, precision_) != first) {
      return in_.Error("an offset of whole hours after an hour");
    }
    const Period period = Period::Granule(first, precision_);
    if (period.to == kInstantMax) return OutOfRange();
    return period;
  }

 private:
  absl::Status OutOfRange() const { return in_.Error("a time within 290,000 years of 1970"); }

  absl::Status ReadYear() {
    const size_t sign_at = in_.offset();
    const bool minus = in_.Take('-');
    const bool expanded = minus || in_.Take('+');
    const size_t at = in_.offset();
    const absl::string_view digits = in_.TakeDigits(expanded ? 6 : 4);
    year_ = ToNumber(digits);
    const size_t blanks = in_.TakeWhile(IsBlank, 2).size();
    const size_t width = digits.size() + blanks;
    if (width < 4 || width > (expanded ? 6 : 4) || absl::ascii_isdigit(in_.peek())) {
      return in_.ErrorAt(at, "a year of four digits, such as 2025, 198x or 19xx");
    }
    if (year_ == 0 && blanks == 0) return in_.ErrorAt(sign_at, "a year other than 0");
    precision_ = blanks == 0   ? Precision::kYear
                 : blanks == 1 ? Precision::kDecade
                               : Precision::kCentury;
    for (size_t i = 0; i < blanks; ++i) year_ *= 10;
    if (minus) year_ = -year_;
    return absl::OkStatus();
  }

  static bool IsBlank(char c) { return c == 'x' || c == 'X'; }

  // After "2025-".
  absl::Status ReadInYear() {
    if (in_.Take('H')) {
      FASTI_ASSIGN_OR_RETURN(const int half, in_.Number(1, 1, 2, "a half, H1 or H2"));
      month_ = half * 6 - 5;
      precision_ = Precision::kHalf;
      return absl::OkStatus();
    }
    if (in_.Take('Q')) {
      FASTI_ASSIGN_OR_RETURN(const int quarter, in_.Number(1, 1, 4, "a quarter, Q1 to Q4"));
      month_ = quarter * 3 - 2;
      precision_ = Precision::kQuarter;
      return absl::OkStatus();
    }
    FASTI_ASSIGN_OR_RETURN(month_, in_.Number(2, 1, 12, "a month, 01 to 12"));
    precision_ = Precision::kMonth;
    if (!in_.Take('-')) return absl::OkStatus();
    const int days = DaysInMonth(year_, month_);
    FASTI_ASSIGN_OR_RETURN(day_, in_.Number(2, 1, days, absl::StrCat("a day, 01 to ", days)));
    precision_ = Precision::kDay;
    return absl::OkStatus();
  }

  // After "T".
  absl::Status ReadTime() {
    FASTI_ASSIGN_OR_RETURN(const int hour, in_.Number(2, 0, 23, "an hour, 00 to 23"));
    micros_ = hour * 3600 * kMicrosPerSecond;
    precision_ = Precision::kHour;
    if (in_.Take(':')) {
      FASTI_ASSIGN_OR_RETURN(const int minute, in_.Number(2, 0, 59, "a minute, 00 to 59"));
      micros_ += minute * 60 * kMicrosPerSecond;
      precision_ = Precision::kMinute;
      if (in_.Take(':')) {
        FASTI_ASSIGN_OR_RETURN(
            const int second,
            in_.Number(2, 0, 59, "a second, 00 to 59 (there are no leap seconds)"));
        micros_ += second * kMicrosPerSecond;
        precision_ = Precision::kSecond;
        if (!absl::StartsWith(in_.rest(), kRange) && in_.Take('.')) {
          FASTI_RETURN_IF_ERROR(ReadFraction());
        }
      }
    }
    return ReadOffset();
  }

  absl::Status ReadFraction() {
    const size_t at = in_.offset();
    const absl::string_view digits = in_.TakeDigits(6);
    if (digits.empty() || absl::ascii_isdigit(in_.peek())) {
      return in_.ErrorAt(at, "one to six digits, down to the microsecond");
    }
    int64_t micros = ToNumber(digits);
    for (size_t i = digits.size(); i < 6; ++i) micros *= 10;
    micros_ += micros;
    precision_ = Precision::kMicrosecond;
    return absl::OkStatus();
  }

  absl::Status ReadOffset() {
    const size_t at = in_.offset();
    const absl::string_view text = in_.TakeWhile(
        [](char c) { return absl::ascii_isdigit(c) || absl::StrContains("+-:Zz", c); }, SIZE_MAX);
    if (text.empty()) return absl::OkStatus();
    const std::optional<int32_t> seconds = ParseOffset(text);
    if (!seconds) return in_.ErrorAt(at, "an offset such as Z or +02:00");
    micros_ -= *seconds * kMicrosPerSecond;
    return absl::OkStatus();
  }

  Scanner& in_;
  int64_t year_ = 0;
  int month_ = 1;
  int day_ = 1;
  int64_t micros_ = 0;  // of the day, in UTC: may lie outside it
  Precision precision_ = Precision::kYear;
};

// One end of a range: "", "?" or a granule.
absl::StatusOr<Period> ReadEnd(Scanner* in) {
  if (in->Take('?')) return Period::Unknown();
  if (in->done() || absl::StartsWith(in->rest(), kRange)) return Period::Always();
  return GranuleReader(in).Read();
}

}  // namespace

std::string FormatPeriod(const Period& period) {
  if (period.has_start() && period.from_precision == period.to_precision &&
      GranuleEnd(period.from, period.from_precision) == period.to) {
    return FormatGranule(period.from, period.from_precision);
  }
  const Instant last =
      period.has_end() ? GranuleStart(period.to - 1, period.to_precision) : kInstantMax;
  return absl::StrCat(FormatEnd(period.from_precision, period.from), kRange,
                      FormatEnd(period.to_precision, last));
}

absl::StatusOr<Period> ParsePeriod(absl::string_view text) {
  Scanner in("period", text);
  FASTI_ASSIGN_OR_RETURN(const Period first, ReadEnd(&in));
  Period period = first;
  if (!in.done() || !first.has_start()) {
    if (!in.Take(kRange)) return in.Error("'..' or the end");
    const size_t at = in.offset();
    FASTI_ASSIGN_OR_RETURN(const Period last, ReadEnd(&in));
    if (!in.done()) return in.Error("the end");
    period = Period::Between(first, last);
    if (period.from >= period.to) return in.ErrorAt(at, "an end not before the start");
  }
  FASTI_RETURN_IF_ERROR(CheckPeriod(period));
  return period;
}

}  // namespace fasti
