#include "tests/torture/defective_lines.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace fasti::torture {

namespace {

using Random = std::mt19937_64;

constexpr size_t kNameBytesMax = 1024;
constexpr size_t kLineBytesMax = size_t{16} << 20;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr uint64_t kLinesOfALongLine = 20'000;  // it costs as much as many others
constexpr Instant kDayMicros = Instant{86'400} * 1'000'000;

// The columns of a line.
struct Columns {
  std::string subject, relation, object, from, to;

  std::string Line() const { return absl::StrJoin({subject, relation, object, from, to}, "\t"); }
};

size_t Below(size_t end, Random* random) {
  return static_cast<size_t>((*random)() % end);
}

// A date in text, and its first instant.
struct Date {
  std::string text;
  Instant first = 0;
  Precision precision = Precision::kDay;
};

Instant InstantOf(absl::CivilDay day, int minutes = 0) {
  return (day - absl::CivilDay(1970, 1, 1)) * kDayMicros + Instant{minutes} * 60 * 1'000'000;
}

Date DateOf(absl::CivilDay day, Precision precision, int minutes) {
  const int year = static_cast<int>(day.year());
  switch (precision) {
    case Precision::kYear:
      return {absl::StrFormat("%04d", year), InstantOf(absl::CivilDay(year)), precision};
    case Precision::kMonth:
      return {absl::StrFormat("%04d-%02d", year, day.month()),
              InstantOf(absl::CivilDay(year, day.month())), precision};
    case Precision::kMinute:
      return {absl::StrFormat("%04d-%02d-%02dT%02d:%02d", year, day.month(), day.day(),
                              minutes / 60, minutes % 60),
              InstantOf(day, minutes), precision};
    default:
      return {absl::StrFormat("%04d-%02d-%02d", year, day.month(), day.day()), InstantOf(day),
              Precision::kDay};
  }
}

Date RandomDate(int year_min, int year_max, Random* random) {
  constexpr Precision kPrecisions[] = {Precision::kDay, Precision::kDay, Precision::kMonth,
                                       Precision::kYear, Precision::kMinute};
  const int years = year_max - year_min;
  const absl::CivilDay day = absl::CivilDay(year_min, 1, 1) +
                             static_cast<int>(Below(static_cast<size_t>(years) * 365, random));
  return DateOf(day, kPrecisions[Below(std::size(kPrecisions), random)],
                static_cast<int>(Below(24 * 60, random)));
}

// Few enough that they come again.
std::string RandomName(absl::string_view of, Random* random) {
  constexpr absl::string_view kStems[] = {
      "Meta",       "São Paulo",   "\"quoted, name\"",   "Ελλάδα",
      "東京",       "back\\slash", "  spaces  inside  ", "🏛 Fasti",
      "<tag>&amp;", "a\rb",        "e\xCC\x81",          "marked\xEF\xBB\xBF",
      "1e400",      "NaN",         "2014-02-30"};
  const uint64_t number = Below(50, random);
  std::string name = absl::StrCat(kStems[Below(std::size(kStems), random)], " ", of, " ", number);
  if (number == 0) name.resize(kNameBytesMax - 4, 'x'), name += "\xF0\x9F\x8F\x9B";
  return name;
}

std::pair<Columns, PlantedFact> RandomGood(Random* random) {
  Columns columns;
  PlantedFact fact;
  fact.subject = columns.subject = RandomName("s", random);
  fact.relation = columns.relation = absl::StrCat("relation ", Below(6, random));
  fact.object = columns.object = RandomName("o", random);
  const Date from = RandomDate(1, 1990, random);
  if (Below(12, random) == 0) {
    columns.from = "?";
    fact.valid.from_precision = Precision::kUnknown;
  } else {
    columns.from = from.text;
    fact.valid.from = from.first;
    fact.valid.from_precision = from.precision;
  }
  const size_t end = Below(4, random);
  if (end == 0) {
    fact.valid.to_precision = Precision::kOpen;
  } else if (end == 1) {
    columns.to = "?";
    fact.valid.to_precision = Precision::kUnknown;
  } else {
    const Date to = RandomDate(1992, 9999, random);
    columns.to = to.text;
    fact.valid.to = to.first;
    fact.valid.to_precision = to.precision;
  }
  return {columns, fact};
}

std::string WithSubject(std::string subject, Columns columns) {
  columns.subject = std::move(subject);
  return columns.Line();
}
std::string WithRelation(std::string relation, Columns columns) {
  columns.relation = std::move(relation);
  return columns.Line();
}
std::string WithObject(std::string object, Columns columns) {
  columns.object = std::move(object);
  return columns.Line();
}
std::string WithFrom(std::string from, Columns columns) {
  columns.from = std::move(from);
  return columns.Line();
}
std::string WithTo(std::string to, Columns columns) {
  columns.to = std::move(to);
  return columns.Line();
}

// Makes a bad line of a good one.
struct DefectKind {
  absl::string_view name;
  std::string (*make)(Columns good);
};
using C = Columns;
const DefectKind kDefects[] = {
    {"an empty line", [](C) { return std::string(); }},
    {"one column", [](C c) { return c.subject; }},
    {"three columns",
     [](C c) {
       return absl::StrJoin({c.subject, c.relation, c.object}, "\t");
     }},
    {"six columns", [](C c) { return c.Line() + "\tmore"; }},
    {"a hundred columns", [](C c) { return c.Line() + std::string(95, '\t'); }},
    {"commas for tabs",
     [](C c) {
       return absl::StrJoin({c.subject, c.relation, c.object}, ",");
     }},
    {"no subject", [](C c) { return WithSubject("", c); }},
    {"no relation", [](C c) { return WithRelation("", c); }},
    {"no object", [](C c) { return WithObject("", c); }},
    {"spaces for a subject", [](C c) { return WithSubject("   ", c); }},
    {"no beginning", [](C c) { return WithFrom("", c); }},
    {"a byte that begins nothing", [](C c) { return WithSubject("a\xff", c); }},
    {"a letter cut off", [](C c) { return WithObject("a\xe2\x82", c); }},
    {"a surrogate", [](C c) { return WithObject("\xed\xa0\x80", c); }},
    {"an overlong letter", [](C c) { return WithSubject("\xc0\xaf", c); }},
    {"a letter beyond Unicode", [](C c) { return WithObject("\xf4\x90\x80\x80", c); }},
    {"Latin-1", [](C c) { return WithSubject("S\xe3o Paulo", c); }},
    {"UTF-16", [](C c) { return WithSubject(std::string("M\0e\0t\0a\0", 8), c); }},
    {"a bad byte in a relation", [](C c) { return WithRelation("r\x80", c); }},
    {"NUL in a subject", [](C c) { return WithSubject(std::string("a\0b", 3), c); }},
    {"NUL in a date", [](C c) { return WithFrom(std::string("2014\0", 5), c); }},
    {"a name too long", [](C c) { return WithSubject(std::string(kNameBytesMax + 1, 'x'), c); }},
    {"a long name too long", [](C c) { return WithObject(std::string(100'000, 'x'), c); }},
    {"a relation too long",
     [](C c) { return WithRelation(std::string(kNameBytesMax + 1, 'x'), c); }},
    {"30 February", [](C c) { return WithFrom("1900-02-30", c); }},
    {"29 February of a common year", [](C c) { return WithFrom("1900-02-29", c); }},
    {"31 April", [](C c) { return WithTo("2014-04-31", c); }},
    {"month 13", [](C c) { return WithFrom("1900-13-01", c); }},
    {"month 0", [](C c) { return WithFrom("1900-00-01", c); }},
    {"day 0", [](C c) { return WithTo("2014-04-00", c); }},
    {"year 0", [](C c) { return WithFrom("0000-01-01", c); }},
    {"year 0 alone", [](C c) { return WithFrom("0000", c); }},
    {"a year of two digits", [](C c) { return WithFrom("14-01-01", c); }},
    {"a year of five digits", [](C c) { return WithTo("12014-01-01", c); }},
    {"a year nobody can store", [](C c) { return WithTo("+999999-01-01", c); }},
    {"a leap second", [](C c) { return WithFrom("1972-06-30T23:59:60", c); }},
    {"hour 24", [](C c) { return WithFrom("1972-06-30T24:00", c); }},
    {"a day of one digit", [](C c) { return WithFrom("1972-6-3", c); }},
    {"a date in another order", [](C c) { return WithFrom("30/06/1972", c); }},
    {"a space behind a date", [](C c) { return WithFrom("1972-06-30 ", c); }},
    {"a mark before a date",
     [](C c) {
       return WithFrom(
           "\xEF\xBB\xBF"
           "1972",
           c);
     }},
    {"digits of another script", [](C c) { return WithFrom("１９７２", c); }},
    {"a return in a date", [](C c) { return WithFrom("1972\r-06", c); }},
    {"a period for a date", [](C c) { return WithFrom("1972..1973", c); }},
    {"no number", [](C c) { return WithFrom("NaN", c); }},
    {"a number too large", [](C c) { return WithTo("1e400", c); }},
    {"a word for a date", [](C c) { return WithTo("yesterday", c); }},
    {"an end before the beginning",
     [](C c) {
       c.from = "1991-02-01";
       return WithTo("1991-01-31", c);
     }},
    {"an end at the beginning",
     [](C c) {
       c.from = "1991-02-01";
       return WithTo("1991-02", c);
     }},
};

// Lines of a JSON file that hold no article.
const std::pair<std::string, std::string> kArticleDefects[] = {
    {"no JSON", "Company acquired Company."},
    {"half an object", R"({"text": "Company acquired Company.)"},
    {"two objects", R"({"text": "a"} {"text": "b"})"},
    {"a list", R"(["text"])"},
    {"no text", R"({"lang": "en"})"},
    {"an empty text", R"({"text": " \n"})"},
    {"a number for a text", R"({"text": 3})"},
    {"a byte that begins nothing", "{\"text\": \"a\xff\"}"},
    {"NUL", std::string("{\"text\": \"a\0\"}", 14)},
    {"NUL, escaped", R"({"text": "a\u0000"})"},
    {"half a surrogate pair", R"({"text": "\ud800"})"},
    {"30 February", R"({"text": "a", "published": "2025-02-30"})"},
    {"year 0", R"({"text": "a", "published": "0000-01-01"})"},
    {"no number", R"({"text": "a", "x": NaN})"},
    {"a number too large", R"({"text": "a", "x": 1e400})"},
    {"too deep",
     "{\"text\": \"a\", \"x\": " + std::string(5000, '[') + std::string(5000, ']') + "}"},
};

// A line with a newline of one kind or the other.
void AppendLine(absl::string_view line, Random* random, std::string* text) {
  absl::StrAppend(text, line, Below(5, random) == 0 ? "\r\n" : "\n");
}

std::set<uint64_t> RandomPlaces(uint64_t count, uint64_t lines, Random* random) {
  std::set<uint64_t> places;
  while (places.size() < count) places.insert(1 + Below(lines, random));
  return places;
}

}  // namespace

bool operator<(const PlantedFact& a, const PlantedFact& b) {
  const auto key = [](const PlantedFact& fact) {
    return std::tie(fact.subject, fact.relation, fact.object, fact.valid.from, fact.valid.to,
                    fact.valid.from_precision, fact.valid.to_precision);
  };
  return key(a) < key(b);
}

bool operator==(const PlantedFact& a, const PlantedFact& b) {
  return !(a < b) && !(b < a);
}

std::string Describe(const PlantedFact& fact) {
  return absl::CEscape(absl::StrCat(fact.subject, " -", fact.relation, "-> ", fact.object, " ",
                                    fact.valid.from, "..", fact.valid.to, " (",
                                    static_cast<int>(fact.valid.from_precision), "..",
                                    static_cast<int>(fact.valid.to_precision), ")"));
}

DefectiveLines MakeDefectiveLines(uint64_t lines, uint64_t defects, std::mt19937_64* random) {
  DefectiveLines made;
  const std::set<uint64_t> places = RandomPlaces(defects, lines, random);
  const bool has_long_line = lines >= kLinesOfALongLine;
  size_t next_kind = Below(std::size(kDefects), random);
  if (Below(4, random) == 0) absl::StrAppend(&made.text, kByteOrderMark);
  for (uint64_t line = 1; line <= lines; ++line) {
    auto [columns, fact] = RandomGood(random);
    if (places.count(line) == 0) {
      AppendLine(columns.Line(), random, &made.text);
      made.facts.push_back(std::move(fact));
    } else if (has_long_line && line == *places.begin()) {
      made.defects[line] = "a line too long";
      AppendLine(WithObject(std::string(kLineBytesMax + 1, 'x'), columns), random, &made.text);
    } else {
      const DefectKind& kind = kDefects[next_kind++ % std::size(kDefects)];
      made.defects[line] = std::string(kind.name);
      AppendLine(kind.make(columns), random, &made.text);
    }
  }
  // An empty last line is none without its newline.
  if (places.count(lines) == 0 && Below(2, random) == 0) {
    made.text.erase(made.text.find_last_not_of("\r\n") + 1);
  }
  std::sort(made.facts.begin(), made.facts.end());
  return made;
}

DefectiveLines MakeDefectiveArticles(uint64_t lines, uint64_t defects, std::mt19937_64* random) {
  DefectiveLines made;
  const std::set<uint64_t> places = RandomPlaces(defects, lines, random);
  size_t next_kind = Below(std::size(kArticleDefects), random);
  for (uint64_t line = 1; line <= lines; ++line) {
    if (places.count(line) == 0) {
      AppendLine(
          absl::StrCat("{\"text\": \"Company ", line, " acquired Company ", line + 1,
                       " in June 2025.\", \"lang\": \"en\", \"url\": \"https://news.example/", line,
                       "\"}"),
          random, &made.text);
    } else {
      const auto& [name, text] = kArticleDefects[next_kind++ % std::size(kArticleDefects)];
      made.defects[line] = name;
      AppendLine(text, random, &made.text);
    }
  }
  return made;
}

}  // namespace fasti::torture
