#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// What may complete the word under the cursor.  Pure: the words come from outside.

namespace fasti::shell {

struct CompletionWords {
  std::vector<std::string> keywords;
  std::vector<std::string> functions;
  std::vector<std::string> relations;
  std::vector<std::string> attributes;
  std::vector<std::string> labels;
  std::vector<std::string> commands;  // of the shell, with their dot
  // Names of entities that begin with a text, at most a few dozen.
  std::function<std::vector<std::string>(absl::string_view prefix)> entities;
};

struct Completion {
  size_t begin = 0;                     // the candidates replace the text from here to the cursor
  std::vector<std::string> candidates;  // sorted, without doubles
};

// Inside quotes, names of entities; after '[:' or '|', relations; after '(x:', labels; after '.',
// attributes; elsewhere keywords, functions, and at the very beginning the shell's commands.
// Keywords take the case in which the word was begun.
Completion Complete(absl::string_view text_before_cursor, const CompletionWords& words);

}  // namespace fasti::shell
