#include "benchmarks/compare/data.h"

#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

std::optional<Day> ParseDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  unsigned greatest = 0;
  const auto digit = [&](size_t at) {
    const auto value = static_cast<unsigned>(static_cast<unsigned char>(text[at]) - '0');
    greatest = std::max(greatest, value);
    return static_cast<int>(value);
  };
  const int year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  const int month = digit(5) * 10 + digit(6);
  const int day = digit(8) * 10 + digit(9);
  if (greatest > 9 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  return static_cast<Day>(DaysFromCivil(year, month, day));
}

// Where `byte` stands first; the end of the text if nowhere.
size_t Find(char byte, absl::string_view text) {
  const void* const found = std::memchr(text.data(), byte, text.size());
  return found == nullptr ? text.size() : static_cast<const char*>(found) - text.data();
}

// Takes the text before the next tab, or all of it.
absl::string_view TakeField(absl::string_view* line) {
  const size_t tab = Find('\t', *line);
  const absl::string_view field(line->data(), tab);
  line->remove_prefix(std::min(tab + 1, line->size()));
  return field;
}

std::optional<FactLine> ParseLine(absl::string_view text, EmptyTo empty_to) {
  FactLine line;
  line.subject = TakeField(&text);
  line.relation = TakeField(&text);
  line.object = TakeField(&text);
  const std::optional<Day> from = ParseDay(TakeField(&text));
  if (line.subject.empty() || line.relation.empty() || line.object.empty() || !from.has_value()) {
    return std::nullopt;
  }
  line.from = *from;
  if (text.empty()) {
    if (empty_to == EmptyTo::kInstant) line.to = line.from + 1;
    return line;
  }
  const std::optional<Day> to = ParseDay(text);
  if (!to.has_value() || *to <= line.from) return std::nullopt;
  line.to = *to;
  return line;
}

}  // namespace

bool Names::Intern(absl::string_view name, uint32_t* number) {
  if (const auto it = numbers_.find(name); it != numbers_.end()) {
    *number = it->second;
    return false;
  }
  *number = size();
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), *number);
  return true;
}

absl::StatusOr<std::unique_ptr<FactFile>> FactFile::Open(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  gzbuffer(file, kBufferBytes);
  return std::unique_ptr<FactFile>(new FactFile(path, file));
}

absl::StatusOr<std::string> FactFile::Next() {
  absl::MutexLock lock(&mutex_);
  std::string block = std::exchange(rest_, {});
  const size_t kept = block.size();
  block.resize(kept + kBufferBytes);
  const int got = gzread(file_.get(), block.data() + kept, static_cast<unsigned>(kBufferBytes));
  if (got < 0) return absl::DataLossError(absl::StrCat(path_, ": cannot be read to its end"));
  block.resize(kept + static_cast<size_t>(got));
  const size_t lines_end = block.rfind('\n') + 1;  // 0 if there is none
  if (lines_end == 0 && !block.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path_, got == 0 ? ": ends within a line" : ": a line is too long"));
  }
  rest_ = block.substr(lines_end);
  block.resize(lines_end);
  return block;
}

absl::Status ReadFactBlock(absl::string_view block, EmptyTo empty_to, const VisitFact& visit) {
  for (size_t end; (end = Find('\n', block)) != block.size(); block.remove_prefix(end + 1)) {
    const absl::string_view text = block.substr(0, end);
    const std::optional<FactLine> line = ParseLine(text, empty_to);
    if (!line.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected subject, relation, object, from, to, found '", text, "'"));
    }
    FASTI_RETURN_IF_ERROR(visit(*line));
  }
  return absl::OkStatus();
}

absl::Status ReadFactFile(const std::string& path, EmptyTo empty_to, const VisitFact& visit) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<FactFile> file, FactFile::Open(path));
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const std::string block, file->Next());
    if (block.empty()) return absl::OkStatus();
    FASTI_RETURN_IF_ERROR(ReadFactBlock(block, empty_to, visit));
  }
}

absl::StatusOr<std::unique_ptr<FactWriter>> FactWriter::Create(const std::string& path) {
  FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return absl::UnavailableError(absl::StrCat(path, ": cannot be created"));
  return std::unique_ptr<FactWriter>(new FactWriter(path, file));
}

FactWriter::~FactWriter() {
  if (file_ != nullptr) std::fclose(file_);
}

void FactWriter::Write(const FactLine& line) {
  absl::StrAppend(&buffer_, line.subject, "\t", line.relation, "\t", line.object);
  const auto append_day = [this](Day day) {
    const CivilDate date = CivilFromDays(day);
    absl::StrAppendFormat(&buffer_, "\t%04d-%02d-%02d", date.year, date.month, date.day);
  };
  append_day(line.from);
  if (line.to == kNoEnd) {
    buffer_.push_back('\t');
  } else {
    append_day(line.to);
  }
  buffer_.push_back('\n');
  if (buffer_.size() < kBufferBytes) return;
  failed_ |= std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size();
  buffer_.clear();
}

absl::Status FactWriter::Close() {
  failed_ |= std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size();
  failed_ |= std::fclose(std::exchange(file_, nullptr)) != 0;
  if (failed_) return absl::UnavailableError(absl::StrCat(path_, ": cannot be written"));
  return absl::OkStatus();
}

FactRow Intern(const FactLine& line, Names* entities, Names* relations) {
  FactRow row{.from = line.from, .to = line.to};
  entities->Intern(line.subject, &row.subject);
  relations->Intern(line.relation, &row.relation);
  entities->Intern(line.object, &row.object);
  return row;
}

absl::Status ReadFacts(const std::string& path, Facts* facts) {
  return ReadFactFile(path, EmptyTo::kOpen, [facts](const FactLine& line) {
    facts->rows.push_back(Intern(line, &facts->entities, &facts->relations));
    return absl::OkStatus();
  });
}

}  // namespace fasti::bench
