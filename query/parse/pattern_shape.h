#pragma once

#include <cstddef>

#include "query/parse/token_reader.h"

// An expression may begin with '(' because it is in parentheses or because it is a pattern, and
// `(a)-[x]-(b)` could even be a difference.  These questions settle it by looking at tokens and
// skipping over brackets, so that the parser never has to read anything twice: what has the shape
// of a pattern is one.

namespace fasti {

// Whether `(a)-[...]->(b)`, or a beginning of it that can be nothing else, stands at `index`.
bool LooksLikePath(const TokenReader& tokens, size_t index);

// Whether `-[...]->(b)`, or a beginning of it that can be nothing else, stands at `index`.
bool LooksLikeStep(const TokenReader& tokens, size_t index);

// Whether `[p = (a)-->(b) WHERE ...` or `[(a)-->(b) | ...` stands at `index`.
bool LooksLikePatternComprehension(const TokenReader& tokens, size_t index);

}  // namespace fasti
