#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/graph/block_merge.h"
#include "engine/graph/block_source.h"
#include "engine/graph/bulk_names.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/fold.h"
#include "engine/graph/row_sorter.h"
#include "engine/storage/store.h"
#include "fasti/bulk_load.h"

namespace fasti::graph {

// What a running load tells the statistics of its database.
struct BulkFigures {
  std::atomic<bool> is_running = false;
  std::atomic<uint64_t> facts = 0;
};

// Rows of the load are sorted three times with bounded memory.  While they are added, into OUT.
// That order gives them their versions, all of one commit being recorded at the same moment: so the
// versions of a block of OUT lie close together, and ID is the same sequence of rows.  The merge of
// OUT writes both, and feeds the sorters of IN and REL, whose merges write the rest.
class BulkLoaderImpl final : public BulkLoader {
 public:
  // The parts of a database that a load works with.  They must outlive it; `use` is ReadState::use.
  struct Parts {
    storage::Store& store;
    const Dictionary& dictionary;
    CommitQueue& queue;
    SharedBlocks& blocks;
    Folder& folder;
    BulkFigures& figures;
    std::shared_ptr<const void> use;
  };
  // Waits for the writer's place, and folds what is not in blocks yet.
  static absl::StatusOr<std::unique_ptr<BulkLoader>> Begin(const Parts& parts,
                                                           const BulkLoadOptions& options);
  ~BulkLoaderImpl() override;

  absl::Status Add(absl::Span<const BulkFact> facts, std::vector<BulkRefusal>* refused) override;
  absl::StatusOr<BulkLoadSummary> FinishBatch(const BulkBatch& batch) override;
  void Cancel() override { is_cancelled_ = true; }

 private:
  using Task = std::function<absl::Status()>;
  using Part = BlockMerge::Part;

  BulkLoaderImpl(const Parts& parts, const BulkLoadOptions& options, const Head& head,
                 std::shared_ptr<const ReadState> base);

  // The hashes of the two names of a fact.
  struct Hashes {
    uint64_t subject = 0;
    uint64_t object = 0;
  };
  // Of a batch, the facts from `begin` on.
  absl::Status AddSome(absl::Span<const BulkFact> facts, size_t begin,
                       std::vector<BulkRefusal>* refused);
  absl::Status AddFact(const BulkFact& fact, const Hashes& hashes, std::vector<Row>* rows);
  // OK, or why the load has failed already.
  absl::Status Check() const;
  absl::Status Fail(absl::Status status);
  // Runs tasks in the threads of the load until all are done or one has failed.
  absl::Status RunAll(const std::vector<Task>& tasks);

  absl::StatusOr<std::vector<Part>> Divide(const RowSorter& sorter) const;
  absl::Status MergeFirst(storage::Installation& installation);
  absl::Status MergeFirstPart(storage::Installation& installation, const Part& part, bool is_last);
  absl::Status WriteRest(storage::Installation& installation);
  absl::Status MergePart(storage::Installation& installation, codec::Order order,
                         const RowSorter& sorter, const Part& part);
  // Unless a commit with the same batch id is there.
  absl::StatusOr<BulkLoadSummary> WriteOnce(const BulkBatch& batch);
  absl::StatusOr<BulkLoadSummary> WriteAll(absl::uint128 batch_id);
  absl::StatusOr<Head> Install(storage::Installation& installation, absl::uint128 batch_id);
  absl::Status WriteRecords(storage::Installation& installation, const Head& after,
                            absl::uint128 batch_id);
  void GiveUpPlace();

  void EnterStage(BulkProgress::Stage stage, uint64_t rows_total);
  void ReportProgress(bool is_due);

  const Parts parts_;
  const BulkLoadOptions options_;
  const size_t threads_;
  const Head head_;                              // before the load
  const std::shared_ptr<const ReadState> base_;  // likewise
  BulkNames names_;
  std::optional<RowSorter> out_, in_, rel_;
  std::atomic<uint64_t> facts_ = 0;
  std::atomic<uint64_t> rows_done_ = 0;
  std::atomic<uint64_t> rows_total_ = 0;
  std::atomic<BulkProgress::Stage> stage_ = BulkProgress::Stage::kReading;
  std::atomic<bool> is_cancelled_ = false;
  std::atomic<bool> has_failed_ = false;
  bool has_place_ = true;
  mutable absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Mutex progress_mutex_;
  absl::Time next_progress_ ABSL_GUARDED_BY(progress_mutex_) = absl::InfinitePast();
};

}  // namespace fasti::graph
