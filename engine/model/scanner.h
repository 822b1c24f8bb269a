#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fasti {

// Reads a short text such as a date from left to right.  Its errors name the subject and the
// byte: "date at byte 5: expected a month, 01 to 12, found '13'".  The text must outlive it.
class Scanner {
 public:
  Scanner(absl::string_view subject, absl::string_view text) : subject_(subject), text_(text) {}

  bool done() const { return offset_ == text_.size(); }
  size_t offset() const { return offset_; }
  absl::string_view rest() const { return text_.substr(offset_); }
  // The next character; NUL at the end.
  char peek() const { return done() ? '\0' : text_[offset_]; }

  bool Take(char c) { return Take(absl::string_view(&c, 1)); }
  bool Take(absl::string_view prefix);
  // The longest run of at most `max` characters that `belongs`.
  absl::string_view TakeWhile(bool (*belongs)(char), size_t max);
  absl::string_view TakeDigits(size_t max);

  // A number of exactly `width` digits from `low` to `high`.
  absl::StatusOr<int> Number(size_t width, int low, int high, absl::string_view expected);

  // INVALID_ARGUMENT at the present byte, or another one.
  absl::Status Error(absl::string_view expected) const { return ErrorAt(offset_, expected); }
  absl::Status ErrorAt(size_t offset, absl::string_view expected) const;

 private:
  absl::string_view subject_;
  absl::string_view text_;
  size_t offset_ = 0;
};

// REQUIRES: at most 18 digits, and nothing else.
int64_t ToNumber(absl::string_view digits);

// A year in ISO 8601: four digits, and a sign with more digits or before year 0 ("-0044").
std::string FormatYear(int64_t year);

}  // namespace fasti
