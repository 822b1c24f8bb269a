#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// What tests do to the files of a database behind its back.

namespace fasti {

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, absl::string_view bytes);

// Paths of the files in `folder` whose name ends in `suffix` or starts with `prefix`, sorted.
std::vector<std::string> FilesEnding(const std::string& folder, absl::string_view suffix);
std::vector<std::string> FilesStarting(const std::string& folder, absl::string_view prefix);
std::vector<std::string> FileNames(const std::string& folder);

// Copies a database as it stands on disk: of an open one, that is what kill -9 would leave.
void CopyFolder(const std::string& from, const std::string& to);

}  // namespace fasti
