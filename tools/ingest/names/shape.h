#pragma once

#include <vector>

#include "tools/ingest/names/recognizer.h"

namespace fasti::ingest {

// A run of tokens that has the shape of a name.
struct NameRun {
  TokenRange tokens;       // without the legal form
  bool has_legal = false;  // a legal form followed: "S.p.A."
};

// The runs of a document, in order, with the words that begin sentences decided.
std::vector<NameRun> FindNameRuns(const Document& document, const SenseTable& senses,
                                  const std::vector<bool>& taken, const Lexicon& lexicon,
                                  const Gazetteer& gazetteer);

// True if some reading of the phrase that begins at `token` is of class `id`.
bool HasSense(const SenseTable& senses, uint32_t token, ClassId id);

// Whether the token is a legal form: "AB", "plc", but not a small word that is written alike, as
// German "ab" and Spanish "se".
bool IsLegalForm(const Document& document, const SenseTable& senses, uint32_t token, ClassId legal);

}  // namespace fasti::ingest
