#include "tools/ingest/read/date_header.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"

namespace fasti::ingest {
namespace {

constexpr size_t kWordMax = 16;  // bytes of the word before the date

bool IsDateByte(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
}
bool IsSpace(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

// "2025-06" and "2025-06-12", but not "2025": a year alone dates nothing.
std::optional<Period> ReadDate(absl::string_view text) {
  if (text.size() != 7 && text.size() != 10) return std::nullopt;
  const absl::StatusOr<Period> period = ParsePeriod(text);
  if (!period.ok() || !period->has_start()) return std::nullopt;
  return *period;
}

}  // namespace

std::optional<DateHeader> FindDateHeader(absl::string_view text) {
  size_t at = 0;
  const auto skip = [&](auto&& matches) {
    const size_t begin = at;
    while (at < text.size() && matches(text[at])) ++at;
    return at - begin;
  };
  skip(IsSpace);
  const size_t word = skip([](char c) { return !IsSpace(c) && !IsDateByte(c); });
  if (word == 0 || word > kWordMax) return std::nullopt;
  if (skip(IsSpace) == 0) return std::nullopt;
  const size_t begin = at;
  const size_t length = skip(IsDateByte);
  const std::optional<Period> published = ReadDate(text.substr(begin, length));
  if (!published || (at < text.size() && !IsSpace(text[at]))) return std::nullopt;
  skip(IsSpace);
  if (at == text.size()) return std::nullopt;  // nothing follows that it could date
  return DateHeader{*published, static_cast<uint32_t>(at)};
}

}  // namespace fasti::ingest
