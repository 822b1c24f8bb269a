#include "engine/graph/label_term.h"

#include "absl/strings/str_cat.h"
#include "engine/codec/term.h"

namespace fasti::graph {

Term LabelTerm(LabelId label) {
  return *codec::InlineTerm(Value(static_cast<int64_t>(Raw(label))));
}

absl::StatusOr<LabelId> LabelOf(Term term) {
  if (codec::TagOf(term) != codec::TermTag::kInt) {
    return absl::DataLossError(
        absl::StrCat("label row: expected a label, found term ", term.bits()));
  }
  return static_cast<LabelId>(codec::InlineValue(term).as_int());
}

}  // namespace fasti::graph
