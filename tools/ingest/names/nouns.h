#pragma once

#include <vector>

#include "tools/ingest/names/gazetteer.h"
#include "tools/ingest/names/lexicon.h"
#include "tools/ingest/names/recognizer.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// Whether the language writes every noun with a capital, so that a capital makes no name: it does
// if its files have a class `noun`.
bool CapitalizesNouns(const Lexicon& lexicon);

// By token: whether its capital is only that of a common noun.  All false in languages that
// capitalize names alone.  A word that the lexicon does not know is weighed by all its places in
// the article: an article or an adjective before it speaks for a noun; a noun that announces it
// ("Hersteller Alvena"), a bare place beside a verb, a legal form or its spelling for a name.
std::vector<bool> FindCommonNouns(const Document& document, const SenseTable& senses,
                                  const std::vector<bool>& taken, const Lexicon& lexicon,
                                  const Gazetteer& gazetteer);

}  // namespace fasti::ingest
