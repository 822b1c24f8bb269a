#pragma once

#include <vector>

#include "tools/ingest/discourse/focus.h"
#include "tools/ingest/frames/match.h"
#include "tools/ingest/frames/rule_index.h"
#include "tools/ingest/frames/slot_filler.h"

namespace fasti::ingest {

// Finds every place where a rule fits.  The book and the lexicon must outlive the matcher.
class Matcher {
 public:
  Matcher(const FrameBook& book, const Lexicon& lexicon, const CoreClasses& classes);

  // `clauses` has its references resolved.
  std::vector<Match> Find(const Clauses& clauses, const Names& names, const Focus& focus) const;

 private:
  class Run;

  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const RuleIndex rules_;
  // Nouns that own figures ("ricavi"): a wide gap never crosses one to reach a figure.
  std::vector<bool> owns_figures_;
  const SlotClasses slot_classes_;
};

}  // namespace fasti::ingest
