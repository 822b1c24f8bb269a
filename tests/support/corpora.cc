#include "tests/support/corpora.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fasti::test {

std::optional<std::string> CorpusPath(absl::string_view path) {
  const char* folder = std::getenv("FASTI_CORPORA");
  const std::string full =
      absl::StrCat(folder != nullptr ? folder : FASTI_CORPORA_DIRECTORY, "/", path);
  std::error_code error;
  if (!std::filesystem::exists(full, error)) return std::nullopt;
  return full;
}

std::string ReadFileOrDie(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(file.good()) << path << " cannot be read";
  return text.str();
}

}  // namespace fasti::test
