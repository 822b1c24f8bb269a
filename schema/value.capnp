@0x9caddc83c13ead13;
# Values and times, as every other schema uses them.  How a schema may change: README.md.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("fasti::schema");

struct Value {
  union {
    null @0 :Void;
    bool @1 :Bool;
    int @2 :Int64;
    double @3 :Float64;  # -0.0 is written as 0.0, and every NaN as the quiet one
    text @4 :Text;       # UTF-8
    date @5 :Int64;      # days since 1970-01-01
    localDateTime @6 :LocalDateTime;
    dateTime @7 :DateTime;
    duration @8 :Duration;
    period @9 :Period;
    quantity @10 :Quantity;
    list @11 :List(Value);
    map @12 :List(Field);  # by ascending name, each once
  }
}

struct Field {
  name @0 :Text;
  value @1 :Value;
}

struct LocalDateTime {
  seconds @0 :Int64;       # since 1970-01-01T00:00:00 on a clock without zone
  nanoseconds @1 :UInt32;  # 0 to 999,999,999
}

struct DateTime {
  seconds @0 :Int64;        # since 1970-01-01T00:00:00 UTC
  nanoseconds @1 :UInt32;   # 0 to 999,999,999
  offsetSeconds @2 :Int32;  # east of Greenwich
  zone @3 :Text;            # a name of the time zone database; empty: only the offset is known
}

struct Duration {
  months @0 :Int64;
  days @1 :Int64;
  seconds @2 :Int64;
  nanoseconds @3 :Int32;
}

struct Period {
  from @0 :Int64;           # microseconds since 1970 UTC; Int64 min if open or unknown
  to @1 :Int64;             # likewise, not included; Int64 max if open or unknown
  fromPrecision @2 :UInt8;  # 0 microsecond, 1 second, 2 minute, 3 hour, 4 day, 5 month, 6 quarter,
                            # 7 half, 8 year, 9 decade, 10 century, 14 open, 15 unknown
  toPrecision @3 :UInt8;
}

struct Quantity {
  hasLow @0 :Bool;
  hasHigh @1 :Bool;
  low @2 :Float64;   # in `unit`
  high @3 :Float64;  # in `unit`
  unit @4 :Text;     # an ISO 4217 code, "percent", "count", any word, or empty
  hedge @5 :UInt8;   # 0 exact, 1 about, 2 over, 3 up to, 4 between, 5 order of magnitude
}
