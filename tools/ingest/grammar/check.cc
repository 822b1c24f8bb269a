#include "tools/ingest/grammar/check.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fasti/period.h"
#include "fasti/status_macros.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {
namespace {

std::string FormatNumber(double number) {
  return absl::StrCat(number);
}

std::string FormatFigure(const QuantitySpan& span) {
  const Quantity& q = span.quantity;
  std::string out;
  switch (q.hedge) {
    case Hedge::kExact:
      break;
    case Hedge::kAbout:
      out = "~";
      break;
    case Hedge::kOver:
      out = ">";
      break;
    case Hedge::kUpTo:
      out = "<";
      break;
    case Hedge::kBetween:
    case Hedge::kOrder:
      break;
  }
  // A negated bound changes sides: "lost more than 60 %" is at most -60.
  if (!q.low || !q.high) {
    absl::StrAppend(&out, FormatNumber(q.low ? *q.low : *q.high));
  } else if (*q.low == *q.high) {
    absl::StrAppend(&out, FormatNumber(*q.low));
  } else {
    absl::StrAppend(&out, FormatNumber(*q.low), "..", FormatNumber(*q.high));
  }
  if (!q.unit.empty()) absl::StrAppend(&out, " ", q.unit);
  if (span.points) absl::StrAppend(&out, "_points");
  if (!span.item.empty()) absl::StrAppend(&out, ":", span.item);
  if (span.unit_inferred) absl::StrAppend(&out, "?");
  if (q.hedge == Hedge::kOrder) absl::StrAppend(&out, " order");
  return out;
}

std::string FormatTime(const TimeSpan& span) {
  return absl::StrCat(TimeAnchorName(span.anchor), " ",
                      span.period ? FormatPeriod(*span.period) : "(unresolved)",
                      span.fiscal ? " fiscal" : "");
}

template <typename Finding>
std::string Join(absl::Span<const Finding> findings, std::string (*format)(const Finding&)) {
  if (findings.empty()) return "-";
  return absl::StrJoin(findings, "; ", [format](std::string* out, const Finding& finding) {
    absl::StrAppend(out, format(finding));
  });
}

// "~14.3e9" -> "~14300000000"; other words stay as they are.
std::string NormalizeNumber(absl::string_view word) {
  std::string mark;
  if (!word.empty() && absl::string_view("~<>").find(word[0]) != absl::string_view::npos) {
    mark = std::string(word.substr(0, 1));
    word.remove_prefix(1);
  }
  std::vector<std::string> parts;
  for (absl::string_view part : absl::StrSplit(word, absl::ByString(".."))) {
    double number = 0;
    parts.push_back(absl::SimpleAtod(part, &number) ? FormatNumber(number) : std::string(part));
  }
  return absl::StrCat(mark, absl::StrJoin(parts, ".."));
}

// Runs the examples of the records of one file; `find` turns a text into findings.
template <typename Find>
absl::Status RunExamples(const Resources& resources, absl::string_view language,
                         absl::string_view file, const Find& find,
                         std::vector<CheckedExample>& examples) {
  for (const Record* record : resources.Records(language, file)) {
    for (const Field& field : record->fields) {
      const bool positive = field.key == "yes";
      if (!positive && field.key != "no") continue;
      const std::string where = absl::StrCat(record->file, ":", field.line);
      const absl::StatusOr<GrammarExample> parsed = ParseExample(field.value);
      if (!parsed.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(where, ": ", parsed.status().message()));
      }
      const GrammarExample& example = *parsed;
      FASTI_ASSIGN_OR_RETURN(const Document document,
                             Analyze(example.text, {std::string(language), 0}, resources));
      const std::string found = find(document, example.reported);
      const std::string expected = positive ? NormalizeFigures(example.expected) : "-";
      examples.push_back({.where = where, .counter_example = !positive});
      if (found != expected) {
        examples.back().failure =
            absl::StrCat("'", example.text, "': expected ", expected, ", found ", found);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string FormatFindings(absl::Span<const QuantitySpan> quantities) {
  return Join(quantities, FormatFigure);
}
std::string FormatFindings(absl::Span<const TimeSpan> times) {
  return Join(times, FormatTime);
}

std::string NormalizeFigures(absl::string_view notation) {
  std::vector<std::string> words;
  for (absl::string_view word : absl::StrSplit(notation, ' ', absl::SkipEmpty())) {
    const bool last = absl::ConsumeSuffix(&word, ";");
    words.push_back(absl::StrCat(NormalizeNumber(word), last ? ";" : ""));
  }
  return absl::StrJoin(words, " ");
}

absl::StatusOr<GrammarExample> ParseExample(absl::string_view line) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits(" => ", 1));
  absl::string_view text = parts.first;
  GrammarExample example;
  example.expected = std::string(parts.second.empty() ? "-" : parts.second);
  if (absl::ConsumePrefix(&text, "[")) {
    const size_t close = text.find(']');
    if (close == absl::string_view::npos) {
      return absl::InvalidArgumentError(absl::StrCat("'", line, "': expected ']' after the date"));
    }
    FASTI_ASSIGN_OR_RETURN(example.reported, ParsePeriod(text.substr(0, close)));
    text = absl::StripLeadingAsciiWhitespace(text.substr(close + 1));
  }
  example.text = std::string(text);
  return example;
}

absl::StatusOr<std::vector<CheckedExample>> RunGrammarExamples(const Resources& resources,
                                                               absl::string_view language) {
  FASTI_ASSIGN_OR_RETURN(const TimeGrammar times, TimeGrammar::Make(resources, language));
  FASTI_ASSIGN_OR_RETURN(const QuantityGrammar quantities,
                         QuantityGrammar::Make(resources, language));
  const auto find_times = [&](const Document& document, const std::optional<Period>& reported) {
    return FormatFindings(absl::MakeConstSpan(times.Find(document, reported)));
  };
  const auto find_figures = [&](const Document& document, const std::optional<Period>& reported) {
    return FormatFindings(
        absl::MakeConstSpan(quantities.Find(document, times.Find(document, reported))));
  };
  std::vector<CheckedExample> examples;
  FASTI_RETURN_IF_ERROR(RunExamples(resources, language, "times", find_times, examples));
  for (absl::string_view file : {"numbers", "quantities"}) {
    FASTI_RETURN_IF_ERROR(RunExamples(resources, language, file, find_figures, examples));
  }
  return examples;
}

}  // namespace fasti::ingest
