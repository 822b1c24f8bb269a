// Constructors of calendar values and durations, truncation, and the durations between values.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/registry.h"
#include "query/function/temporal_arithmetic.h"
#include "query/function/temporal_between.h"
#include "query/function/temporal_build.h"
#include "query/function/temporal_truncate.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

template <typename T>
absl::StatusOr<Value> ToValue(absl::StatusOr<T> result) {
  if (!result.ok()) return std::move(result).status();
  return Value(*std::move(result));
}

// A value of type T out of another calendar value.
template <typename T>
T Convert(const Value& value) {
  if constexpr (std::is_same_v<T, Date>) {
    return Date{FloorDiv(ClockOf(value).seconds, kSecondsPerDay)};
  } else if constexpr (std::is_same_v<T, LocalDateTime>) {
    return ClockOf(value);
  } else {
    return ZonedOf(value);
  }
}

template <typename T>
absl::StatusOr<T> Parse(absl::string_view text) {
  if constexpr (std::is_same_v<T, Date>) {
    return OrRuntimeError(ParseDate(text), kBadArgument);
  } else if constexpr (std::is_same_v<T, LocalDateTime>) {
    return OrRuntimeError(ParseLocalDateTime(text), kBadArgument);
  } else {
    return OrRuntimeError(ParseDateTime(text), kBadArgument);
  }
}

template <typename T>
absl::StatusOr<T> Build(const Map& parts) {
  if constexpr (std::is_same_v<T, Date>) {
    return BuildDate(parts);
  } else if constexpr (std::is_same_v<T, LocalDateTime>) {
    return BuildLocalDateTime(parts);
  } else {
    return BuildDateTime(parts);
  }
}

template <typename T>
absl::StatusOr<T> Truncate(absl::string_view unit, const Value& value, const Map& parts) {
  if constexpr (std::is_same_v<T, Date>) {
    return TruncateToDate(unit, value, parts);
  } else if constexpr (std::is_same_v<T, LocalDateTime>) {
    return TruncateToLocalDateTime(unit, value, parts);
  } else {
    return TruncateToDateTime(unit, value, parts);
  }
}

DateTime MomentOf(Instant instant) {
  return {FloorDiv(instant, kMicrosPerSecond),
          static_cast<int32_t>(FloorMod(instant, kMicrosPerSecond) * 1000), 0, ""};
}

// What clocks in a zone show at an instant; in UTC if `zone` is null.
template <typename T>
absl::StatusOr<Value> ClockAt(Instant instant, const Value* zone) {
  DateTime moment = MomentOf(instant);
  if (zone != nullptr) {
    if (!zone->is(Kind::kString)) return OperandError("a time zone", "a string", *zone);
    FASTI_ASSIGN_OR_RETURN(moment, MoveToZoneText(moment, zone->as_string()));
  }
  return Value(Convert<T>(Value(std::move(moment))));
}

// date(), date('2015-07-21'), date(datetime), date({year: 2015}), date({timezone: 'Asia/Tokyo'}).
template <typename T>
absl::StatusOr<Value> Construct(Args args, const Context& context) {
  if (args.empty()) return ClockAt<T>(context.now(), nullptr);
  const Value& arg = args[0];
  if (arg.is(Kind::kString)) return ToValue(Parse<T>(arg.as_string()));
  if (!arg.is(Kind::kMap)) return Value(Convert<T>(arg));
  const Map& parts = arg.as_map();
  if (parts.size() == 1 && parts.begin()->first == "timezone") {
    return ClockAt<T>(context.now(), &parts.begin()->second);
  }
  return ToValue(Build<T>(parts));
}

template <typename T>
absl::StatusOr<Value> AtStatement(Args args, const Context& context) {
  return ClockAt<T>(context.now(), args.empty() ? nullptr : &args[0]);
}

template <typename T>
absl::StatusOr<Value> AtWallClock(Args args, const Context& context) {
  return ClockAt<T>(context.wall_clock(), args.empty() ? nullptr : &args[0]);
}

// date.truncate(unit [, value [, parts]])
template <typename T>
absl::StatusOr<Value> TruncateTo(Args args, const Context& context) {
  static const Map kNoParts;
  const Value value = args.size() > 1 ? args[1] : Value(MomentOf(context.now()));
  return ToValue(
      Truncate<T>(args[0].as_string(), value, args.size() > 2 ? args[2].as_map() : kNoParts));
}

absl::StatusOr<Value> FromEpoch(Args args, const Context&) {
  const int64_t nanos = args[1].as_int();
  int64_t seconds;
  if (__builtin_add_overflow(args[0].as_int(), FloorDiv(nanos, kNanosPerSecond), &seconds)) {
    return RuntimeError(kOutOfRange, "datetime.fromEpoch(): the time does not fit 64 bits");
  }
  FASTI_RETURN_IF_ERROR(CheckInCalendar(seconds));
  return Value(DateTime{seconds, static_cast<int32_t>(FloorMod(nanos, kNanosPerSecond)), 0, ""});
}

