#include "tests/torture/run_state.h"

#include <cstdio>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

// A line per machine, and one per failure:
//   MACHINE TAB scale TAB done TAB seconds TAB name=count ...
//   MACHINE TAB failed TAB case TAB what

namespace fasti::torture {

namespace {

// False if the line is neither.
bool ReadLine(const std::string& line, ProgressByMachine* state) {
  const std::vector<std::string> words = absl::StrSplit(line, '\t');
  if (words.size() < 4) return false;
  Progress& progress = (*state)[words[0]];
  if (words[1] == "failed") {
    Failure failure{.number = 0, .what = words[3]};
    if (!absl::SimpleAtoi(words[2], &failure.number)) return false;
    progress.failures.push_back(std::move(failure));
    return true;
  }
  double seconds = 0;
  if (!absl::SimpleAtod(words[1], &progress.scale) || !absl::SimpleAtoi(words[2], &progress.done) ||
      !absl::SimpleAtod(words[3], &seconds)) {
    return false;
  }
  progress.spent = absl::Seconds(seconds);
  for (size_t i = 4; i < words.size(); ++i) {
    const std::pair<std::string, std::string> count = absl::StrSplit(words[i], '=');
    if (!absl::SimpleAtoi(count.second, &progress.counts[count.first])) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<ProgressByMachine> LoadState(const std::string& path) {
  ProgressByMachine state;
  std::ifstream file(path);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (ReadLine(line, &state)) continue;
    return absl::DataLossError(absl::StrCat(path, ":", number,
                                            ": expected how far a machine has come, found '", line,
                                            "'; mend the line, or delete the file to begin anew"));
  }
  return state;
}

absl::Status SaveState(const std::string& path, const ProgressByMachine& state) {
  const std::string next = path + ".next";
  std::ofstream file(next, std::ios::trunc);
  for (const auto& [name, progress] : state) {
    file << name << '\t' << progress.scale << '\t' << progress.done << '\t'
         << absl::ToDoubleSeconds(progress.spent);
    for (const auto& [count, value] : progress.counts) file << '\t' << count << '=' << value;
    file << '\n';
    for (const Failure& failure : progress.failures) {
      file << name << "\tfailed\t" << failure.number << '\t'
           << absl::StrReplaceAll(failure.what, {{"\n", " "}, {"\t", " "}}) << '\n';
    }
  }
  file.close();
  if (file.good() && std::rename(next.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(path, ": cannot be written; this run cannot be resumed"));
}

}  // namespace fasti::torture
