#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fasti::test {

// One step of a test in the language itself: statements, and what must come of the last one.
struct LogicStep {
  enum class Kind : uint8_t {
    kRun,      // must succeed; rows do not matter
    kRows,     // must give these rows, in any order
    kOrdered,  // must give these rows in this order
    kError,    // must fail with `code`
    kPlan,     // EXPLAIN must show every expected line, in this order, among others
    kReset,    // a new, empty database
  };
  Kind kind = Kind::kRun;
  std::string script;                              // statements, separated by ';'
  std::string code;                                // of kError
  std::vector<std::string> columns;                // of kRows and kOrdered
  std::vector<std::vector<std::string>> expected;  // cells as FormatValue prints them; plan lines
  int line = 0;                                    // in the file, from 1
};

// The steps of a .test file.  A step is a line that names it, statements, and, after a line
// `----`, what is expected; an empty line ends it.  Lines that begin with '#' are comments.
//
//   run                                  query          (or: query ordered)
//   CREATE (:Person {name: 'Ada'})       MATCH (n:Person) RETURN n.name AS name
//                                        ----
//   error SyntaxError.UndefinedVariable  name
//   RETURN x                             'Ada'
//
// Cells of a row are separated by '|'.  Unreadable steps fail the running test.
std::vector<LogicStep> ParseLogicFile(absl::string_view text);

// The steps of a document: every ```fql block, with the table in the ```rows block that follows it,
// the code in an ```error block, or nothing if none does.
std::vector<LogicStep> ParseLogicDocument(absl::string_view text);

// Runs the steps on a database in memory whose clock stands at 2026-01-01 and fails the running
// test where something else happens than expected.  `file` is named in failures.
void RunLogicSteps(const std::vector<LogicStep>& steps, const std::string& file);

}  // namespace fasti::test
