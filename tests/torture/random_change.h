#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/torture/random_question.h"
#include "tests/torture/told_time.h"

namespace fasti::torture {

inline constexpr int64_t kCrowdPerSpan = 300;  // facts that a crowd has of each span

// One thing that is done to a database.
struct Change {
  enum class Kind : uint8_t {
    kCreate,
    kCreateCrowd,
    kDelete,
    kDeletePortion,
    kSetK,
    kSetSize,
    kFold,
    kReopen
  };
  Kind kind;
  Micros at;
  int subject = 0, object = 0;
  std::string relation;
  Told valid;  // of what is created, or the portion
  std::optional<int64_t> k;
  int64_t size = 0;
  std::optional<Told> published;  // of the claim that it is created with
  bool is_clean = false;          // the database is closed before it is opened again
  std::vector<Told> crowd;        // kCrowdPerSpan facts are created for each
};

// What is done next, at that moment.
Change RandomChange(Dice& dice, Micros at);
// Many facts between two entities, of a few spans: more of a relation than a block holds.
Change RandomCrowd(Dice& dice, Micros at);

// The statement that does it; for what is done to the files, a comment.
std::string TextOf(const Change& change);

}  // namespace fasti::torture
