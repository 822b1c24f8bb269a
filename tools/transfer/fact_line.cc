#include "tools/transfer/fact_line.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::transfer {
namespace {

constexpr size_t kColumns = 5;
constexpr absl::string_view kUntold = "?";

// Where a date is kept: digits differ in their low bits only, and the last ones the most.
size_t PlaceOf(absl::string_view text, size_t places) {
  uint64_t hash = text.size();
  for (const char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
  return (hash ^ hash >> 12) % places;
}

}  // namespace

absl::StatusOr<Period> FactLineReader::ReadDate(absl::string_view column, absl::string_view text) {
  if (text.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(column, ": expected a date, found nothing"));
  }
  CachedDate& cached = dates_[PlaceOf(text, kCachedDates)];
  if (absl::string_view(cached.text.data(), cached.size) == text) return cached.date;
  const absl::StatusOr<Period> parsed = ParsePeriod(text);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(column, ": ", parsed.status().message()));
  }
  const Period date = *parsed;
  if (!date.has_start() || date != Period::Granule(date.from, date.from_precision)) {
    return absl::InvalidArgumentError(
        absl::StrCat(column, ": expected one date, found '", text, "'"));
  }
  if (text.size() <= kCachedBytesMax) {
    std::copy(text.begin(), text.end(), cached.text.begin());
    cached.size = text.size();
    cached.date = date;
  }
  return date;
}

absl::StatusOr<BulkFact> FactLineReader::Read(absl::string_view line) {
  std::array<absl::string_view, kColumns> columns;
  size_t count = 0;
  for (absl::string_view rest = line;; ++count) {
    const void* const tab = std::memchr(rest.data(), '\t', rest.size());
    const size_t size = tab == nullptr
                            ? rest.size()
                            : static_cast<size_t>(static_cast<const char*>(tab) - rest.data());
    if (count < kColumns) columns[count] = rest.substr(0, size);
    if (tab == nullptr) break;
    rest.remove_prefix(size + 1);
  }
  ++count;
  if (count != kColumns && count != kColumns - 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected ", kColumns, " columns, found ", count));
  }
  BulkFact fact;
  fact.subject = columns[0];
  fact.relation = columns[1];
  fact.object = columns[2];
  const absl::string_view from = columns[3], to = columns[4];
  if (from == kUntold) {
    fact.valid.from_precision = Precision::kUnknown;
  } else {
    FASTI_ASSIGN_OR_RETURN(const Period first, ReadDate("from", from));
    fact.valid = first;
  }
  if (to.empty() && empty_end_ == EmptyEnd::kEvent) {
    if (!fact.valid.has_start()) {
      return absl::InvalidArgumentError("from: expected the date of an event, found '?'");
    }
  } else if (to.empty() || to == kUntold) {
    fact.valid.to = kInstantMax;
    fact.valid.to_precision = to.empty() ? Precision::kOpen : Precision::kUnknown;
  } else {
    FASTI_ASSIGN_OR_RETURN(const Period behind, ReadDate("to", to));
    if (fact.valid.has_start() && behind.from <= fact.valid.from) {
      return absl::InvalidArgumentError(
          absl::StrCat("to: expected an end after the beginning, found ", from, " to ", to));
    }
    fact.valid.to = behind.from;
    fact.valid.to_precision = behind.from_precision;
  }
  return fact;
}

}  // namespace fasti::transfer
