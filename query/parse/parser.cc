#include "query/parse/parser.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"
#include "query/parse/lexer.h"
#include "query/parse/statement_parser.h"
#include "query/parse/syntax_error.h"

namespace fasti {

absl::StatusOr<ast::Statement> Parse(absl::string_view text) {
  if (text.size() > kStatementSizeMax) {
    return CompileError(
        "LimitError.StatementSize", {1, 1, 0},
        absl::StrCat("expected at most ", kStatementSizeMax, " bytes in a statement, found ",
                     text.size(), "; pass long values as parameters"));
  }
  FASTI_ASSIGN_OR_RETURN(std::vector<Token> tokens, Lex(text));
  return StatementParser(text, std::move(tokens)).Run();
}

namespace {

// Finds the ends of statements without reading them.
class ScriptSplitter {
 public:
  explicit ScriptSplitter(absl::string_view script) : script_(script) {}

  absl::StatusOr<std::vector<std::string>> Run() {
    while (at_ < script_.size()) {
      const absl::string_view rest = script_.substr(at_);
      if (absl::StartsWith(rest, "//")) {
        SkipPast("\n");
      } else if (absl::StartsWith(rest, "/*")) {
        const size_t opened = at_;
        at_ += 2;
        if (!SkipPast("*/")) return Unended(opened, "*/");
      } else if (rest[0] == '\'' || rest[0] == '"' || rest[0] == '`') {
        has_content_ = true;
        const size_t opened = at_;
        if (!SkipQuoted(rest[0])) return Unended(opened, rest.substr(0, 1));
      } else if (rest[0] == ';') {
        Cut();
        begin_ = ++at_;
      } else {
        has_content_ = has_content_ || !absl::ascii_isspace(static_cast<unsigned char>(rest[0]));
        ++at_;
      }
    }
    Cut();
    return std::move(statements_);
  }

 private:
  // Past the next `mark`; to the end of the script, and false, if there is none.
  bool SkipPast(absl::string_view mark) {
    const size_t found = script_.find(mark, at_);
    at_ = found == script_.npos ? script_.size() : found + mark.size();
    return found != script_.npos;
  }

  bool SkipQuoted(char quote) {
    for (++at_; at_ < script_.size(); ++at_) {
      if (script_[at_] == '\\' && quote != '`') {
        ++at_;
      } else if (script_[at_] == quote) {
        ++at_;
        return true;
      }
    }
    at_ = script_.size();
    return false;
  }

  void Cut() {
    if (has_content_) {
      statements_.emplace_back(absl::StripAsciiWhitespace(script_.substr(begin_, at_ - begin_)));
    }
    has_content_ = false;
  }

  absl::Status Unended(size_t opened, absl::string_view mark) const {
    ast::Position position{1, 1, static_cast<uint32_t>(opened)};
    for (char c : script_.substr(0, opened)) {
      if (c == '\n') {
        ++position.line;
        position.column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
        ++position.column;  // once per character, not for the bytes that continue it
      }
    }
    return SyntaxError("UnexpectedSyntax", position,
                       absl::StrCat("expected ", mark, " to end what begins here"));
  }

  const absl::string_view script_;
  size_t at_ = 0;
  size_t begin_ = 0;
  bool has_content_ = false;
  std::vector<std::string> statements_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitScript(absl::string_view script) {
  return ScriptSplitter(script).Run();
}

}  // namespace fasti
