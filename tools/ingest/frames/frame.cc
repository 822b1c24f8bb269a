#include "tools/ingest/frames/frame.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

constexpr TypeMask kOrganizations = MaskOf(EntityType::kOrganization) | MaskOf(EntityType::kUnit);

// "money", "count/employees+people", "percent>50".
std::optional<FigureType> ParseFigureType(absl::string_view text) {
  using Kind = FigureType::Kind;
  const size_t comparison = text.find_first_of("<>");
  if (comparison != absl::string_view::npos) {
    std::optional<FigureType> type = ParseFigureType(text.substr(0, comparison));
    double bound = 0;
    if (!type || !absl::SimpleAtod(text.substr(comparison + 1), &bound)) return std::nullopt;
    (text[comparison] == '>' ? type->above : type->below) = bound;
    return type;
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('/', 1));
  static constexpr std::pair<absl::string_view, Kind> kKinds[] = {
      {"money", Kind::kMoney},       {"percent", Kind::kPercent}, {"count", Kind::kCount},
      {"duration", Kind::kDuration}, {"ratio", Kind::kRatio},     {"figure", Kind::kOther},
  };
  for (const auto& [name, kind] : kKinds) {
    if (name != parts.first) continue;
    FigureType type;
    type.kind = kind;
    if (kind == Kind::kMoney && parts.second == "share") {
      type.per_share = true;
    } else if (!parts.second.empty()) {
      type.items = absl::StrSplit(parts.second, '+');
    }
    return type;
  }
  return std::nullopt;
}

class RuleParser {
 public:
  explicit RuleParser(const Lexicon& lexicon) : lexicon_(lexicon) {}

  // `missing` receives a class that the language has no words for and that the pattern needs,
  // `excluded` one that it excludes, which then excludes nothing.
  absl::StatusOr<std::vector<Element>> Parse(absl::string_view pattern, std::string* missing,
                                             std::string* excluded) const {
    std::vector<Element> elements;
    Element::Gap gap = Element::Gap::kNear;
    for (absl::string_view part : absl::StrSplit(pattern, ' ', absl::SkipEmpty())) {
      if (part == "..") {
        gap = Element::Gap::kWide;
        continue;
      }
      if (part == "_") {
        gap = Element::Gap::kTight;
        continue;
      }
      Element element;
      element.gap = gap;
      gap = Element::Gap::kNear;
      element.optional = absl::ConsumeSuffix(&part, "?");
      element.excluded = absl::ConsumePrefix(&part, "!");
      FASTI_RETURN_IF_ERROR(ParseElement(part, element, element.excluded ? excluded : missing));
      if (element.excluded && !excluded->empty() && element.classes.empty()) continue;
      elements.push_back(std::move(element));
    }
    if (elements.empty()) return absl::InvalidArgumentError("expected a pattern");
    BindLeadingExclusions(elements);
    MarkFormer(elements);
    MarkAlone(elements);
    return elements;
  }

 private:
  // "{subject:org^} !%authorize @acquisition": there is no place before the first word, so the verb
  // of the clause is meant.
  static void BindLeadingExclusions(std::vector<Element>& elements) {
    for (Element& element : elements) {
      if (element.binding != Element::Binding::kHere) continue;
      if (!element.excluded || element.kind != Element::Kind::kVerb) return;
      element.binding = Element::Binding::kVerb;
    }
  }

  void MarkFormer(std::vector<Element>& elements) const {
    const ClassId former = lexicon_.ClassOf("former");
    for (size_t i = 1; i < elements.size(); ++i) {
      const Element& before = elements[i - 1];
      elements[i].of_former =
          !before.excluded &&
          std::find(before.classes.begin(), before.classes.end(), former) != before.classes.end();
    }
  }

  // "Boreal and Alvena, a unit of Carrow": the apposition is said of the last one alone.
  static void MarkAlone(std::vector<Element>& elements) {
    if (elements.size() < 2) return;
    Element& first = elements[0];
    const Element& next = elements[1];
    const bool comma = next.kind == Element::Kind::kComma && !next.optional;
    first.alone = first.kind == Element::Kind::kEntity &&
                  first.binding == Element::Binding::kHere && first.second_slot.empty() &&
                  (comma || next.gap == Element::Gap::kTight);
  }

