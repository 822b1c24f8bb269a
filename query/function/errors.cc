#include "query/function/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/result.h"

namespace fasti::function {

absl::Status RuntimeError(absl::string_view code, absl::string_view message) {
  QueryError error;
  error.code = std::string(code);
  error.at_runtime = true;
  error.message = std::string(message);
  return MakeQueryError(error);
}

absl::Status OperandError(absl::string_view op, absl::string_view takes, const Value& found) {
  return RuntimeError(kInvalidType,
                      absl::StrCat(op, " takes ", takes, ", found ", KindName(found.kind())));
}

absl::Status OperandError(absl::string_view op, absl::string_view takes, const Value& left,
                          const Value& right) {
  return RuntimeError(kInvalidType,
                      absl::StrCat(op, " takes ", takes, ", found ", KindName(left.kind()), " and ",
                                   KindName(right.kind())));
}

}  // namespace fasti::function
