#include <optional>
#include <regex>
#include <string>

#include "engine/model/calendar.h"
#include "fasti/period.h"
#include "fasti/status_macros.h"
#include "fasti/value.h"
#include "tests/fuzz/slow_calendar.h"
#include "tests/fuzz/target.h"

// Times in text: what is read is what a second reader reads, and what is printed is read back.

namespace fasti::fuzz {
namespace {

// The second reader's regular expressions recurse by the byte.
constexpr size_t kTextBytesMax = 100;

absl::Status CheckPeriodText(const std::string& text) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  const std::optional<Period> expected = SlowParsePeriod(text);
  if (period.ok() != expected.has_value()) {
    return Broken("period '", text, "': ", period.ok() ? "read" : period.status().ToString());
  }
  if (!period.ok()) return absl::OkStatus();
  if (*period != *expected) {
    return Broken("period '", text, "': ", FormatPeriod(*period), ", expected ",
                  FormatPeriod(*expected));
  }
  FASTI_RETURN_IF_ERROR(CheckPeriod(*period));
  const std::string printed = FormatPeriod(*period);
  const absl::StatusOr<Period> again = ParsePeriod(printed);
  if (again.ok() && *again == *period) return absl::OkStatus();
  return Broken("period '", text, "' is printed as '", printed, "', which is another");
}

// What `parse` reads, `format` prints so that it is read again.
template <typename Time>
absl::Status CheckRoundTrip(absl::string_view text,
                            absl::StatusOr<Time> (*parse)(absl::string_view),
                            std::string (*format)(Time)) {
  const absl::StatusOr<Time> time = parse(text);
  if (!time.ok()) return absl::OkStatus();
  const std::string printed = format(*time);
  const absl::StatusOr<Time> again = parse(printed);
  if (again.ok() && *again == *time) return absl::OkStatus();
  return Broken("'", text, "' is printed as '", printed, "', which is ",
                again.ok() ? "another time" : again.status().ToString());
}

std::string PrintDateTime(DateTime value) {
  return FormatDateTime(value);
}
std::string PrintDuration(Duration value) {
  return FormatDuration(value);
}

absl::Status CheckDate(const std::string& text) {
  static const std::regex kShape(R"(\d{4}-\d\d-\d\d)");
  if (!std::regex_match(text, kShape)) return absl::OkStatus();
  const absl::StatusOr<Date> date = ParseDate(text);
  const std::optional<int64_t> expected = SlowParseDate(text);
  if (date.ok() != expected.has_value() || (date.ok() && date->days != *expected)) {
    return Broken("date '", text, "': ", date.ok() ? FormatDate(*date) : date.status().ToString());
  }
  if (!date.ok()) return absl::OkStatus();
  if (FormatDate(*date) != text) return Broken("date '", text, "' is printed as another");
  const WeekDate week = WeekFromDays(date->days);
  if (DaysFromWeek(week.year, week.week, week.day) != date->days) {
    return Broken("date '", text, "' is another in weeks");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FuzzTime(absl::string_view input) {
  const std::string text(input.substr(0, kTextBytesMax));
  FASTI_RETURN_IF_ERROR(CheckPeriodText(text));
  FASTI_RETURN_IF_ERROR(CheckDate(text));
  FASTI_RETURN_IF_ERROR(CheckRoundTrip(text, ParseDate, FormatDate));
  FASTI_RETURN_IF_ERROR(CheckRoundTrip(text, ParseLocalDateTime, FormatLocalDateTime));
  FASTI_RETURN_IF_ERROR(CheckRoundTrip(text, ParseDateTime, PrintDateTime));
  return CheckRoundTrip(text, ParseDuration, PrintDuration);
}

}  // namespace fasti::fuzz
