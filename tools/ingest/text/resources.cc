#include "tools/ingest/text/resources.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fasti/status_macros.h"
#include "tools/ingest/text/embedded.h"

namespace fasti::ingest {
namespace {

namespace fs = std::filesystem;

absl::Status Bad(absl::string_view file, int line, absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", message));
}

// "kind name: value" or "kind name".
Record ParseHead(absl::string_view text, absl::string_view file, int line) {
  Record record;
  record.file = std::string(file);
  record.line = line;
  const size_t colon = text.find(": ");
  absl::string_view head = text.substr(0, colon);
  if (colon == absl::string_view::npos) {
    absl::ConsumeSuffix(&head, ":");
  } else {
    const absl::string_view value = absl::StripAsciiWhitespace(text.substr(colon + 2));
    record.fields.push_back({"words", std::string(value), line});
  }
  const size_t space = head.find(' ');
  record.kind = std::string(head.substr(0, space));
  if (space != absl::string_view::npos) {
    record.name = std::string(absl::StripAsciiWhitespace(head.substr(space)));
  }
  return record;
}

absl::StatusOr<std::string> ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat(path.string(), ": cannot be opened"));
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace

absl::string_view Record::Get(absl::string_view key) const {
  for (const Field& field : fields) {
    if (field.key == key) return field.value;
  }
  return "";
}

std::vector<absl::string_view> Record::GetAll(absl::string_view key) const {
  std::vector<absl::string_view> values;
  for (const Field& field : fields) {
    if (field.key == key) values.push_back(field.value);
  }
  return values;
}

std::vector<std::string> Record::List(absl::string_view key) const {
  std::vector<std::string> parts;
  for (absl::string_view value : GetAll(key)) {
    std::vector<std::string> more = SplitList(value);
    std::move(more.begin(), more.end(), std::back_inserter(parts));
  }
  return parts;
}

absl::Status Record::Complain(absl::string_view message) const {
  return Bad(file, line, message);
}

std::vector<std::string> SplitList(absl::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  const auto finish = [&] {
    absl::StripAsciiWhitespace(&part);
    if (!part.empty()) parts.push_back(std::move(part));
    part.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',') {
      part += text[++i];
    } else if (text[i] == ',') {
      finish();
    } else {
      part += text[i];
    }
  }
  finish();
  return parts;
}

absl::StatusOr<std::vector<Record>> ParseRecords(absl::string_view text, absl::string_view file) {
  std::vector<Record> records;
  int line = 0;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++line;
    const absl::string_view content = absl::StripAsciiWhitespace(raw);
    if (content.empty() || content[0] == '#') continue;
    if (!absl::ascii_isspace(static_cast<unsigned char>(raw[0]))) {
      records.push_back(ParseHead(content, file, line));
      continue;
    }
    if (records.empty()) return Bad(file, line, "expected a record before the first field");
    const size_t colon = content.find(':');
    if (colon == absl::string_view::npos || colon == 0) {
      return Bad(file, line, "expected 'key: value'");
    }
    records.back().fields.push_back(
        {std::string(content.substr(0, colon)),
         std::string(absl::StripAsciiWhitespace(content.substr(colon + 1))), line});
  }
  return records;
}

absl::StatusOr<Resources> Resources::Load(absl::string_view folder) {
  Resources resources;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    FASTI_RETURN_IF_ERROR(resources.Add(file.path, file.text));
  }
  if (folder.empty()) return resources;

  const fs::path root{std::string(folder)};
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    return absl::NotFoundError(absl::StrCat(folder, ": expected a folder of language files"));
  }
  std::set<fs::path> paths;  // sorted, so that the first complaint does not depend on the disk
  for (auto it = fs::recursive_directory_iterator(root, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it.depth() == 1 && it->path().extension() == ".txt") paths.insert(it->path());
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat(folder, ": cannot be listed: ", error.message()));
  }
  for (const fs::path& path : paths) {
    FASTI_ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
    FASTI_RETURN_IF_ERROR(resources.Add(fs::relative(path, root).generic_string(), text));
  }
  return resources;
}

absl::Status Resources::Add(absl::string_view path, absl::string_view text) {
  FASTI_ASSIGN_OR_RETURN(std::vector<Record> records, ParseRecords(text, path));
  files_[std::string(absl::StripSuffix(path, ".txt"))] = std::move(records);
  return absl::OkStatus();
}

std::vector<std::string> Resources::languages() const {
  std::set<std::string> names;
  for (const auto& [path, records] : files_) {
    const std::string name = path.substr(0, path.find('/'));
    if (name != kCommon) names.insert(name);
  }
  return {names.begin(), names.end()};
}

bool Resources::HasLanguage(absl::string_view language) const {
  const std::string prefix = absl::StrCat(language, "/");
  const auto it = files_.lower_bound(prefix);
  return language != kCommon && it != files_.end() &&
         it->first.compare(0, prefix.size(), prefix) == 0;
}

std::vector<std::string> Resources::Files(absl::string_view folder) const {
  const std::string prefix = absl::StrCat(folder, "/");
  std::vector<std::string> files;
  for (auto it = files_.lower_bound(prefix);
       it != files_.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
    files.push_back(absl::StrCat(it->first, ".txt"));
  }
  return files;
}

std::vector<const Record*> Resources::Records(absl::string_view language,
                                              absl::string_view name) const {
  std::vector<const Record*> found;
  for (absl::string_view folder : {kCommon, language}) {
    const auto it = files_.find(absl::StrCat(folder, "/", name));
    if (it == files_.end()) continue;
    for (const Record& record : it->second) found.push_back(&record);
  }
  return found;
}

}  // namespace fasti::ingest
