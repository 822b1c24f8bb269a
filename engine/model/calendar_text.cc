// The ISO 8601 forms of dates, times and durations that openCypher reads, and the one it writes.

#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/text.h"
#include "engine/model/calendar.h"
#include "engine/model/scanner.h"
#include "fasti/status_macros.h"
#include "fasti/value.h"

namespace fasti {
namespace {

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// A number of digits after the point, as billionths.
int64_t Billionths(absl::string_view digits) {
  int64_t nanos = ToNumber(digits);
  for (size_t i = digits.size(); i < 9; ++i) nanos *= 10;
  return nanos;
}

// At most nine digits after '.' or ',', if there is such a point.
absl::StatusOr<int64_t> ReadFraction(Scanner* in) {
  if (!in->Take('.') && !in->Take(',')) return 0;
  const absl::string_view digits = in->TakeDigits(9);
  if (digits.empty() || IsDigit(in->peek())) return in->Error("one to nine digits");
  return Billionths(digits);
}

absl::StatusOr<int64_t> ReadYear(Scanner* in) {
  const bool minus = in->Take('-');
  const bool expanded = minus || in->Take('+');
  const absl::string_view digits = in->TakeDigits(expanded ? 9 : 4);
  if (digits.size() < 4) return in->Error("a year of four digits");
  return minus ? -ToNumber(digits) : ToNumber(digits);
}

absl::StatusOr<int64_t> ReadWeek(int64_t year, bool dashes, Scanner* in) {
  const int weeks = WeeksInYear(year);
  FASTI_ASSIGN_OR_RETURN(const int week,
                         in->Number(2, 1, weeks, absl::StrCat("a week, 01 to ", weeks)));
  int day = 1;
  if (dashes ? in->Take('-') : IsDigit(in->peek())) {
    FASTI_ASSIGN_OR_RETURN(day, in->Number(1, 1, 7, "a day of the week, 1 to 7"));
  }
  return DaysFromWeek(year, week, day);
}

absl::StatusOr<int64_t> ReadQuarter(int64_t year, bool dashes, Scanner* in) {
  FASTI_ASSIGN_OR_RETURN(const int quarter, in->Number(1, 1, 4, "a quarter, 1 to 4"));
  const int64_t first = DaysFromCivil(year, quarter * 3 - 2, 1);
  int day = 1;
  if (dashes ? in->Take('-') : IsDigit(in->peek())) {
    const int64_t next =
        quarter == 4 ? DaysFromCivil(year + 1, 1, 1) : DaysFromCivil(year, quarter * 3 + 1, 1);
    const auto days = static_cast<int>(next - first);
    FASTI_ASSIGN_OR_RETURN(day, in->Number(2, 1, days, absl::StrCat("a day, 01 to ", days)));
  }
  return first + day - 1;
}

// Days since 1970 of "2015-07-21", "2015-07", "2015", "2015-W30-2", "2015-202", "2015-Q3-21", and
// the same without dashes.
absl::StatusOr<int64_t> ReadDate(Scanner* in) {
  FASTI_ASSIGN_OR_RETURN(const int64_t year, ReadYear(in));
  const size_t dash_at = in->offset();
  const bool dashes = in->Take('-');
  if (in->Take('W')) return ReadWeek(year, dashes, in);
  if (in->Take('Q')) return ReadQuarter(year, dashes, in);
  if (!dashes && !IsDigit(in->peek())) return DaysFromCivil(year, 1, 1);
  size_t digits = 0;
  while (digits < in->rest().size() && IsDigit(in->rest()[digits])) ++digits;
  if (digits == 3) {
    const int days = IsLeapYear(year) ? 366 : 365;
    FASTI_ASSIGN_OR_RETURN(const int day,
                           in->Number(3, 1, days, absl::StrCat("a day, 001 to ", days)));
    return DaysFromCivil(year, 1, day);
  }
  if (digits != 2 && (dashes || digits != 4)) {
    return in->ErrorAt(dash_at, "a month, a week, a quarter or a day of the year");
  }
  FASTI_ASSIGN_OR_RETURN(const int month, in->Number(2, 1, 12, "a month, 01 to 12"));
  int day = 1;
  if (dashes ? in->Take('-') : digits == 4) {
    const int days = DaysInMonth(year, month);
    FASTI_ASSIGN_OR_RETURN(day, in->Number(2, 1, days, absl::StrCat("a day, 01 to ", days)));
  }
  return DaysFromCivil(year, month, day);
}

struct TimeOfDay {
  int64_t seconds = 0;
  int32_t nanoseconds = 0;
};

// "21:40:32.142", "21:40", "21", and the same without colons.
absl::StatusOr<TimeOfDay> ReadTime(Scanner* in) {
  TimeOfDay time;
  FASTI_ASSIGN_OR_RETURN(const int hour, in->Number(2, 0, 23, "an hour, 00 to 23"));
  time.seconds = hour * 3600;
  const bool colons = in->Take(':');
  if (!colons && !IsDigit(in->peek())) return time;
  FASTI_ASSIGN_OR_RETURN(const int minute, in->Number(2, 0, 59, "a minute, 00 to 59"));
  time.seconds += minute * 60;
  if (colons ? !in->Take(':') : !IsDigit(in->peek())) return time;
  FASTI_ASSIGN_OR_RETURN(const int second, in->Number(2, 0, 59, "a second, 00 to 59"));
  time.seconds += second;
  FASTI_ASSIGN_OR_RETURN(const int64_t nanos, ReadFraction(in));
  time.nanoseconds = static_cast<int32_t>(nanos);
  return time;
}

absl::StatusOr<LocalDateTime> ReadLocalDateTime(Scanner* in) {
  FASTI_ASSIGN_OR_RETURN(const int64_t days, ReadDate(in));
  TimeOfDay time;
  if (in->Take('T')) {
    FASTI_ASSIGN_OR_RETURN(time, ReadTime(in));
  }
  return LocalDateTime{days * kSecondsPerDay + time.seconds, time.nanoseconds};
}

// A number with an optional sign and fraction: "-1.5".
absl::StatusOr<Decimal> ReadDecimal(bool negative, Scanner* in) {
  const bool minus = in->Take('-');
  if (!minus) in->Take('+');
  const absl::string_view digits = in->TakeDigits(18);
  const bool point = in->peek() == '.' || in->peek() == ',';
  if (digits.empty() && !point) return in->Error("a number");
  if (IsDigit(in->peek())) return in->Error("at most 18 digits");
  FASTI_ASSIGN_OR_RETURN(const int64_t nanos, ReadFraction(in));
  const int64_t sign = minus != negative ? -1 : 1;
  return Decimal{sign * ToNumber(digits), sign * nanos};
}

// "P12Y5M14DT16H12M70S" and the like: units in this order, each at most once.
absl::StatusOr<DurationParts> ReadUnits(bool negative, Scanner* in) {
  struct Unit {
    char letter;
    Decimal DurationParts::*part;
  };
  static constexpr Unit kDateUnits[] = {{'Y', &DurationParts::years},
                                        {'M', &DurationParts::months},
                                        {'W', &DurationParts::weeks},
                                        {'D', &DurationParts::days}};
  static constexpr Unit kTimeUnits[] = {
      {'H', &DurationParts::hours}, {'M', &DurationParts::minutes}, {'S', &DurationParts::seconds}};
  DurationParts parts;
  const auto read = [&](absl::Span<const Unit> units, absl::string_view expected) -> absl::Status {
    bool any = false;
    size_t next = 0;
    while (!in->done() && in->peek() != 'T') {
      FASTI_ASSIGN_OR_RETURN(const Decimal number, ReadDecimal(negative, in));
      while (next < units.size() && units[next].letter != in->peek()) ++next;
      if (next == units.size()) return in->Error(expected);
      in->Take(units[next].letter);
      parts.*units[next++].part = number;
      any = true;
    }
    return any ? absl::OkStatus() : in->Error("a number");
  };
  if (in->peek() != 'T') FASTI_RETURN_IF_ERROR(read(kDateUnits, "one of Y, M, W, D in this order"));
  if (in->Take('T')) FASTI_RETURN_IF_ERROR(read(kTimeUnits, "one of H, M, S in this order"));
  if (!in->done()) return in->Error("the end");
  return parts;
}

// "2012-02-02T14:37:21.545": years, months, days and a time, as one would write a date.
absl::StatusOr<DurationParts> ReadDateLike(bool negative, Scanner* in) {
  const int64_t sign = negative ? -1 : 1;
  DurationParts parts;
  parts.years.whole = sign * ToNumber(in->TakeDigits(4));
  if (!in->Take('-')) return in->Error("'-'");
  FASTI_ASSIGN_OR_RETURN(const int months, in->Number(2, 0, 12, "months, 00 to 12"));
  if (!in->Take('-')) return in->Error("'-'");
  FASTI_ASSIGN_OR_RETURN(const int days, in->Number(2, 0, 30, "days, 00 to 30"));
  parts.months.whole = sign * months;
  parts.days.whole = sign * days;
  if (in->Take('T')) {
    FASTI_ASSIGN_OR_RETURN(const TimeOfDay time, ReadTime(in));
    parts.seconds = {sign * time.seconds, sign * time.nanoseconds};
  }
  if (!in->done()) return in->Error("the end");
  return parts;
}

bool LooksLikeDate(absl::string_view text) {
  return text.size() > 4 && IsDigit(text[0]) && IsDigit(text[1]) && IsDigit(text[2]) &&
         IsDigit(text[3]) && text[4] == '-';
}

std::string FormatOffset(int32_t seconds) {
  if (seconds == 0) return "Z";
  const int32_t size = std::abs(seconds);
  std::string text =
      absl::StrFormat("%c%02d:%02d", seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  if (size % 60 != 0) absl::StrAppendFormat(&text, ":%02d", size % 60);
  return text;
}

// ".645", ".645876", ".645876123" or nothing.
std::string FormatGroups(int32_t nanoseconds) {
  if (nanoseconds == 0) return "";
  if (nanoseconds % 1'000'000 == 0) return absl::StrFormat(".%03d", nanoseconds / 1'000'000);
  if (nanoseconds % 1'000 == 0) return absl::StrFormat(".%06d", nanoseconds / 1'000);
  return absl::StrFormat(".%09d", nanoseconds);
}

}  // namespace

std::string FormatDate(Date date) {
  const CivilDate civil = CivilFromDays(date.days);
  return absl::StrFormat("%s-%02d-%02d", FormatYear(civil.year), civil.month, civil.day);
}

std::string FormatLocalDateTime(LocalDateTime value) {
  const auto second = static_cast<int>(FloorMod(value.seconds, kSecondsPerDay));
  std::string text =
      absl::StrFormat("%sT%02d:%02d", FormatDate({FloorDiv(value.seconds, kSecondsPerDay)}),
                      second / 3600, second / 60 % 60);
  if (second % 60 != 0 || value.nanoseconds != 0)
    absl::StrAppendFormat(&text, ":%02d", second % 60);
  return text + FormatGroups(value.nanoseconds);
}

std::string FormatDateTime(const DateTime& value) {
  std::string text = FormatLocalDateTime(LocalOf(value)) + FormatOffset(value.offset_seconds);
  if (!value.zone.empty()) absl::StrAppend(&text, "[", value.zone, "]");
  return text;
}

std::string FormatDuration(const Duration& value) {
  std::string text = "P";
  const auto append = [&text](int64_t number, char unit) {
    if (number != 0) absl::StrAppend(&text, number, absl::string_view(&unit, 1));
  };
  append(value.months / 12, 'Y');
  append(value.months % 12, 'M');
  append(value.days, 'D');
  if (value.seconds != 0 || value.nanoseconds != 0) {
    text += 'T';
    append(value.seconds / 3600, 'H');
    append(value.seconds / 60 % 60, 'M');
    const int64_t seconds = value.seconds % 60;
    if (seconds != 0 || value.nanoseconds != 0) {
      const bool negative = seconds < 0 || value.nanoseconds < 0;
      absl::StrAppend(&text, negative ? "-" : "", std::abs(seconds));
      if (value.nanoseconds != 0) {
        absl::StrAppendFormat(&text, ".%09d", std::abs(value.nanoseconds));
        while (text.back() == '0') text.pop_back();
      }
      text += 'S';
    }
  }
  return text == "P" ? "PT0S" : text;
}

absl::StatusOr<Date> ParseDate(absl::string_view text) {
  Scanner in("date", text);
  FASTI_ASSIGN_OR_RETURN(const int64_t days, ReadDate(&in));
  if (!in.done()) return in.Error("the end");
  return Date{days};
}

absl::StatusOr<LocalDateTime> ParseLocalDateTime(absl::string_view text) {
  Scanner in("local datetime", text);
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime local, ReadLocalDateTime(&in));
  if (!in.done()) return in.Error("the end");
  return local;
}

absl::StatusOr<DateTime> ParseDateTime(absl::string_view text) {
  Scanner in("datetime", text);
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime local, ReadLocalDateTime(&in));
  const size_t offset_at = in.offset();
  const absl::string_view offset_text = in.TakeWhile([](char c) { return c != '['; }, SIZE_MAX);
  std::optional<int32_t> offset;
  if (!offset_text.empty()) {
    offset = ParseOffset(offset_text);
    if (!offset) return in.ErrorAt(offset_at, "an offset such as Z or +02:00");
  }
  if (in.done()) return AtOffset(local, offset.value_or(0));
  in.Take('[');
  const absl::string_view zone = in.TakeWhile([](char c) { return c != ']'; }, SIZE_MAX);
  if (!in.Take(']') || !in.done()) return in.Error("']' and the end");
  return InZone(local, zone, offset);
}

absl::StatusOr<Duration> ParseDuration(absl::string_view text) {
  Scanner in("duration", text);
  const bool negative = in.Take('-');
  if (!negative) in.Take('+');
  if (!in.Take('P')) return in.Error("'P'");
  FASTI_ASSIGN_OR_RETURN(const DurationParts parts, LooksLikeDate(in.rest())
                                                        ? ReadDateLike(negative, &in)
                                                        : ReadUnits(negative, &in));
  return MakeDuration(parts);
}

}  // namespace fasti
