#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/database.h"
#include "fasti/report.h"
#include "tools/ingest/read/article.h"

namespace fasti::ingest {

struct ExtractorOptions {
  // A folder of language files that replace or complete those compiled in; empty: none.
  std::string lang_folder;
  // The languages that are read; empty: all there are files for.
  std::vector<std::string> languages;
  // Facts below this confidence are listed, not reported.
  double confidence_min = 0.5;
  // Reads the files of all languages in Create, runs their examples and refuses those that fail.
  // Otherwise the files of a language are read with its first article.
  bool check_examples = true;
};

// A fact as it was read; `statement` is the form in which it enters the database.
struct ExtractedFact {
  Statement statement;
  std::string rule;   // where the rule stands: "common/frames.txt:12"
  double fit = 0;     // how well the words fit the rule
  bool kept = false;  // at or above the gate: part of the report
};

struct Extraction {
  Report report;                     // what is to be stored
  std::vector<ExtractedFact> facts;  // what is likely enough to be looked at, by place in the text
  std::vector<RejectedLine> rejected;  // what a program outside told that is no fact
  std::string language;
};

// Reads articles: tokens, figures and times, names, clauses, frames, discourse, scope, gate; each
// stage sees the article once.  Immutable after Create: Extract may run in several threads.
class Extractor {
 public:
  // INVALID_ARGUMENT if a language file cannot be understood or one of its examples fails (if they
  // are checked), or there are no files of a language.
  static absl::StatusOr<std::unique_ptr<Extractor>> Create(const ExtractorOptions& options);
  virtual ~Extractor() = default;

  // INVALID_ARGUMENT if the text is empty, its language cannot be told or is not known, or its
  // files cannot be understood.
  virtual absl::StatusOr<Extraction> Extract(const Article& article) const = 0;
};

// Declares the shipped relations (kind, symmetry, key qualifiers, merge windows), or those of
// ExtractorOptions::lang_folder, in one commit.  Declaring them again changes nothing.
absl::Status DeclareVocabulary(Database& database, absl::string_view lang_folder = "");

// The facts of an article, one JSON object per line, in the exchange form of docs/extraction.md.
// `name` is what stands in "article".
std::string DumpFacts(absl::string_view name, const Extraction& extraction);

}  // namespace fasti::ingest
