#include "query/parse/pattern_shape.h"

#include <optional>

namespace fasti {
namespace {

// The functions below take the index at which a part would begin and return the one after it, or
// nullopt if the tokens there do not have its shape.
using Index = std::optional<size_t>;

size_t SkipLabels(const TokenReader& tokens, size_t at) {
  while ((tokens.IsSymbolAt(at, ":") || tokens.IsSymbolAt(at, "|")) && tokens.IsKeyAt(at + 1)) {
    at += 2;
  }
  return at;
}

// `[map | PARAM] close`
Index SkipPropertiesAndClose(const TokenReader& tokens, size_t at, absl::string_view close) {
  if (tokens.IsSymbolAt(at, "{")) {
    const Index end = tokens.Closing(at);
    if (!end.has_value()) return std::nullopt;
    at = *end + 1;
  } else if (tokens.At(at).kind == TokenKind::kParameter) {
    ++at;
  }
  if (!tokens.IsSymbolAt(at, close)) return std::nullopt;
  return at + 1;
}

Index SkipNode(const TokenReader& tokens, size_t at) {
  if (!tokens.IsSymbolAt(at, "(")) return std::nullopt;
  ++at;
  if (tokens.IsNameAt(at)) ++at;
  if (tokens.IsSymbolAt(at, ":")) at = SkipLabels(tokens, at);
  return SkipPropertiesAndClose(tokens, at, ")");
}

// The index after the bracket.  `definite` becomes true if it can be no list.
Index SkipEdgeBracket(const TokenReader& tokens, size_t at, bool* definite) {
  const Index close = tokens.Closing(at);
  if (!close.has_value()) return std::nullopt;
  ++at;
  if (tokens.IsNameAt(at)) ++at;
  if (tokens.IsSymbolAt(at, ":") || tokens.IsSymbolAt(at, "*")) {
    // With a name before it, `[r:A]` may be a list with a label test and `[r * 2]` one with a
    // product; without one, neither begins an expression.
    *definite = tokens.IsSymbolAt(at - 1, "[");
    return *close + 1;
  }
  return SkipPropertiesAndClose(tokens, at, "]");
}

Index SkipEdge(const TokenReader& tokens, size_t at, bool* definite) {
  if (tokens.IsSymbolAt(at, "<")) ++at;
  if (!tokens.IsSymbolAt(at, "-")) return std::nullopt;
  ++at;
  if (tokens.IsSymbolAt(at, "[")) {
    const Index after = SkipEdgeBracket(tokens, at, definite);
    if (!after.has_value()) return std::nullopt;
    at = *after;
  }
  if (!tokens.IsSymbolAt(at, "-")) return std::nullopt;
  ++at;
  if (tokens.IsSymbolAt(at, ">")) {
    *definite = true;  // nothing else is written "->"
    ++at;
  }
  return at;
}

}  // namespace

bool LooksLikeStep(const TokenReader& tokens, size_t index) {
  bool definite = false;
  const Index node = SkipEdge(tokens, index, &definite);
  return node.has_value() && (definite || SkipNode(tokens, *node).has_value());
}

bool LooksLikePath(const TokenReader& tokens, size_t index) {
  const Index edge = SkipNode(tokens, index);
  return edge.has_value() && LooksLikeStep(tokens, *edge);
}

bool LooksLikePatternComprehension(const TokenReader& tokens, size_t index) {
  size_t at = index + 1;
  if (tokens.IsNameAt(at) && tokens.IsSymbolAt(at + 1, "=")) at += 2;
  Index after = SkipNode(tokens, at);
  if (!after.has_value()) return false;
  while (LooksLikeStep(tokens, *after)) {
    bool definite = false;
    const Index node = SkipEdge(tokens, *after, &definite);
    after = SkipNode(tokens, *node);
    if (!after.has_value()) return true;  // the arrow has no node: let the parser say so
  }
  return tokens.IsWordAt(*after, "WHERE") || tokens.IsSymbolAt(*after, "|");
}

}  // namespace fasti
