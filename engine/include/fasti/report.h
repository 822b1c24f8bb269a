#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fasti/fact.h"
#include "fasti/ids.h"
#include "fasti/value.h"

namespace fasti {

// A Report is what one source says: its own data and its statements, in names.  It is the form in
// which articles and data sets enter the database (Database::Report), and how they are exchanged.

struct Source {
  // What tells this source from every other: its url, or empty for the hash of its
  // text; "hash:" and that hash name a source that the database has, when its text is not at hand.
  std::string key;
  std::string title;
  std::string publisher;
  std::string language;  // "it", "fr", "en", ...
  // When it was published, at the precision given; absent if the source does not say.
  std::optional<Period> published;
  // The date its reader gave it instead; used where `published` is absent.
  std::optional<Period> report_date;
  std::string text;  // the article, stored for the sentences behind the claims; may be empty
};

// An entity as a source names it.
struct EntityName {
  std::string name;
  std::string label;                 // "Organization"; empty if the source does not tell
  std::vector<std::string> aliases;  // other names the source gives it
};

struct Statement {
  EntityName subject;
  std::string relation;
  // What the relation leads to.  Relations without an object ("founded") have the value TRUE.
  std::variant<EntityName, Value> object;
  std::optional<Period> valid;  // absent: the source tells no time
  Map qualifiers;  // those the relation declares as keys identify the fact, the others are figures
  Modality modality = Modality::kAsserted;
  Stance stance = Stance::kSupports;
  double confidence = 1.0;
  std::string extractor;
  std::string text;  // the sentence; empty: taken from the source's text at `span`
  Span span;
};

struct Report {
  Source source;
  std::vector<Statement> statements;
  // Reporting again with the same batch id adds nothing; 0: none.
  uint64_t batch_id = 0;
};

// What a statement did to the story.
enum class Verdict : uint8_t {
  kNew,         // nobody had told this fact
  kSame,        // told again
  kCompatible,  // figures differ and overlap
  kRefined,     // a finer time or figure, or one where there was none
  kConfirmed,   // what was planned or reported is now told as done
  kSuperseded,  // a later report replaces the figure or the object
  kConflict,    // contradicts an earlier claim; both are kept
  kDenied,      // a source denies it
};
absl::string_view VerdictName(Verdict verdict);  // "new", "same", ...

struct StatementOutcome {
  Verdict verdict = Verdict::kNew;
  VersionId version = VersionId::kNone;  // that carries the claim now; none if only denied
  VersionId lineage = VersionId::kNone;
  bool repeated = false;  // the source had already made this claim: nothing was added
};

struct ReportSummary {
  Sequence sequence = 0;  // of the commit
  EntityId source = EntityId::kNone;
  std::vector<StatementOutcome> outcomes;  // one per statement, in order
  uint64_t entities_created = 0;
  uint64_t claims_added = 0;
  // Names that fit several entities: the statements that use them were not stored, and their
  // outcome has no lineage.
  struct Ambiguous {
    std::string name;
    std::vector<EntityId> candidates;
  };
  std::vector<Ambiguous> ambiguous;
};

}  // namespace fasti
