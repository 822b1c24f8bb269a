#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/clauses/unit.h"
#include "tools/ingest/names/lexicon.h"
#include "tools/ingest/text/resources.h"

// A frame is what a language file says about one relation: patterns over units, the figures that
// may qualify it, and examples.  docs/extraction.md describes the notation; in short:
//
//   frame acquires
//     take: amount money, stake percent
//     rule: {subject:org^} %acquire {object:org}
//     rule: {object:org^} %acquire:passive @by {subject:org}
//     rule 0.8: @acquisition @of {object:org} @by {subject:org}
//     yes: Alfa ha acquisito Beta. => Alfa | acquires | Beta
//     no: Alfa ha acquisito esperienza.

namespace fasti::ingest {

// What kind of figure a slot takes.
struct FigureType {
  enum class Kind : uint8_t { kNone, kMoney, kPercent, kCount, kDuration, kRatio, kOther };
  Kind kind = Kind::kNone;
  bool per_share = false;              // {value:money/share}: what one share costs or yields
  std::optional<double> above, below;  // {stake:percent>50}: a share that gives control
  std::vector<std::string> items;  // kCount: what may be counted; kOther: units; empty: anything

  bool Accepts(const QuantitySpan& figure) const;
};

struct Element {
  enum class Kind : uint8_t {
    kWord,    // @class or @class|class
    kVerb,    // %class, %class:passive, %class:bare, %class:any
    kEntity,  // {slot:types}
    kFigure,  // {slot:money}
    kTime,    // {slot:time}: only says that a time must stand here
    kComma,
    kColon,
    kOpen,
    kClose,
  };
  enum class Binding : uint8_t {
    kHere,    // the unit at this place
    kClause,  // {slot:org^}: the subject of the verb of the rule
    kOwner,   // {slot:org$}: whose the noun of the rule is
    kFocus,   // {slot:org!}: the organization the article speaks of just now
    kTopic,   // {slot:org~}: the one in the sentence, else what the whole article is about
    kVerb,    // "!%authorize" before all words of the rule: the verb of the clause is none of it
  };
  // How much may stand between the element before and this one.
  enum class Gap : uint8_t {
    kNear,   // articles, adjectives, unknown words
    kWide,   // "..": anything but another clause
    kTight,  // "_": nothing
  };

  Kind kind = Kind::kWord;
  Binding binding = Binding::kHere;
  Gap gap = Gap::kNear;
  bool optional = false;
  bool excluded = false;         // "!%acquire": what comes next must not be this; takes nothing
  std::vector<ClassId> classes;  // kVerb: empty for any verb
  std::vector<std::string> canonicals;  // @role/ceo+cfo: only words with these values
  Voices voices = kActive;
  std::string slot;         // empty: "{:money}" must stand there, and tells nothing
  std::string second_slot;  // {subject+object:org}: two or more, told as a list
  TypeMask types = 0;
  bool lenient = false;    // {slot:place*}: the rule is proof enough of the type
  bool strict = false;     // {slot:product=}: the type must be known
  bool of_former = false;  // "@former {object:org}": the rule tells who is no longer there
  bool alone = false;      // what follows at once is said of one entity: no list may begin here
  FigureType figure;
  std::string capture;  // "@role>role": the qualifier that takes the word's canonical value
};

struct Rule {
  std::string relation;
  std::string name;  // "common/frames.txt:12"
  double confidence = 1.0;
  std::vector<Element> elements;
  std::map<std::string, std::string> constants;  // "; measure=eps": qualifiers it always gives
  bool timeless = false;  // "; valid=none": the time of the clause is not that of the fact
};

// A figure that may stand anywhere in the clause.
struct Take {
  std::string qualifier;
  FigureType figure;
};

struct Example {
  std::string text;
  // "subject | relation | object"; empty: the frame must find nothing.
  std::string fact;
  std::string relation;  // of the frame it stands in
  std::string where;
};

// All frames of one language.
struct FrameBook {
  std::vector<Rule> rules;
  std::map<std::string, std::vector<Take>> takes;  // by relation
  std::vector<Example> examples;

  // Reads frames.txt: those of every language, then those of `language`.  A rule of the common
  // file that needs a class the language lacks is left out, and one that excludes it excludes
  // nothing; in a language's own file that is an error.  INVALID_ARGUMENT names the line.
  static absl::StatusOr<FrameBook> Create(const Resources& resources, absl::string_view language,
                                          const Lexicon& lexicon);
};

}  // namespace fasti::ingest
