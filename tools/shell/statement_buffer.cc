#include "tools/shell/statement_buffer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fasti::shell {

bool EndsStatement(absl::string_view text) {
  bool ended = false;
  size_t i = 0;
  while (i < text.size()) {
    const absl::string_view rest = text.substr(i);
    const char c = text[i];
    if (absl::StartsWith(rest, "//")) {
      const size_t end = rest.find('\n');
      if (end == absl::string_view::npos) return ended;
      i += end + 1;
    } else if (absl::StartsWith(rest, "/*")) {
      const size_t end = rest.find("*/", 2);
      if (end == absl::string_view::npos) return false;
      i += end + 2;
    } else if (c == '\'' || c == '"' || c == '`') {
      ++i;
      while (i < text.size() && text[i] != c) i += (c != '`' && text[i] == '\\') ? 2 : 1;
      if (i >= text.size()) return false;
      ++i;
      ended = false;
    } else {
      if (!absl::ascii_isspace(static_cast<unsigned char>(c))) ended = c == ';';
      ++i;
    }
  }
  return ended;
}

}  // namespace fasti::shell
