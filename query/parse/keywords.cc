#include "query/parse/keywords.h"

#include <algorithm>
#include <array>
#include <string>

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

}  // namespace fasti
