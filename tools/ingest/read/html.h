#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/read/article.h"

namespace fasti::ingest {

// The main text of a page, its paragraphs separated by blank lines, and what its head says of it:
// language, date of publication, address, publisher, title.  The main text is that of the element
// that holds the most text in paragraphs; navigation, forms, asides and scripts are left out.
// INVALID_ARGUMENT if the page has no text.
absl::StatusOr<Article> ReadHtml(absl::string_view html, absl::string_view name);

}  // namespace fasti::ingest
