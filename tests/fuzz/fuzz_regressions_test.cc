#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/fuzz/target.h"
#include "tests/support/files.h"

// Every target over the inputs it starts from (corpus/NAME) and over those that once broke a law
// (regressions/NAME).

namespace fasti::fuzz {
namespace {

struct Target {
  std::string name;
  absl::Status (*run)(absl::string_view input);
};

void PrintTo(const Target& target, std::ostream* out) {
  *out << target.name;
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class FuzzRegressionsTest : public testing::TestWithParam<Target> {};

TEST_P(FuzzRegressionsTest, KnownInputsBreakNoLaw) {
  const Target& target = GetParam();
  EXPECT_TRUE(target.run("").ok());
  const std::vector<std::string> corpus =
      FilesIn(absl::StrCat(FASTI_FUZZ_DIRECTORY, "/corpus/", target.name));
  EXPECT_FALSE(corpus.empty());
  std::vector<std::string> files =
      FilesIn(absl::StrCat(FASTI_FUZZ_DIRECTORY, "/regressions/", target.name));
  files.insert(files.end(), corpus.begin(), corpus.end());
  for (const std::string& file : files) {
    const absl::Status status = target.run(ReadFile(file));
    EXPECT_TRUE(status.ok()) << file << ": " << status;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Targets, FuzzRegressionsTest,
    testing::Values(Target{"block", FuzzBlock}, Target{"key", FuzzKey},
                    Target{"record", FuzzRecord}, Target{"log", FuzzLog},
                    Target{"closed_state", FuzzClosedState}, Target{"time", FuzzTime},
                    Target{"text", FuzzText}, Target{"statement", FuzzStatement},
                    Target{"predicate", FuzzPredicate}, Target{"question", FuzzQuestion},
                    Target{"fact_file", FuzzFactFile}, Target{"article", FuzzArticle}),
    [](const auto& target) { return target.param.name; });

}  // namespace
}  // namespace fasti::fuzz
