#include "tools/transfer/reject_list.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::transfer {
namespace {

constexpr size_t kFirstMax = 10;

}  // namespace

absl::Status RejectList::Add(uint64_t number, Block block) {
  absl::MutexLock lock(&mutex_);
  waiting_[number] = std::move(block);
  for (auto it = waiting_.begin(); it != waiting_.end() && it->first == next_block_;
       it = waiting_.erase(it), ++next_block_) {
    FASTI_RETURN_IF_ERROR(Tell(it->second));
  }
  return absl::OkStatus();
}

absl::Status RejectList::Tell(const Block& block) {
  if (block.begins_file) line_of_file_ = 0;
  for (const Reject& reject : block.rejects) {
    ++rejected_;
    const std::string place = absl::StrCat(block.file, ":", line_of_file_ + reject.line + 1);
    if (first_.size() < kFirstMax) first_.push_back(absl::StrCat(place, ": ", reject.reason));
    FASTI_RETURN_IF_ERROR(file_.Add(place, reject.reason, reject.text));
  }
  line_of_file_ += block.lines;
  lines_ += block.lines;
  return absl::OkStatus();
}

absl::Status RejectList::Finish() {
  absl::MutexLock lock(&mutex_);
  return file_.Finish();
}

uint64_t RejectList::lines() const {
  absl::MutexLock lock(&mutex_);
  return lines_;
}

uint64_t RejectList::rejected() const {
  absl::MutexLock lock(&mutex_);
  return rejected_;
}

std::vector<std::string> RejectList::first() const {
  absl::MutexLock lock(&mutex_);
  return first_;
}

}  // namespace fasti::transfer
