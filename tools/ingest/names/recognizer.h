#pragma once

#include <cstdint>
#include <vector>

#include "tools/ingest/names/entity.h"
#include "tools/ingest/names/gazetteer.h"
#include "tools/ingest/names/lexicon.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// The readings of every token of a document, looked up once: [i] holds those of the phrases that
// begin at token i, longest first.
using SenseTable = std::vector<Senses>;
SenseTable FindSenses(const Document& document, const Lexicon& lexicon);

// Finds the names of an article by their shape: runs of capitalized words, with the connectors,
// numbers and legal forms that belong to them.  The word that begins a sentence is part of a name
// only if the rest of the article treats it as one.  Then it decides which forms name one entity
// ("Bellini" after "Mara Bellini", "Boreal" after "Boreal AI", "CWS" after "Carrow Web Services
// (CWS)"; never "Alvena" and "Alvena Cloud") and of what type each entity is, by what stands next
// to it.
//
// `taken` marks the tokens of figures and times, which are never part of a name.
// REQUIRES: senses and taken have one element per token.
Names FindNames(const Document& document, const SenseTable& senses, const std::vector<bool>& taken,
                const Lexicon& lexicon, const Gazetteer& gazetteer);

}  // namespace fasti::ingest
