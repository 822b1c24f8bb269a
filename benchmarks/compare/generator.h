#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace fasti::bench {

// Writes `facts` synthetic facts, the same ones for the same arguments, in the shape of event data
// and knowledge bases taken together:
//   - a tenth as many entities and 64 relations, both by power laws;
//   - twenty years that grow busier, weekdays twice as busy as weekends, some days in a burst;
//   - 70 % events of a day; 30 % intervals about a year long, a quarter of them without end;
//   - a third repeats a triple seen shortly before; nothing holds of itself;
//   - a hub: one subject and relation with a hundredth of all facts.
absl::Status GenerateFacts(uint64_t facts, uint64_t seed, const std::string& path);

// Joins files of public temporal graphs (gzipped, in the same form) into one data set, sorted and
// without repetitions.  A file of which every `to` is empty holds instants.
absl::Status JoinFactFiles(const std::vector<std::string>& inputs, const std::string& path);

}  // namespace fasti::bench