  absl::Status ParseElement(absl::string_view part, Element& element, std::string* missing) const {
    if (part == ",") {
      element.kind = Element::Kind::kComma;
    } else if (part == ":") {
      element.kind = Element::Kind::kColon;
    } else if (part == "(") {
      element.kind = Element::Kind::kOpen;
    } else if (part == ")") {
      element.kind = Element::Kind::kClose;
    } else if (absl::ConsumePrefix(&part, "@")) {
      element.kind = Element::Kind::kWord;
      return ParseClasses(part, element, missing);
    } else if (absl::ConsumePrefix(&part, "%")) {
      element.kind = Element::Kind::kVerb;
      return ParseVerb(part, element, missing);
    } else if (absl::ConsumePrefix(&part, "{") && absl::ConsumeSuffix(&part, "}")) {
      return ParseSlot(part, element);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("expected @class, %verb, {slot:type}, a mark or '..', found '", part, "'"));
    }
    return absl::OkStatus();
  }

  absl::Status ParseClasses(absl::string_view part, Element& element, std::string* missing) const {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits('>', 1));
    element.capture = std::string(halves.second);
    const std::pair<absl::string_view, absl::string_view> words =
        absl::StrSplit(halves.first, absl::MaxSplits('/', 1));
    if (!words.second.empty()) element.canonicals = absl::StrSplit(words.second, '+');
    for (absl::string_view name : absl::StrSplit(words.first, '|')) {
      const ClassId id = lexicon_.ClassOf(name);
      if (id == kNoClass) {
        *missing = std::string(name);
      } else {
        element.classes.push_back(id);
      }
    }
    return absl::OkStatus();
  }

  absl::Status ParseVerb(absl::string_view part, Element& element, std::string* missing) const {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits(':', 1));
    if (halves.second == "passive") {
      element.voices = kPassive;
    } else if (halves.second == "bare") {
      element.voices = kBare;
    } else if (halves.second == "any") {
      element.voices = kActive | kPassive | kBare;
    } else if (halves.second == "finite") {
      element.voices = kActive | kPassive;
    } else if (!halves.second.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("unknown voice '", halves.second, "'"));
    }
    if (halves.first.empty()) return absl::OkStatus();
    return ParseClasses(halves.first, element, missing);
  }

  absl::Status ParseSlot(absl::string_view part, Element& element) const {
    element.kind = Element::Kind::kEntity;
    if (absl::ConsumeSuffix(&part, "^")) element.binding = Element::Binding::kClause;
    if (absl::ConsumeSuffix(&part, "$")) element.binding = Element::Binding::kOwner;
    if (absl::ConsumeSuffix(&part, "!")) element.binding = Element::Binding::kFocus;
    if (absl::ConsumeSuffix(&part, "~")) element.binding = Element::Binding::kTopic;
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits(':', 1));
    const std::pair<absl::string_view, absl::string_view> slots =
        absl::StrSplit(halves.first, absl::MaxSplits('+', 1));
    element.slot = std::string(slots.first);
    element.second_slot = std::string(slots.second);
    if (halves.second == "time") {
      element.kind = Element::Kind::kTime;
      return absl::OkStatus();
    }
    if (const auto figure = ParseFigureType(halves.second)) {
      element.kind = Element::Kind::kFigure;
      element.figure = *figure;
      return absl::OkStatus();
    }
    for (absl::string_view name : absl::StrSplit(halves.second, '|')) {
      element.lenient |= absl::ConsumeSuffix(&name, "*");
      element.strict |= absl::ConsumeSuffix(&name, "=");
      const std::optional<EntityType> type = EntityTypeFromName(name);
      if (!type) return absl::InvalidArgumentError(absl::StrCat("unknown type '", name, "'"));
      element.types |= *type == EntityType::kOrganization ? kOrganizations : MaskOf(*type);
    }
    return absl::OkStatus();
  }

  const Lexicon& lexicon_;
};

absl::Status ParseTakes(const Field& field, std::vector<Take>& takes) {
  for (const std::string& part : SplitList(field.value)) {
    const std::pair<std::string, std::string> words = absl::StrSplit(part, absl::MaxSplits(' ', 1));
    const std::optional<FigureType> figure = ParseFigureType(words.second);
    if (!figure) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected 'qualifier figure', found '", part, "'"));
    }
    takes.push_back({words.first, *figure});
  }
  return absl::OkStatus();
}

// Reads one record `frame` into the book.
class FrameReader {
 public:
  FrameReader(const Record& record, const Lexicon& lexicon, FrameBook& book)
      : record_(record),
        parser_(lexicon),
        book_(book),
        shared_(absl::StartsWith(record.file, absl::StrCat(kCommon, "/"))) {}

