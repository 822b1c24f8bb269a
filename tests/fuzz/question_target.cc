#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "tests/fuzz/target.h"
#include "tests/torture/random_change.h"
#include "tests/torture/random_question.h"
#include "tests/torture/world.h"

// Questions: the bytes choose one of some histories and every part of a question, which is answered
// as by a list of rows that knows nothing of the engine.

namespace fasti::fuzz {
namespace {

constexpr uint64_t kWorlds = 8;
constexpr int kChangesEach = 40;

using torture::Change;
using torture::World;

std::unique_ptr<const World> MakeWorld(uint64_t seed) {
  auto world = std::make_unique<World>(":memory:");
  FASTI_CHECK(world->Begin().ok());
  torture::Dice dice(seed);
  for (int i = 0; i < kChangesEach; ++i) {
    const Change change = torture::RandomChange(dice, world->now() + 1'000'000);
    if (change.kind != Change::Kind::kReopen) FASTI_CHECK(world->Do(change).ok());
  }
  return world;
}

const std::vector<std::unique_ptr<const World>>& Worlds() {
  static const auto* const worlds = [] {
    auto made = std::make_unique<std::vector<std::unique_ptr<const World>>>();
    for (uint64_t seed = 0; seed < kWorlds; ++seed) made->push_back(MakeWorld(seed));
    return made.release();
  }();
  return *worlds;
}

}  // namespace

absl::Status FuzzQuestion(absl::string_view input) {
  torture::Dice dice(input);
  const World& world = *dice.Pick(Worlds());
  return world
      .Ask(torture::RandomQuestion(dice, torture::kFirstMoment, world.now(), /*is_large=*/false))
      .status();
}

}  // namespace fasti::fuzz
