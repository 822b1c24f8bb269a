#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fasti {

// The last word on a database that was made of another one, before it is given out: it opens and
// passes Database::Check.  INTERNAL if not, since whoever made it must not have.
absl::Status CheckNewDatabase(absl::string_view path);

}  // namespace fasti
