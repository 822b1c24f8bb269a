#include "query/parse/keywords.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "absl/strings/ascii.h"

namespace fasti {
namespace {

// Both lists are sorted.  A new word belongs into the second one: reserving it would break
// statements that use it as a name.
constexpr std::array<absl::string_view, 42> kReserved = {
    "AND",   "AS",         "ASC",    "ASCENDING", "BY",    "CASE", "CONTAINS", "CREATE", "DELETE",
    "DESC",  "DESCENDING", "DETACH", "DISTINCT",  "ELSE",  "END",  "ENDS",     "EXISTS", "FALSE",
    "IN",    "IS",         "LIMIT",  "MATCH",     "MERGE", "NOT",  "NULL",     "ON",     "OPTIONAL",
    "OR",    "ORDER",      "REMOVE", "RETURN",    "SET",   "SKIP", "STARTS",   "THEN",   "TRUE",
    "UNION", "UNWIND",     "WHEN",   "WHERE",     "WITH",  "XOR"};

constexpr std::array<absl::string_view, 41> kContextual = {
    "AFTER",    "ALL",       "ANY",       "AT",         "BEFORE",   "CLAIM", "CONTINUOUS",
    "DURING",   "EARLIEST",  "EVENT",     "EXPLAIN",    "FASTEST",  "FIRST", "FUNCTIONAL",
    "INVERSE",  "LAST",      "LATEST",    "METRIC",     "NONE",     "OF",    "OFFSET",
    "OVER",     "OVERLAPS",  "PARTITION", "PRECEDING",  "PROFILE",  "RANGE", "RECORDED",
    "RELATION", "RESOLVE",   "ROWS",      "SEQUENTIAL", "SHORTEST", "SHOW",  "SINGLE",
    "STATE",    "SYMMETRIC", "TYPE",      "UNIT",       "VALID",    "WITHIN"};

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

bool IsReservedWord(absl::string_view word) {
  const std::string upper = absl::AsciiStrToUpper(word);
  return std::binary_search(kReserved.begin(), kReserved.end(), absl::string_view(upper));
}

const std::vector<absl::string_view>& AllKeywords() {
  static const auto* const words = [] {
    auto* all = new std::vector<absl::string_view>(kReserved.begin(), kReserved.end());
    all->insert(all->end(), kContextual.begin(), kContextual.end());
    std::sort(all->begin(), all->end());
    return all;
  }();
  return *words;
}

absl::string_view NearestKeyword(absl::string_view word) {
  constexpr size_t kLengthMin = 3;   // shorter words are near to everything
  constexpr size_t kLengthMax = 16;  // longer ones are near to nothing
  if (word.size() < kLengthMin || word.size() > kLengthMax) return {};
  const std::string upper = absl::AsciiStrToUpper(word);
  absl::string_view nearest;
  size_t least = upper.size() < 6 ? 2 : 3;  // one slip in a short word, two in a long one
  for (absl::string_view keyword : AllKeywords()) {
    if (keyword == upper) return {};
    const size_t distance = EditDistance(upper, keyword);
    if (distance < least) {
      least = distance;
      nearest = keyword;
    }
  }
  return nearest;
}

}  // namespace fasti
