#include "tools/ingest/language_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "fasti/status_macros.h"
#include "tools/ingest/frame_examples.h"
#include "tools/ingest/frames/frame.h"
#include "tools/ingest/grammar/check.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/text/resources.h"

namespace fasti::ingest {
namespace {

// The files that some stage reads, of a language and of kCommon.
constexpr absl::string_view kFilesRead[] = {
    "frames", "names", "numbers", "quantities", "small_words", "text", "times", "verbs", "words"};
constexpr absl::string_view kRelationsFile = "relations";  // of kCommon alone

bool IsRead(absl::string_view folder, absl::string_view name) {
  return std::find(std::begin(kFilesRead), std::end(kFilesRead), name) != std::end(kFilesRead) ||
         (folder == kCommon && name == kRelationsFile);
}

void ListFiles(const Resources& resources, absl::string_view folder, LanguageCheck& check) {
  for (const std::string& path : resources.Files(folder)) {
    CheckedFile file{.path = path};
    const absl::string_view name = absl::StripSuffix(
        absl::StripPrefix(absl::string_view(path), absl::StrCat(folder, "/")), ".txt");
    for (const Record* record : resources.Records(folder, name)) {
      if (record->file == path) ++file.records;
    }
    if (!IsRead(folder, name)) {
      check.problems.push_back(absl::StrCat(path, ": no stage reads a file of this name; expected ",
                                            absl::StrJoin(kFilesRead, ", "),
                                            folder == kCommon ? " or relations" : ""));
    }
    check.files.push_back(std::move(file));
  }
}

// The relations that have rules, but none of the examples of one kind.
void ListUntried(const FrameBook& book, LanguageCheck& check) {
  std::set<std::string> tried, denied;
  for (const Example& example : book.examples) {
    (example.fact[0] == '!' ? denied : tried).insert(example.relation);
  }
  std::set<std::string> relations;
  for (const Rule& rule : book.rules) relations.insert(rule.relation);
  std::set_difference(relations.begin(), relations.end(), tried.begin(), tried.end(),
                      std::back_inserter(check.without_example));
  std::set_difference(relations.begin(), relations.end(), denied.begin(), denied.end(),
                      std::back_inserter(check.without_counter_example));
}

void Count(absl::Span<const CheckedExample> examples, LanguageCheck& check) {
  std::map<absl::string_view, CheckedFile*> by_path;
  for (CheckedFile& file : check.files) by_path[file.path] = &file;
  for (const CheckedExample& example : examples) {
    CheckedFile& file =
        *by_path.at(absl::string_view(example.where).substr(0, example.where.rfind(':')));
    ++(example.counter_example ? file.counter_examples : file.examples);
    if (example.failure.empty()) continue;
    ++file.failed;
    check.problems.push_back(absl::StrCat(example.where, ": ", example.failure,
                                          "; mend the rules and words that read it, or the "
                                          "example"));
  }
}

absl::Status RunAll(const Resources& resources, absl::string_view folder, LanguageCheck& check) {
  const std::string& language = check.language;
  FASTI_ASSIGN_OR_RETURN(
      const std::unique_ptr<Extractor> extractor,
      Extractor::Create(
          {.lang_folder = std::string(folder), .languages = {language}, .check_examples = false}));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Lexicon> lexicon,
                         Lexicon::Create(resources, language));
  FASTI_ASSIGN_OR_RETURN(const FrameBook book, FrameBook::Create(resources, language, *lexicon));
  FASTI_ASSIGN_OR_RETURN(std::vector<CheckedExample> examples,
                         RunGrammarExamples(resources, language));
  Count(examples, check);
  FASTI_ASSIGN_OR_RETURN(examples, RunFrameExamples(*extractor, book.examples, language));
  Count(examples, check);
  ListUntried(book, check);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<LanguageCheck>> CheckLanguages(absl::string_view folder,
                                                          absl::Span<const std::string> languages) {
  FASTI_ASSIGN_OR_RETURN(const Resources resources, Resources::Load(folder));
  const std::vector<std::string> all = resources.languages();
  const std::vector<std::string> wanted =
      languages.empty() ? all : std::vector<std::string>(languages.begin(), languages.end());
  std::vector<LanguageCheck> checks;
  for (const std::string& language : wanted) {
    if (!resources.HasLanguage(language)) {
      return absl::InvalidArgumentError(
          absl::StrCat("language '", language,
                       "': there are no files of it; there are: ", absl::StrJoin(all, ", ")));
    }
    LanguageCheck& check = checks.emplace_back();
    check.language = language;
    ListFiles(resources, kCommon, check);
    ListFiles(resources, language, check);
    if (const absl::Status status = RunAll(resources, folder, check); !status.ok()) {
      check.problems.emplace_back(status.message());
    }
  }
  return checks;
}

}  // namespace fasti::ingest
