#include "tools/ingest/frames/match.h"

namespace fasti::ingest {

std::optional<size_t> UnitOfValue(const std::vector<Unit>& units, const Match& match) {
  const auto value = match.fillers.find("value");
  if (value == match.fillers.end()) return std::nullopt;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].kind == Unit::Kind::kFigure && units[i].figure == value->second.figure) return i;
  }
  return std::nullopt;
}

}  // namespace fasti::ingest
