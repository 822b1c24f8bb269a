#pragma once

#include "tools/ingest/clauses/unit.h"

namespace fasti::ingest {

// The classes of words to which the code itself gives a meaning; the language files must fill
// those that their language has.
struct CoreClasses {
  explicit CoreClasses(const Lexicon& lexicon);

  // Verbs.
  ClassId be, have;
  ClassId modal;    // "can", "will"; canonical: the modality it gives
  ClassId control;  // "intend to": governs another verb through a `link`; canonical as above
  ClassId say;      // "affermare": who follows it speaks
  ClassId announce;
  ClassId value;  // "valutare": says what another is worth
  ClassId allow;  // "permettere": whoever it lets do something is the subject of that
  // Words around verbs.
  ClassId negation, adverb, reflexive, clitic, link, without;
  // Words around nouns.
  ClassId definite, indefinite, possessive, adjective;
  ClassId preposition;  // every preposition, besides its own class
  ClassId head;         // nouns that announce or replace a name; canonical: the type
  ClassId heads;        // the same in the plural
  ClassId generic;      // kinds of things that facts may speak of; canonical: their name
  ClassId generic_product;
  ClassId as, two, pronoun, role, of, genitive, per_share, versus;
  ClassId superlative;  // "largest": of which there is one
  ClassId legal;        // "Inc.": belongs to the name before it
  ClassId origin;       // "tedesco": where an organization is at home; canonical: the country
  ClassId any_company;  // "gruppo": a noun that any organization may be called
  ClassId newcomer;     // "start-up": rather what is bought or invested in than who does it
  ClassId former;
  ClassId attribution;  // "secondo", before a source
  ClassId with, apart;  // "con", "dopo"
  ClassId complement;   // "di", between a noun and what it makes: "il produttore di chip Alvena"
  // Words between clauses.
  ClassId conjunction, relative, subordinator;
};

// Cuts sentences into units.  Names, figures and times are taken as found; verbs are grouped here.
class Chunker {
 public:
  // `lexicon` must outlive the chunker.
  explicit Chunker(const Lexicon& lexicon);

  // `analysis` must outlive the result.  References other than names are left unresolved, except
  // appositions.
  Clauses Cut(const Analysis& analysis, uint32_t sentence) const;

  const CoreClasses& classes() const { return classes_; }

 private:
  class Run;
  const Lexicon& lexicon_;
  CoreClasses classes_;
  const bool splits_verbs_;
};

}  // namespace fasti::ingest
