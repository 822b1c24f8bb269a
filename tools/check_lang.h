#pragma once

#include <string>
#include <vector>

namespace fasti::tools {

// `fasti ingest --check-lang`: runs all examples of the files of `languages` (empty: all), with
// those of `folder` (empty: none) in place, and prints what was checked of each file and what
// fails.  Returns the exit code: kFailure if anything does.
int CheckLang(const std::string& folder, const std::vector<std::string>& languages);

}  // namespace fasti::tools
