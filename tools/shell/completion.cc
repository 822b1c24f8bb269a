#include "tools/shell/completion.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace fasti::shell {
namespace {

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) || c == '_' || byte >= 0x80;
}

// The position after the quote that is open at the end of `text`, or npos.
size_t OpenQuote(absl::string_view text) {
  size_t open = absl::string_view::npos;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quote == 0 && (text[i] == '\'' || text[i] == '"')) {
      quote = text[i];
      open = i + 1;
    } else if (quote != 0 && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      quote = 0;
      open = absl::string_view::npos;
    }
  }
  return open;
}

void AddMatching(const std::vector<std::string>& words, absl::string_view prefix,
                 std::vector<std::string>* out) {
  for (const std::string& word : words) {
    if (absl::StartsWithIgnoreCase(word, prefix)) out->push_back(word);
  }
}

// The bracket that encloses the end of `text`: '(', '[', '{' or 0.
char EnclosingBracket(absl::string_view text) {
  int depth = 0;
  for (size_t i = text.size(); i-- > 0;) {
    const char c = text[i];
    if (c == ')' || c == ']' || c == '}') ++depth;
    if (c == '(' || c == '[' || c == '{') {
      if (depth == 0) return c;
      --depth;
    }
  }
  return 0;
}

}  // namespace

Completion Complete(absl::string_view text, const CompletionWords& words) {
  Completion completion;
  if (const size_t open = OpenQuote(text); open != absl::string_view::npos) {
    completion.begin = open;
    if (words.entities) completion.candidates = words.entities(text.substr(open));
    return completion;
  }
  size_t begin = text.size();
  while (begin > 0 && IsWordByte(text[begin - 1])) --begin;
  const absl::string_view prefix = text.substr(begin);
  const absl::string_view before = text.substr(0, begin);
  const char last = before.empty() ? 0 : before.back();
  std::vector<std::string>& out = completion.candidates;
  completion.begin = begin;

  if (last == '.' && absl::StripAsciiWhitespace(before) == ".") {
    completion.begin = begin - 1;
    AddMatching(words.commands, text.substr(begin - 1), &out);
  } else if (last == ':' && EnclosingBracket(before) == '(') {
    AddMatching(words.labels, prefix, &out);
  } else if ((last == ':' || last == '|') && EnclosingBracket(before) == '[') {
    AddMatching(words.relations, prefix, &out);
  } else if (last == '.') {
    AddMatching(words.attributes, prefix, &out);
  } else if (!prefix.empty()) {
    AddMatching(words.keywords, prefix, &out);
    if (std::none_of(prefix.begin(), prefix.end(), absl::ascii_isupper)) {
      for (std::string& keyword : out) absl::AsciiStrToLower(&keyword);
    }
    AddMatching(words.functions, prefix, &out);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return completion;
}

}  // namespace fasti::shell
