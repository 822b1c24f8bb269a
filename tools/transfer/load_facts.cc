#include "tools/transfer/load_facts.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "fasti/status_macros.h"
#include "tools/transfer/content_hash.h"
#include "tools/transfer/line_blocks.h"
#include "tools/transfer/reject_list.h"

namespace fasti::transfer {
namespace {

// Of a line among the rejects; what is longer is no line that somebody mends by hand.
constexpr size_t kRejectedBytesMax = size_t{64} << 10;
constexpr size_t kFactsAtOnce = 2048;  // few enough to stay in a near cache

struct NumberedBlock {
  uint64_t number = 0;
  std::string file;
  bool begins_file = false;
  std::string text;  // empty: there is no more
};

// The blocks of all files, handed to whoever is free.
class BlockQueue {
 public:
  explicit BlockQueue(const std::vector<std::string>& files) : files_(files) {}

  // Of all lines that were handed out.
  absl::uint128 Hash() const {
    absl::MutexLock lock(&mutex_);
    return hash_.Value();
  }

  absl::StatusOr<NumberedBlock> Next() {
    absl::MutexLock lock(&mutex_);
    NumberedBlock block;
    if (is_stopped_) return block;
    while (next_file_ < files_.size() || lines_ != nullptr) {
      block.begins_file = lines_ == nullptr;
      if (lines_ == nullptr) {
        FASTI_ASSIGN_OR_RETURN(lines_, LineBlocks::Open(files_[next_file_++]));
      }
      FASTI_ASSIGN_OR_RETURN(block.text, lines_->Next());
      if (!block.text.empty()) {
        block.file = files_[next_file_ - 1];
        hash_.Add(block.text);
        if (block.text.back() != '\n') hash_.Add("\n");  // as if another file followed
        block.number = next_number_++;
        return block;
      }
      lines_.reset();
    }
    return block;
  }

  // There is no more from now on.
  void Stop() {
    absl::MutexLock lock(&mutex_);
    is_stopped_ = true;
  }

 private:
  const std::vector<std::string>& files_;
  mutable absl::Mutex mutex_;
  ContentHash hash_ ABSL_GUARDED_BY(mutex_);
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
  size_t next_file_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t next_number_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<LineBlocks> lines_ ABSL_GUARDED_BY(mutex_);
};

// One thread's share of the work.
class Worker {
 public:
  Worker(const LoadOptions& options, BlockQueue& blocks, BulkLoader& loader, RejectList& rejects)
      : options_(options),
        blocks_(blocks),
        loader_(loader),
        rejects_(rejects),
        reader_(std::make_unique<FactLineReader>(options.empty_end)) {}

  absl::Status Run() {
    while (true) {
      if (options_.should_stop && options_.should_stop()) {
        return absl::CancelledError("interrupted; nothing was loaded");
      }
      FASTI_ASSIGN_OR_RETURN(const NumberedBlock block, blocks_.Next());
      if (block.text.empty()) return absl::OkStatus();
      FASTI_RETURN_IF_ERROR(Load(block));
    }
  }

 private:
  absl::Status Load(const NumberedBlock& block) {
    RejectList::Block result = {.file = block.file, .begins_file = block.begins_file};
    for (absl::string_view rest = block.text; !rest.empty(); ++result.lines) {
      const size_t newline = rest.find('\n');
      absl::string_view line = rest.substr(0, newline);
      rest.remove_prefix(newline == absl::string_view::npos ? rest.size() : newline + 1);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      absl::StatusOr<BulkFact> fact = Read(line);
      if (fact.ok()) {
        facts_.push_back(*fact);
        lines_.push_back({result.lines, line});
      } else {
        result.rejects.push_back({.line = result.lines,
                                  .reason = std::string(fact.status().message()),
                                  .text = std::string(line.substr(0, kRejectedBytesMax))});
      }
      if (facts_.size() == kFactsAtOnce) FASTI_RETURN_IF_ERROR(AddFacts(&result));
    }
    FASTI_RETURN_IF_ERROR(AddFacts(&result));
    std::sort(result.rejects.begin(), result.rejects.end(),
              [](const auto& a, const auto& b) { return a.line < b.line; });
    const bool is_bad = !result.rejects.empty();
    FASTI_RETURN_IF_ERROR(rejects_.Add(block.number, std::move(result)));
    // The others finish their blocks, so that the line can be told by its number.
    if (is_bad && options_.is_strict) blocks_.Stop();
    return absl::OkStatus();
  }

