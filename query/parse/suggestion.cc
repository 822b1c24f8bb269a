#include "query/parse/suggestion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace fasti {
namespace {

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

absl::string_view NearestWord(absl::string_view word,
                              const std::vector<absl::string_view>& candidates) {
  constexpr size_t kLengthMin = 3;   // shorter words are near to everything
  constexpr size_t kLengthMax = 32;  // longer ones are not worth the time
  if (word.size() < kLengthMin || word.size() > kLengthMax) return {};
  const std::string lower = absl::AsciiStrToLower(word);
  absl::string_view nearest;
  size_t least = lower.size() < 6 ? 2 : 3;  // one slip in a short word, two in a long one
  for (absl::string_view candidate : candidates) {
    if (candidate.size() > lower.size() + 2) continue;
    const size_t distance = EditDistance(lower, absl::AsciiStrToLower(candidate));
    if (distance == 0) return {};
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string DidYouMean(absl::string_view word) {
  return word.empty() ? "" : absl::StrCat("; did you mean ", word, "?");
}

}  // namespace fasti
