#include "tools/check_lang.h"

#include <cstdio>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/command.h"
#include "tools/ingest/language_check.h"

namespace fasti::tools {
namespace {

using ingest::CheckedFile;
using ingest::LanguageCheck;

std::string Counted(size_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

void PrintFile(const CheckedFile& file) {
  std::string line = Counted(file.records, "record");
  if (file.examples > 0) absl::StrAppend(&line, ", ", Counted(file.examples, "example"));
  if (file.counter_examples > 0) {
    absl::StrAppend(&line, ", ", Counted(file.counter_examples, "counter-example"));
  }
  if (file.failed > 0) absl::StrAppend(&line, ", ", file.failed, " of them fail");
  std::printf("  %-24s %s\n", file.path.c_str(), line.c_str());
}

void Print(const LanguageCheck& check) {
  std::printf("%s: %s\n", check.language.c_str(),
              check.problems.empty()
                  ? "all is well"
                  : absl::StrCat(Counted(check.problems.size(), "problem")).c_str());
  for (const CheckedFile& file : check.files) PrintFile(file);
  if (!check.without_example.empty()) {
    std::printf("  rules without an example: %s\n",
                absl::StrJoin(check.without_example, ", ").c_str());
  }
  if (!check.without_counter_example.empty()) {
    std::printf("  rules without a counter-example: %s\n",
                absl::StrJoin(check.without_counter_example, ", ").c_str());
  }
  std::fflush(stdout);
  for (const std::string& problem : check.problems) {
    std::fprintf(stderr, "fasti: %s: %s\n", check.language.c_str(), problem.c_str());
  }
}

}  // namespace

int CheckLang(const std::string& folder, const std::vector<std::string>& languages) {
  const absl::StatusOr<std::vector<LanguageCheck>> checks =
      ingest::CheckLanguages(folder, languages);
  if (!checks.ok()) return Fail("", checks.status());
  size_t examples = 0;
  size_t problems = 0;
  for (const LanguageCheck& check : *checks) {
    Print(check);
    problems += check.problems.size();
    for (const CheckedFile& file : check.files) examples += file.examples + file.counter_examples;
  }
  std::printf("%s checked, %s run, %s\n", Counted(checks->size(), "language").c_str(),
              Counted(examples, "example").c_str(), Counted(problems, "problem").c_str());
  return problems == 0 ? kSuccess : kFailure;
}

}  // namespace fasti::tools
