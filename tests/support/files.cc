#include "tests/support/files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace fasti {

namespace fs = std::filesystem;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  FASTI_CHECK(file.good());
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void WriteFile(const std::string& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  FASTI_CHECK(file.good());
}

std::vector<std::string> FileNames(const std::string& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> FilesEnding(const std::string& folder, absl::string_view suffix) {
  std::vector<std::string> paths;
  for (const std::string& name : FileNames(folder)) {
    if (absl::EndsWith(name, suffix)) paths.push_back(absl::StrCat(folder, "/", name));
  }
  return paths;
}

std::vector<std::string> FilesStarting(const std::string& folder, absl::string_view prefix) {
  std::vector<std::string> paths;
  for (const std::string& name : FileNames(folder)) {
    if (absl::StartsWith(name, prefix)) paths.push_back(absl::StrCat(folder, "/", name));
  }
  return paths;
}

void CopyFolder(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

}  // namespace fasti
