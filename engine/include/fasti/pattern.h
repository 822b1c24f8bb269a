#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fasti/fact.h"
#include "fasti/ids.h"
#include "fasti/period.h"

namespace fasti {

// A condition on the valid period of a fact.
struct ValidTest {
  enum class Kind : uint8_t {
    kAt,      // may hold at some instant of `scope`
    kDuring,  // surely lies within it
    kBefore,  // surely ends before it
    kAfter,   // surely begins after it
  };
  Kind kind = Kind::kAt;
  Period scope;
};

// Which facts are looked at: all valid time, as known now, as recorded now, unless it says more.
struct View {
  std::vector<ValidTest> valid;       // all must hold
  std::optional<Period> as_of;        // the known period overlaps it; absent: contains now
  std::optional<Period> as_recorded;  // the recorded period overlaps it; absent: contains now
  // Entities that were merged are read each by its own number, as if they had not been.
  bool apart = false;

  friend bool operator==(const View&, const View&);
};

// What a scan looks for.  Every absent part matches anything; reserved relations only match when
// they are named.
struct Pattern {
  std::optional<EntityId> subject;
  std::optional<Term> object;
  std::vector<RelationId> relations;  // any of them; empty: any that is not reserved
  bool relationships = true;          // with `relations` empty: facts between entities
  bool attributes = false;            // with `relations` empty: facts with a literal
  View view;
};

}  // namespace fasti