  absl::Status Read() {
    for (const Field& field : record_.fields) {
      const absl::Status status = ReadField(field);
      if (!status.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(record_.file, ":", field.line, ": ", status.message()));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReadField(const Field& field) {
    const std::pair<absl::string_view, absl::string_view> key =
        absl::StrSplit(field.key, absl::MaxSplits(' ', 1));
    if (key.first == "rule") return ReadRule(field, key.second);
    if (key.first == "take") return ParseTakes(field, book_.takes[record_.name]);
    if (key.first == "yes" || key.first == "no") return ReadExample(field, key.first == "yes");
    return absl::InvalidArgumentError(absl::StrCat("unknown field '", field.key, "'"));
  }

  absl::Status ReadRule(const Field& field, absl::string_view confidence) {
    Rule rule;
    rule.relation = record_.name;
    rule.name = absl::StrCat(record_.file, ":", field.line);
    if (!confidence.empty() && (!absl::SimpleAtod(confidence, &rule.confidence) ||
                                rule.confidence <= 0 || rule.confidence > 1)) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected a confidence in (0, 1], found '", confidence, "'"));
    }
    const std::vector<absl::string_view> parts = absl::StrSplit(field.value, ';');
    for (size_t i = 1; i < parts.size(); ++i) {
      const std::pair<absl::string_view, absl::string_view> constant =
          absl::StrSplit(absl::StripAsciiWhitespace(parts[i]), absl::MaxSplits('=', 1));
      if (constant.first == "valid") {
        if (constant.second != "none") {
          return absl::InvalidArgumentError(
              absl::StrCat("expected 'valid=none', found 'valid=", constant.second, "'"));
        }
        rule.timeless = true;
      } else {
        rule.constants.emplace(constant.first, constant.second);
      }
    }
    std::string missing;
    std::string excluded;
    FASTI_ASSIGN_OR_RETURN(rule.elements, parser_.Parse(parts[0], &missing, &excluded));
    if (!shared_ && missing.empty()) missing = excluded;
    if (missing.empty()) {
      // Matching begins at the first element, so a rule that may begin later is two.
      while (rule.elements.front().optional && rule.elements.size() > 1) {
        book_.rules.push_back(rule);
        book_.rules.back().elements.front().optional = false;
        rule.elements.erase(rule.elements.begin());
      }
      book_.rules.push_back(std::move(rule));
    } else if (!shared_) {
      return absl::InvalidArgumentError(absl::StrCat("unknown class '", missing, "'"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadExample(const Field& field, bool positive) {
    Example example;
    example.relation = record_.name;
    example.where = absl::StrCat(record_.file, ":", field.line);
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(field.value, absl::MaxSplits("=>", 1));
    example.text = std::string(absl::StripAsciiWhitespace(halves.first));
    example.fact = std::string(absl::StripAsciiWhitespace(halves.second));
    if (example.text.empty() || positive == example.fact.empty()) {
      return absl::InvalidArgumentError(positive ? "expected 'text => subject | relation | object'"
                                                 : "expected a text without '=>'");
    }
    if (!positive) example.fact = absl::StrCat("! ", record_.name);
    book_.examples.push_back(std::move(example));
    return absl::OkStatus();
  }

  const Record& record_;
  const RuleParser parser_;
  FrameBook& book_;
  const bool shared_;
};

}  // namespace

bool FigureType::Accepts(const QuantitySpan& figure) const {
  if (above && figure.quantity.value() <= *above) return false;
  if (below && figure.quantity.value() >= *below) return false;
  const std::string& unit = figure.quantity.unit;
  switch (kind) {
    case Kind::kNone:
      return false;
    case Kind::kMoney:
      return figure.is_money();
    case Kind::kPercent:
      return unit == "percent" && !figure.points;
    case Kind::kCount:
      return unit == "count" &&
             (items.empty() || std::find(items.begin(), items.end(), figure.item) != items.end());
    case Kind::kDuration:
      return unit == "year" || unit == "month";
    case Kind::kRatio:
      return unit == "ratio";
    case Kind::kOther:
      return items.empty() || std::find(items.begin(), items.end(), unit) != items.end();
  }
  return false;
}

absl::StatusOr<FrameBook> FrameBook::Create(const Resources& resources, absl::string_view language,
                                            const Lexicon& lexicon) {
  FrameBook book;
  for (const Record* record : resources.Records(language, "frames")) {
    if (record->kind != "frame" || record->name.empty()) {
      return record->Complain("expected 'frame' and the name of a relation");
    }
    FASTI_RETURN_IF_ERROR(FrameReader(*record, lexicon, book).Read());
  }
  return book;
}

}  // namespace fasti::ingest
