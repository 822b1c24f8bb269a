#pragma once

#include "tools/ingest/clauses/chunker.h"

namespace fasti::ingest {

// Whether the language sets the parts of its verbs apart and at the end of clauses ("hat ...
// übernommen", "stellt ... vor", "dass ... übernommen hat"): it does if its files have a class
// `particle`.
bool SplitsVerbs(const Lexicon& lexicon);

// Brings the clauses of such a language into the order of which frames speak: the subject, the verb
// with all its parts, its objects, the rest.  Every verb form of `clauses` is a unit of its own
// before; after it a clause has one unit for its verb, and articles of the genitive are
// prepositions of class `of`.
void OrderClauses(const Analysis& analysis, const Lexicon& lexicon, const CoreClasses& classes,
                  Clauses& clauses);

}  // namespace fasti::ingest
