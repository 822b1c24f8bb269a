#pragma once

#include <optional>
#include <vector>

#include "tools/ingest/clauses/chunker.h"

namespace fasti::ingest {

// Who does what a verb tells.
struct Subject {
  // The unit that names the subject; absent if the clause has none of its own ("Ora guiderà ..."):
  // then it is who the last sentence spoke of.
  std::optional<size_t> unit;
  double certainty = 1.0;
};

// Finds the subject of the verb units[verb], from right to left: the nearest noun phrase that no
// preposition governs and that is not the object of an earlier verb; the antecedent of a relative
// pronoun; or the subject of the verb to which an infinitive, a gerund or a coordinated verb
// belongs.  REQUIRES: units[verb] is a verb.
Subject FindSubject(const Clauses& clauses, size_t verb, const CoreClasses& classes);

// The verb that governs units[at]: the nearest to the left within the clause, else to the right.
std::optional<size_t> FindGoverningVerb(const Clauses& clauses, size_t at,
                                        const CoreClasses& classes);

// The references coordinated with units[at], itself first: "Boreal, Carrow e Tessera".  `end` is
// the place after the last of them.  What has more than kListMax members is read as no list.
inline constexpr size_t kListMax = 24;
struct Coordination {
  std::vector<size_t> members;
  size_t end = 0;
};
Coordination FindCoordination(const Clauses& clauses, size_t at, const CoreClasses& classes);
// Sets clauses.list_starts, in one pass, since subjects are looked up often.
void MarkLists(Clauses& clauses, const CoreClasses& classes);

// Whether a preposition governs units[at], over articles and adjectives.
bool IsGoverned(const Clauses& clauses, size_t at, const CoreClasses& classes);

// Whether units[at] is who tells something: "according to Boreal".
bool IsSource(const Clauses& clauses, size_t at, const CoreClasses& classes);

// Whether units[at] stands before units[from] in the opening of the sentence, and is another than
// whom the rest speaks of: "With Boreal, the group ...", "Founded by Mara Bellini, it ...".
bool IsInOpening(const Clauses& clauses, size_t at, size_t from, const CoreClasses& classes);

// Whether units[at] stands before units[from] in a relative clause between commas that has ended:
// "Mara Bellini, who came from Boreal, expects ...".
bool IsInAside(const Clauses& clauses, size_t at, size_t from, const CoreClasses& classes);

// Whether the figure units[at] is told for one share: "$26 per share".
bool IsPerShare(const Clauses& clauses, size_t at, const CoreClasses& classes);

// The clause around units[at]: [begin, end) up to marks, relative pronouns, subordinators, and
// other finite verbs that a comma or a conjunction announces.
struct UnitRange {
  size_t begin = 0;
  size_t end = 0;
};
UnitRange ClauseAround(const Clauses& clauses, size_t at, const CoreClasses& classes);

}  // namespace fasti::ingest
