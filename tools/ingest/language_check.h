#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fasti::ingest {

// What was checked of one language file.
struct CheckedFile {
  std::string path;  // "it/frames.txt"
  size_t records = 0;
  size_t examples = 0;  // of either kind
  size_t counter_examples = 0;
  size_t failed = 0;
};

// What was checked of one language: its own files, and with them those of every language.
struct LanguageCheck {
  std::string language;
  std::vector<CheckedFile> files;
  // "it/frames.txt:12: what is wrong and what to do", one line each; none: all is well.
  std::vector<std::string> problems;
  // Relations that the language has rules for, and no `yes`, or no `no`, that tries them.
  std::vector<std::string> without_example;
  std::vector<std::string> without_counter_example;
};

// Loads the files of `languages` (empty: all), as they are with those of `folder` (empty: none) in
// place, and runs all their examples.  Of a language that cannot be loaded the first mistake is
// told, and no example is run.  INVALID_ARGUMENT if there are no files of a language, or a file
// consists of no records; NOT_FOUND if there is no such folder.
absl::StatusOr<std::vector<LanguageCheck>> CheckLanguages(absl::string_view folder,
                                                          absl::Span<const std::string> languages);

}  // namespace fasti::ingest
