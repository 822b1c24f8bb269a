#pragma once

#include <vector>

#include "fasti/fact.h"
#include "tools/ingest/clauses/chunker.h"
#include "tools/ingest/frames/match.h"

namespace fasti::ingest {

// Finds the time that a sentence tells for a fact: one in its clause that dates no other event, or
// the one with which the sentence opens ("Nel 2024, ...").  A state takes only a time that stands
// beside it, or one that says since or until when; an event none that says since when.
class TimeFinder {
 public:
  // Both must outlive the finder.
  TimeFinder(const Lexicon& lexicon, const CoreClasses& classes);

  // nullptr if none is told.  `kind` is that of the relation of the match.
  const TimeSpan* Find(const Clauses& clauses, const Match& match, RelationKind kind) const;

 private:
  bool DatesAnotherEvent(const std::vector<Unit>& units, const Match& match, RelationKind kind,
                         size_t at) const;
  bool DatesTheTelling(const Clauses& clauses, size_t at) const;
  bool IsComparedFigure(const std::vector<Unit>& units, size_t at) const;
  bool HasOpenTime(const std::vector<Unit>& units, size_t figure) const;
  bool IsEventNoun(const std::vector<Unit>& units, size_t at) const;
  bool IsVerbOfAnotherEvent(const std::vector<Unit>& units, const Match& match, RelationKind kind,
                            size_t verb) const;

  const CoreClasses& classes_;
  const ClassId compared_;  // "rispetto a": the time after it is not the fact's
  const ClassId event_;     // "acquisizione": nouns of events, which the time after them dates
  const ClassId apart_;     // "dopo", "prima di": what they govern happened at another time
  const ClassId announce_;  // verbs: a day beside them is that of the announcement
};

}  // namespace fasti::ingest