absl::StatusOr<Value> FromEpochMillis(Args args, const Context&) {
  const int64_t millis = args[0].as_int();
  FASTI_RETURN_IF_ERROR(CheckInCalendar(FloorDiv(millis, 1000)));
  return Value(DateTime{FloorDiv(millis, 1000),
                        static_cast<int32_t>(FloorMod(millis, 1000) * kNanosPerMilli), 0, ""});
}

absl::StatusOr<Value> Timestamp(Args, const Context& context) {
  return Value(FloorDiv(context.now(), 1000));
}

absl::StatusOr<Value> ConstructDuration(Args args, const Context&) {
  if (args[0].is(Kind::kDuration)) return args[0];
  if (args[0].is(Kind::kMap)) return ToValue(BuildDuration(args[0].as_map()));
  return ToValue(OrRuntimeError(ParseDuration(args[0].as_string()), kBadArgument));
}

template <absl::StatusOr<Duration> (*Count)(const Value&, const Value&)>
absl::StatusOr<Value> Between(Args args, const Context&) {
  return ToValue(Count(args[0], args[1]));
}

constexpr Kinds kInt = Kinds::Of(Kind::kInt);
constexpr Kinds kString = Kinds::Of(Kind::kString);
constexpr Kinds kMap = Kinds::Of(Kind::kMap);
constexpr Kinds kDate = Kinds::Of(Kind::kDate);
constexpr Kinds kLocal = Kinds::Of(Kind::kLocalDateTime);
constexpr Kinds kZoned = Kinds::Of(Kind::kDateTime);
constexpr Kinds kDuration = Kinds::Of(Kind::kDuration);
constexpr Kinds kCalendar = kDate | kLocal | kZoned;
constexpr Kinds kSource = kString | kMap | kCalendar;
constexpr Subject kSubject = Subject::kTime;
constexpr uint8_t kChanging = kUsesContext | kNotDeterministic;

// `statement` and `transaction` tell one moment: a statement is a transaction.
constexpr Function kFunctions[] = {
    Scalar(kSubject, "date", 0, 1, {kSource}, kDate, Construct<Date>, kUsesContext),
    Scalar(kSubject, "date.realtime", 0, 1, {kString}, kDate, AtWallClock<Date>, kChanging),
    Scalar(kSubject, "date.statement", 0, 1, {kString}, kDate, AtStatement<Date>, kUsesContext),
    Scalar(kSubject, "date.transaction", 0, 1, {kString}, kDate, AtStatement<Date>, kUsesContext),
    Scalar(kSubject, "date.truncate", 1, 3, {kString, kCalendar, kMap}, kDate, TruncateTo<Date>,
           kUsesContext),
    Scalar(kSubject, "datetime", 0, 1, {kSource}, kZoned, Construct<DateTime>, kUsesContext),
    Scalar(kSubject, "datetime.fromEpoch", 2, 2, {kInt, kInt}, kZoned, FromEpoch),
    Scalar(kSubject, "datetime.fromEpochMillis", 1, 1, {kInt}, kZoned, FromEpochMillis),
    Scalar(kSubject, "datetime.realtime", 0, 1, {kString}, kZoned, AtWallClock<DateTime>,
           kChanging),
    Scalar(kSubject, "datetime.statement", 0, 1, {kString}, kZoned, AtStatement<DateTime>,
           kUsesContext),
    Scalar(kSubject, "datetime.transaction", 0, 1, {kString}, kZoned, AtStatement<DateTime>,
           kUsesContext),
    Scalar(kSubject, "datetime.truncate", 1, 3, {kString, kCalendar, kMap}, kZoned,
           TruncateTo<DateTime>, kUsesContext),
    Scalar(kSubject, "duration", 1, 1, {kString | kMap | kDuration}, kDuration, ConstructDuration),
    Scalar(kSubject, "duration.between", 2, 2, {kCalendar, kCalendar}, kDuration,
           Between<DurationBetween>),
    Scalar(kSubject, "duration.inDays", 2, 2, {kCalendar, kCalendar}, kDuration,
           Between<DaysBetween>),
    Scalar(kSubject, "duration.inMonths", 2, 2, {kCalendar, kCalendar}, kDuration,
           Between<MonthsBetween>),
    Scalar(kSubject, "duration.inSeconds", 2, 2, {kCalendar, kCalendar}, kDuration,
           Between<SecondsBetween>),
    Scalar(kSubject, "localdatetime", 0, 1, {kSource}, kLocal, Construct<LocalDateTime>,
           kUsesContext),
    Scalar(kSubject, "localdatetime.realtime", 0, 1, {kString}, kLocal, AtWallClock<LocalDateTime>,
           kChanging),
    Scalar(kSubject, "localdatetime.statement", 0, 1, {kString}, kLocal, AtStatement<LocalDateTime>,
           kUsesContext),
    Scalar(kSubject, "localdatetime.transaction", 0, 1, {kString}, kLocal,
           AtStatement<LocalDateTime>, kUsesContext),
    Scalar(kSubject, "localdatetime.truncate", 1, 3, {kString, kCalendar, kMap}, kLocal,
           TruncateTo<LocalDateTime>, kUsesContext),
    Scalar(kSubject, "timestamp", 0, 0, {}, kInt, Timestamp, kUsesContext),
};

}  // namespace

absl::Span<const Function> TimeFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
