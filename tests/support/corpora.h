#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace fasti::test {

// Some tests read corpora that do not belong to this project: the openCypher TCK, annotated
// articles, public temporal graphs.  They lie in a folder beside the checkout, or where the
// environment variable FASTI_CORPORA says.  nullopt if `path`, relative to that folder, is not
// there: the test then skips, saying so (FASTI_CORPUS_OR_SKIP).
std::optional<std::string> CorpusPath(absl::string_view path);

// The contents of a file.  Fails the test if it cannot be read.
std::string ReadFileOrDie(const std::string& path);

}  // namespace fasti::test

// Assigns the place of a corpus to `target`, or skips the running test.
#define FASTI_CORPUS_OR_SKIP(target, path)                                               \
  const std::optional<std::string> corpus_of_##target = ::fasti::test::CorpusPath(path); \
  if (!corpus_of_##target.has_value()) {                                                 \
    GTEST_SKIP() << "the corpus " << (path) << " is not here (FASTI_CORPORA)";           \
  }                                                                                      \
  const std::string target = *corpus_of_##target
