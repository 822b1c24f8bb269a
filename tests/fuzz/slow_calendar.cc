#include "tests/fuzz/slow_calendar.h"

#include <ctime>
#include <regex>

namespace fasti::fuzz {
namespace {

using Wide = __int128;
constexpr Wide kSecond = 1'000'000;

// Seconds since 1970 of a time that may leave its month, its day, its hour.
Wide SecondsOf(int64_t year, int month, int day, int hour, int minute, int second) {
  std::tm tm = {};
  tm.tm_year = static_cast<int>(year - 1900);
  tm.tm_mon = month - 1;
  tm.tm_mday = day;
  tm.tm_hour = hour;
  tm.tm_min = minute;
  tm.tm_sec = second;
  return timegm(&tm);
}

bool IsDate(int64_t year, int month, int day) {
  const auto seconds = static_cast<std::time_t>(SecondsOf(year, month, day, 0, 0, 0));
  std::tm tm = {};
  return gmtime_r(&seconds, &tm) != nullptr && tm.tm_mon == month - 1 && tm.tm_mday == day;
}

// Group i of a match as a number, or `otherwise`.
int Number(const std::smatch& match, size_t i, int otherwise) {
  return match[i].matched && match[i].length() > 0 ? std::stoi(match[i]) : otherwise;
}

// Seconds east of UTC; nullopt if no clock shows that.
std::optional<int> OffsetOf(const std::string& text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  static const std::regex kOffset(R"(([+-])(\d\d)(?::(\d\d)(?::(\d\d))?|(\d\d)(\d\d)?)?)",
                                  std::regex::optimize);
  std::smatch match;
  if (!std::regex_match(text, match, kOffset)) return std::nullopt;
  const int minutes = Number(match, 3, Number(match, 5, 0));
  const int seconds = Number(match, 4, Number(match, 6, 0));
  const int total = Number(match, 2, 0) * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || total > 18 * 3600) return std::nullopt;
  return match[1] == "-" ? -total : total;
}

struct Granule {
  Wide from = 0;
  Wide to = 0;
  Precision precision = Precision::kYear;
};

// [first month, first month after it), both counted from January of `year`.
Granule Months(int64_t year, int from, int to, Precision precision) {
  return {SecondsOf(year, 1 + from, 1, 0, 0, 0) * kSecond,
          SecondsOf(year, 1 + to, 1, 0, 0, 0) * kSecond, precision};
}

Granule At(Wide micros, Wide length, Precision precision) {
  return {micros, micros + length, precision};
}

std::optional<Granule> ReadGranule(const std::string& text) {
  static const std::regex kYear(R"(([+-]?)(\d*)([xX]{0,2})(.*))");
  static const std::regex kPart(R"(-(?:H([12])|Q([1-4])|(\d\d)(?:-(\d\d)(?:T(.*))?)?))",
                                std::regex::optimize);
  static const std::regex kTime(R"((\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?([-+:Zz\d]*))",
                                std::regex::optimize);
  std::smatch match;
  if (!std::regex_match(text, match, kYear)) return std::nullopt;
  const std::string sign = match[1], digits = match[2], rest = match[4];
  const auto blanks = static_cast<size_t>(match[3].length());
  const size_t width = digits.size() + blanks;
  if (width < 4 || width > (sign.empty() ? 4 : 6)) return std::nullopt;
  int64_t year = std::stoll("0" + digits);
  if (year == 0 && blanks == 0) return std::nullopt;
  for (size_t i = 0; i < blanks; ++i) year *= 10;
  if (sign == "-") year = -year;
  if (blanks > 0 && !rest.empty()) return std::nullopt;
  if (blanks == 1) return Months(year, 0, 120, Precision::kDecade);
  if (blanks == 2) return Months(year, 0, 1200, Precision::kCentury);
  if (rest.empty()) return Months(year, 0, 12, Precision::kYear);

  if (!std::regex_match(rest, match, kPart)) return std::nullopt;
  if (const int half = Number(match, 1, 0); half != 0) {
    return Months(year, half * 6 - 6, half * 6, Precision::kHalf);
  }
  if (const int quarter = Number(match, 2, 0); quarter != 0) {
    return Months(year, quarter * 3 - 3, quarter * 3, Precision::kQuarter);
  }
  const int month = Number(match, 3, 0);
  if (month < 1 || month > 12) return std::nullopt;
  if (!match[4].matched) return Months(year, month - 1, month, Precision::kMonth);
  const int day = Number(match, 4, 0);
  if (!IsDate(year, month, day)) return std::nullopt;
  const Wide midnight = SecondsOf(year, month, day, 0, 0, 0) * kSecond;
  if (!match[5].matched) return At(midnight, 86'400 * kSecond, Precision::kDay);

  const std::string time_text = match[5];
  if (!std::regex_match(time_text, match, kTime)) return std::nullopt;
  const int hour = Number(match, 1, 0), minute = Number(match, 2, 0), second = Number(match, 3, 0);
  const std::optional<int> offset = OffsetOf(match[5]);
  if (hour > 23 || minute > 59 || second > 59 || !offset.has_value()) return std::nullopt;
  const Wide start = midnight + (hour * 3600 + minute * 60 + second - *offset) * kSecond;
  Granule granule = At(start, 3600 * kSecond, Precision::kHour);
  if (match[4].matched) {
    const std::string fraction = match[4];
    granule = At(start + std::stoi((fraction + "00000").substr(0, 6)), 1, Precision::kMicrosecond);
  } else if (match[3].matched) {
    granule = At(start, kSecond, Precision::kSecond);
  } else if (match[2].matched) {
    granule = At(start, 60 * kSecond, Precision::kMinute);
  }
  // In UTC it must be a granule, too.
  if (granule.from % (granule.to - granule.from) != 0) return std::nullopt;
  return granule;
}

bool IsInstant(Wide micros) {
  return micros > kInstantMin && micros < kInstantMax;
}

}  // namespace

std::optional<Period> SlowParsePeriod(const std::string& text) {
  const size_t dots = text.find("..");
  const std::string first = text.substr(0, dots);
  const std::string last = dots == std::string::npos ? first : text.substr(dots + 2);
  Period period;
  if (dots == std::string::npos && (first.empty() || first == "?")) return std::nullopt;
  if (first == "?") {
    period.from_precision = Precision::kUnknown;
  } else if (!first.empty()) {
    const std::optional<Granule> granule = ReadGranule(first);
    if (!granule.has_value() || !IsInstant(granule->from) || !IsInstant(granule->to)) {
      return std::nullopt;
    }
    period.from = static_cast<Instant>(granule->from);
    period.from_precision = granule->precision;
  }
  if (last == "?") {
    period.to_precision = Precision::kUnknown;
  } else if (!last.empty()) {
    const std::optional<Granule> granule = ReadGranule(last);
    if (!granule.has_value() || !IsInstant(granule->from) || !IsInstant(granule->to)) {
      return std::nullopt;
    }
    period.to = static_cast<Instant>(granule->to);
    period.to_precision = granule->precision;
  }
  if (period.from >= period.to) return std::nullopt;
  return period;
}

std::optional<int64_t> SlowParseDate(const std::string& text) {
  static const std::regex kDate(R"((\d{4})-(\d\d)-(\d\d))");
  std::smatch match;
  if (!std::regex_match(text, match, kDate)) return std::nullopt;
  const int year = Number(match, 1, 0), month = Number(match, 2, 0), day = Number(match, 3, 0);
  if (month < 1 || month > 12 || !IsDate(year, month, day)) return std::nullopt;
  return static_cast<int64_t>(SecondsOf(year, month, day, 0, 0, 0) / 86'400);
}

}  // namespace fasti::fuzz
