#include "engine/model/scanner.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"
#include "engine/base/text.h"

namespace fasti {

bool Scanner::Take(absl::string_view prefix) {
  if (!absl::StartsWith(rest(), prefix)) return false;
  offset_ += prefix.size();
  return true;
}

absl::string_view Scanner::TakeWhile(bool (*belongs)(char), size_t max) {
  const size_t begin = offset_;
  while (!done() && offset_ - begin < max && belongs(peek())) ++offset_;
  return text_.substr(begin, offset_ - begin);
}

absl::string_view Scanner::TakeDigits(size_t max) {
  return TakeWhile([](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }, max);
}

absl::StatusOr<int> Scanner::Number(size_t width, int low, int high, absl::string_view expected) {
  const size_t at = offset_;
  const absl::string_view digits = TakeDigits(width);
  if (digits.size() != width) return ErrorAt(at, expected);
  const int64_t number = ToNumber(digits);
  if (number < low || number > high) return ErrorAt(at, expected);
  return static_cast<int>(number);
}

absl::Status Scanner::ErrorAt(size_t offset, absl::string_view expected) const {
  const absl::string_view found = text_.substr(offset);
  return absl::InvalidArgumentError(
      absl::StrCat(subject_, " at byte ", offset, ": expected ", expected, ", found ",
                   found.empty() ? "the end" : absl::StrCat("'", Excerpt(found), "'")));
}

int64_t ToNumber(absl::string_view digits) {
  FASTI_CHECK(digits.size() <= 18);
  int64_t number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

std::string FormatYear(int64_t year) {
  if (year > 9999) return absl::StrCat("+", year);
  if (year < 0) return absl::StrFormat("-%04d", -year);
  return absl::StrFormat("%04d", year);
}

}  // namespace fasti
