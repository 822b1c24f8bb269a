#pragma once

#include "fasti/pattern.h"
#include "fasti/period.h"
#include "fasti/snapshot.h"
#include "fasti/value.h"

namespace fasti::function {

// What a function may ask of the statement that calls it.  The executor implements it, one object
// per running statement, used by one thread.
class Context {
 public:
  virtual ~Context() = default;

  // The moment at which the statement started; `date()` and its kin tell this one throughout.
  virtual Instant now() const = 0;
  // The clock on the wall at this call, for `datetime.realtime()`.
  virtual Instant wall_clock() const = 0;
  // A number in [0, 1), for `rand()`.
  virtual double Random() const = 0;

  // The state that the statement reads; inside a transaction with its own writes.
  virtual const Snapshot& snapshot() const = 0;
  // The view of the clause that bound the node or relationship which is the call's first argument
  // (or the base of a property access); the statement's own view when that came out of a list.
  // Only read by functions with `uses_view`.
  virtual const View& view() const = 0;
  // Whether this statement has deleted the node or relationship; reading its labels or properties
  // is then EntityNotFound.DeletedEntityAccess.
  virtual bool IsDeleted(EntityId node) const = 0;
  virtual bool IsDeleted(const Fact& fact) const = 0;
};

}  // namespace fasti::function
