#include "query/exec/operator.h"

#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"

namespace fasti::exec {

absl::StatusOr<bool> ArgumentOperator::Next(Batch* out) {
  out->Clear();
  if (done_) return false;
  done_ = true;
  std::swap(*out, row_);  // which Reset clears
  return true;
}

void FlatMap::Rewind() {
  input_->Rewind();
  rows_.Clear();
  next_row_ = 0;
  in_row_ = false;
  done_ = false;
  rows_max_ = rows_at_first_;
}

absl::StatusOr<bool> FlatMap::Next(Batch* out) {
  out->Clear();
  if (done_) return false;
  FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
  out->LimitRows(rows_max_);
  rows_max_ = std::min(2 * rows_max_, kBatchRows);
  while (!out->full()) {
    if (!in_row_) {
      if (next_row_ == rows_.size()) {
        FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(&rows_));
        if (!more) {
          done_ = true;
          break;
        }
        next_row_ = 0;
      }
      FASTI_RETURN_IF_ERROR(Begin(Row{&rows_, next_row_}));
      in_row_ = true;
    }
    FASTI_ASSIGN_OR_RETURN(in_row_, Produce(Row{&rows_, next_row_}, out));
    if (!in_row_) ++next_row_;
  }
  return out->size() > 0;
}

}  // namespace fasti::exec
