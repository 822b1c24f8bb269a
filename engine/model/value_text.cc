// Values as the language writes them.

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/text.h"
#include "fasti/fact.h"
#include "fasti/value.h"

namespace fasti {
namespace {

void AppendString(absl::string_view text, std::string* out) {
  out->push_back('\'');
  for (const char c : text) {
    switch (c) {
      case '\'':
        *out += "\\'";
        break;
      case '\\':
        *out += "\\\\";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      case '\t':
        *out += "\\t";
        break;
      default:
        out->push_back(c);
    }
  }
  out->push_back('\'');
}

bool IsIdentifier(absl::string_view text) {
  if (text.empty() || absl::ascii_isdigit(static_cast<unsigned char>(text[0]))) return false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isalnum(byte) && byte != '_' && byte < 0x80) return false;
  }
  return true;
}

void AppendKey(absl::string_view key, std::string* out) {
  if (IsIdentifier(key)) {
    absl::StrAppend(out, key);
    return;
  }
  out->push_back('`');
  for (const char c : key) {
    if (c == '`') out->push_back('`');
    out->push_back(c);
  }
  out->push_back('`');
}

void AppendPath(const Path& path, std::string* out) {
  for (size_t i = 0; i < path.nodes.size(); ++i) {
    absl::StrAppend(out, "(#", Raw(path.nodes[i]), ")");
    if (i == path.facts.size()) break;
    const Fact& fact = *path.facts[i];
    const bool forward = fact.subject == path.nodes[i];
    absl::StrAppend(out, forward ? "-" : "<-", "[#", Raw(fact.lineage), "]", forward ? "->" : "-");
  }
}

void AppendValue(const Value& value, std::string* out) {
  using Kind = Value::Kind;
  switch (value.kind()) {
    case Kind::kNull:
      *out += "null";
      return;
    case Kind::kBool:
      *out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      absl::StrAppend(out, value.as_int());
      return;
    case Kind::kDouble:
      *out += FormatDouble(value.as_double());
      return;
    case Kind::kString:
      AppendString(value.as_string(), out);
      return;
    case Kind::kDate:
      *out += FormatDate(value.as_date());
      return;
    case Kind::kLocalDateTime:
      *out += FormatLocalDateTime(value.as_local_date_time());
      return;
    case Kind::kDateTime:
      *out += FormatDateTime(value.as_date_time());
      return;
    case Kind::kDuration:
      *out += FormatDuration(value.as_duration());
      return;
    case Kind::kPeriod:
      *out += FormatPeriod(value.as_period());
      return;
    case Kind::kQuantity:
      *out += FormatQuantity(value.as_quantity());
      return;
    case Kind::kNode:
      absl::StrAppend(out, "(#", Raw(value.as_node()), ")");
      return;
    case Kind::kFact:
      absl::StrAppend(out, "[#", Raw(value.as_fact()->lineage), "]");
      return;
    case Kind::kPath:
      AppendPath(value.as_path(), out);
      return;
    case Kind::kList: {
      absl::string_view separator = "[";
      for (const Value& element : value.as_list()) {
        absl::StrAppend(out, separator);
        AppendValue(element, out);
        separator = ", ";
      }
      *out += value.as_list().empty() ? "[]" : "]";
      return;
    }
    case Kind::kMap: {
      absl::string_view separator = "{";
      for (const auto& [key, element] : value.as_map()) {
        absl::StrAppend(out, separator);
        AppendKey(key, out);
        *out += ": ";
        AppendValue(element, out);
        separator = ", ";
      }
      *out += value.as_map().empty() ? "{}" : "}";
      return;
    }
  }
  FASTI_CHECK(!"a kind of value");
}

}  // namespace

std::string FormatValue(const Value& value) {
  std::string out;
  AppendValue(value, &out);
  return out;
}

}  // namespace fasti
