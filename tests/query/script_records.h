#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace fasti::test {

// A text and what a script of this folder says of it.
struct ScriptRecord {
  std::string verdict;
  std::string text;
};

inline bool HavePython() {
  return std::system("python3 -c 'pass' 2>/dev/null") == 0;
}

// Runs a Python script of tests/query and reads its records: "VERDICT SIZE", a newline, SIZE bytes
// of text, a newline.
inline std::vector<ScriptRecord> RunScript(const std::string& script,
                                           const std::string& arguments) {
  const std::string command =
      absl::StrCat("python3 '", FASTI_QUERY_TESTS, "/", script, "' ", arguments);
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << "cannot run " << command;
    return {};
  }
  char buffer[65536];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  std::vector<ScriptRecord> records;
  for (size_t at = 0; at < output.size();) {
    const size_t line_end = output.find('\n', at);
    const std::pair<std::string, std::string> head =
        absl::StrSplit(output.substr(at, line_end - at), ' ');
    size_t size = 0;
    if (line_end == output.npos || !absl::SimpleAtoi(head.second, &size)) {
      ADD_FAILURE() << "unreadable output of " << command;
      break;
    }
    records.push_back({head.first, output.substr(line_end + 1, size)});
    at = line_end + 1 + size + 1;
  }
  return records;
}

}  // namespace fasti::test