  absl::StatusOr<BulkFact> Read(absl::string_view line) {
    if (line.size() <= LineBlocks::kLineBytesMax) return reader_->Read(line);
    return absl::InvalidArgumentError(
        absl::StrCat("expected at most ", LineBlocks::kLineBytesMax, " bytes, found more"));
  }

  absl::Status AddFacts(RejectList::Block* result) {
    std::vector<BulkRefusal> refused;
    FASTI_RETURN_IF_ERROR(loader_.Add(facts_, &refused));
    for (const BulkRefusal& refusal : refused) {
      const Line& line = lines_[refusal.index];
      result->rejects.push_back({.line = line.number,
                                 .reason = std::string(refusal.reason.message()),
                                 .text = std::string(line.text.substr(0, kRejectedBytesMax))});
    }
    facts_.clear();
    lines_.clear();
    return absl::OkStatus();
  }

  struct Line {
    uint64_t number = 0;
    absl::string_view text;
  };

  const LoadOptions& options_;
  BlockQueue& blocks_;
  BulkLoader& loader_;
  RejectList& rejects_;
  const std::unique_ptr<FactLineReader> reader_;
  std::vector<BulkFact> facts_;
  std::vector<Line> lines_;  // of facts_
};

absl::Status RunWorkers(const LoadOptions& options, BlockQueue& blocks, BulkLoader& loader,
                        RejectList& rejects) {
  const size_t jobs = options.jobs > 0 ? static_cast<size_t>(options.jobs)
                                       : std::max(1u, std::thread::hardware_concurrency());
  std::vector<absl::Status> outcomes(jobs);
  std::vector<std::thread> threads;
  for (absl::Status& outcome : outcomes) {
    threads.emplace_back([&] {
      outcome = Worker(options, blocks, loader, rejects).Run();
      if (!outcome.ok()) loader.Cancel();  // or the others would read on
    });
  }
  for (std::thread& thread : threads) thread.join();
  // That of the one who stopped the others, rather than theirs.
  absl::Status first;
  for (absl::Status& outcome : outcomes) {
    if (first.ok() || (absl::IsCancelled(first) && !outcome.ok())) first = std::move(outcome);
  }
  return first;
}

// Tells a load from every other.  It is stored, so what it is made of may never change.
absl::uint128 BatchId(absl::uint128 lines, const LoadOptions& options) {
  ContentHash hash;
  hash.Add(absl::StrCat("facts, ", options.empty_end == EmptyEnd::kEvent ? "events" : "intervals",
                        options.bulk.names == NameMatching::kFolded ? ", folded " : " ",
                        absl::Hex(absl::Uint128High64(lines), absl::kZeroPad16),
                        absl::Hex(absl::Uint128Low64(lines), absl::kZeroPad16)));
  return hash.Value();
}

}  // namespace

absl::StatusOr<LoadSummary> LoadFacts(Database& database, const std::vector<std::string>& files,
                                      const LoadOptions& options) {
  for (const std::string& file : files) FASTI_RETURN_IF_ERROR(LineBlocks::Open(file).status());
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<BulkLoader> loader,
                         database.BeginBulkLoad(options.bulk));
  BlockQueue blocks(files);
  RejectList rejects(options.rejects);
  const absl::Status status = RunWorkers(options, blocks, *loader, rejects);
  LoadSummary summary;
  summary.first_rejects = rejects.first();
  FASTI_RETURN_IF_ERROR(rejects.Finish());
  FASTI_RETURN_IF_ERROR(status);
  if (options.is_strict && !summary.first_rejects.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(summary.first_rejects.front(), "; nothing was loaded"));
  }
  summary.lines = rejects.lines();
  summary.rejected = rejects.rejected();
  FASTI_ASSIGN_OR_RETURN(summary.loaded, loader->FinishBatch({.id = BatchId(blocks.Hash(), options),
                                                              .again = options.again}));
  return summary;
}

}  // namespace fasti::transfer
