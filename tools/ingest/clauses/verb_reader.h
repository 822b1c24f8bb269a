#pragma once

#include <cstdint>

#include "tools/ingest/clauses/chunker.h"
#include "tools/ingest/clauses/sentence_tokens.h"

namespace fasti::ingest {

// Reads the verbs of a sentence: "non ha ancora acquistato", "prevede di costruire", "is set to be
// sold" are one each.  Of a verb whose parts stand apart (`splits_verbs`) it reads one form;
// OrderClauses puts them together.
class VerbReader {
 public:
  // All of it must outlive the reader.
  VerbReader(const SentenceTokens& tokens, const Lexicon& lexicon, const CoreClasses& classes,
             bool splits_verbs)
      : tokens_(tokens), lexicon_(lexicon), classes_(classes), splits_verbs_(splits_verbs) {}

  // The verb that begins at the token `at`, into `unit`; false if none does.  `last` is the unit
  // before it, null if there is none.
  bool Read(uint32_t at, const Unit* last, Unit& unit) const;

 private:
  const SentenceTokens& tokens_;
  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const bool splits_verbs_;
};

}  // namespace fasti::ingest
