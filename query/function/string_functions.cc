// Functions on text.  Positions and lengths are in characters.

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"
#include "query/function/characters.h"
#include "query/function/errors.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

// A length or position of a function: an integer that is not negative.
absl::StatusOr<size_t> AsCount(absl::string_view function, const Value& value) {
  if (value.as_int() >= 0) return static_cast<size_t>(value.as_int());
  return RuntimeError(
      kOutOfRange,
      absl::StrCat(function, "(): expected a number of characters, found ", value.as_int()));
}

absl::StatusOr<Value> Substring(Args args, const Context&) {
  FASTI_ASSIGN_OR_RETURN(const size_t from, AsCount("substring", args[1]));
  size_t count = absl::string_view::npos;
  if (args.size() > 2) {
    FASTI_ASSIGN_OR_RETURN(count, AsCount("substring", args[2]));
  }
  return Value(CharacterRange(args[0].as_string(), from, count));
}

absl::StatusOr<Value> Left(Args args, const Context&) {
  FASTI_ASSIGN_OR_RETURN(const size_t count, AsCount("left", args[1]));
  return Value(CharacterRange(args[0].as_string(), 0, count));
}

absl::StatusOr<Value> Right(Args args, const Context&) {
  FASTI_ASSIGN_OR_RETURN(const size_t count, AsCount("right", args[1]));
  const std::string& text = args[0].as_string();
  const size_t size = CharacterCount(text);
  return Value(CharacterRange(text, size > count ? size - count : 0, count));
}

absl::StatusOr<Value> Trim(Args args, const Context&) {
  return Value(absl::StripAsciiWhitespace(args[0].as_string()));
}
absl::StatusOr<Value> TrimLeft(Args args, const Context&) {
  return Value(absl::StripLeadingAsciiWhitespace(args[0].as_string()));
}
absl::StatusOr<Value> TrimRight(Args args, const Context&) {
  return Value(absl::StripTrailingAsciiWhitespace(args[0].as_string()));
}

absl::StatusOr<Value> Lower(Args args, const Context&) {
  return Value(ToLower(args[0].as_string()));
}
absl::StatusOr<Value> Upper(Args args, const Context&) {
  return Value(ToUpper(args[0].as_string()));
}

// Of what is made of texts: it is made before anybody can ask whether there is room for it.
constexpr size_t kTextBytesMax = size_t{64} << 20;

// An empty text to search for is found nowhere.
absl::StatusOr<Value> Replace(Args args, const Context&) {
  const absl::string_view text = args[0].as_string(), from = args[1].as_string();
  if (from.empty()) return args[0];
  size_t found = 0;
  for (size_t at = 0; (at = text.find(from, at)) != text.npos; at += from.size()) ++found;
  if (found > 0 && args[2].as_string().size() > kTextBytesMax / found) {
    return RuntimeError(
        "LimitError.Memory",
        absl::StrCat("replace(): the text would have more than ", kTextBytesMax, " bytes"));
  }
  return Value(
      absl::StrReplaceAll(args[0].as_string(), {{args[1].as_string(), args[2].as_string()}}));
}

// An empty delimiter splits between all characters.
absl::StatusOr<Value> Split(Args args, const Context&) {
  const std::string& text = args[0].as_string();
  const std::string& delimiter = args[1].as_string();
  const std::vector<absl::string_view> parts =
      delimiter.empty() ? Characters(text)
                        : std::vector<absl::string_view>(absl::StrSplit(text, delimiter));
  List list;
  list.reserve(parts.size());
  for (absl::string_view part : parts) list.emplace_back(part);
  return Value(std::move(list));
}

constexpr Kinds kString = Kinds::Of(Kind::kString);
constexpr Kinds kInt = Kinds::Of(Kind::kInt);
constexpr Subject kSubject = Subject::kString;

constexpr Function kFunctions[] = {
    Scalar(kSubject, "left", 2, 2, {kString, kInt}, kString, Left),
    Scalar(kSubject, "lTrim", 1, 1, {kString}, kString, TrimLeft),
    Scalar(kSubject, "replace", 3, 3, {kString, kString, kString}, kString, Replace),
    Scalar(kSubject, "right", 2, 2, {kString, kInt}, kString, Right),
    Scalar(kSubject, "rTrim", 1, 1, {kString}, kString, TrimRight),
    Scalar(kSubject, "split", 2, 2, {kString, kString}, Kinds::Of(Kind::kList), Split),
    Scalar(kSubject, "substring", 2, 3, {kString, kInt, kInt}, kString, Substring),
    Scalar(kSubject, "toLower", 1, 1, {kString}, kString, Lower),
    Scalar(kSubject, "toUpper", 1, 1, {kString}, kString, Upper),
    Scalar(kSubject, "trim", 1, 1, {kString}, kString, Trim),
};

}  // namespace

absl::Span<const Function> StringFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
