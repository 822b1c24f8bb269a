#include "fasti/database.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/backup.h"
#include "engine/base/check.h"
#include "engine/graph/block_source.h"
#include "engine/graph/bulk_load.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/consistency.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/fold.h"
#include "engine/graph/follower.h"
#include "engine/graph/format_check.h"
#include "engine/graph/merges.h"
#include "engine/graph/purge_log.h"
#include "engine/graph/recovery.h"
#include "engine/graph/snapshot_impl.h"
#include "engine/graph/statistics.h"
#include "engine/graph/transaction_impl.h"
#include "engine/graph/writing_figures.h"
#include "engine/open_on_store.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

namespace fasti {

namespace {

constexpr absl::string_view kInMemory = ":memory:";

std::function<Instant()> ClockOf(const Options& options) {
  if (options.clock) return options.clock;
  return [] { return absl::ToUnixMicros(absl::Now()); };
}

// One state, as a snapshot that shares nothing which later writes change.
std::unique_ptr<Snapshot> MakeSnapshot(const storage::Store& store,
                                       const graph::Dictionary& dictionary,
                                       const graph::CommitQueue::Pinned& pinned,
                                       std::shared_ptr<const void> use,
                                       std::shared_ptr<graph::BlockSource> blocks) {
  return std::make_unique<graph::SnapshotImpl>(
      std::shared_ptr<const graph::ReadState>(new graph::ReadState{.store = store,
                                                                   .dictionary = dictionary,
                                                                   .layers = pinned.layers,
                                                                   .sequence = pinned.sequence,
                                                                   .now = pinned.now,
                                                                   .catalog = pinned.catalog,
                                                                   .merges = pinned.merges,
                                                                   .use = std::move(use),
                                                                   .blocks = std::move(blocks)}));
}

// Of the memory for what was read, half is for opened blocks, the other half is the store's.
size_t DirectoryBytes(const Options& options) {
  return options.cache_bytes / 2;
}

std::map<std::string, uint64_t> MakeStatistics(const storage::Store& store,
                                               const graph::CommitQueue::Figures& figures) {
  std::map<std::string, uint64_t> statistics = {{"sequence", figures.sequence},
                                                {"folded_sequence", figures.base},
                                                {"rows", figures.base_rows + figures.overlay_rows},
                                                {"overlay_rows", figures.overlay_rows},
                                                {"entities_ever", figures.next_entity - 1},
                                                {"literals", figures.next_literal - 1}};
  statistics.merge(graph::SizesOf(store));
  // What cannot be read has no figures here; Check tells of it.
  if (auto purges = graph::SumOfPurges(store); purges.ok()) statistics.merge(*purges);
  return statistics;
}

// `use` is held by its database and by everything that reads (ReadState::use).
absl::Status CheckUnused(const std::shared_ptr<const void>& use) {
  const long readers = use.use_count() - 1;
  if (readers == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database cannot close: ", readers,
                   " snapshots, cursors, transactions or loads are open"));
}

// Builds the parts of a database that is written and hands each what it needs.
class WritableDatabase final : public Database {
 public:
  WritableDatabase(std::unique_ptr<storage::Store> store, absl::string_view path,
                   const Options& options, const graph::Recovered& recovered)
      : store_(std::move(store)),
        path_(path),
        dictionary_(*store_),
        queue_(*store_, dictionary_,
               {.durability = options.durability == Durability::kStrict
                                  ? storage::Durability::kSync
                                  : storage::Durability::kBuffered,
                .clock = ClockOf(options),
                .fold_rows = options.fold_rows,
                .background_fold = options.background_fold},
               recovered),
        blocks_(*store_, DirectoryBytes(options)),
        folder_(*store_, queue_, blocks_) {
    if (options.background_fold) background_.emplace(folder_, queue_);
  }

  // A failure to fold loses nothing: the log has it all.  Who wants to know calls Close.
  ~WritableDatabase() override {
    FASTI_CHECK(closed_ || CheckUnused(use_).ok());
    Close().IgnoreError();
  }

  std::unique_ptr<Snapshot> GetSnapshot() const override {
    const graph::CommitQueue::Pinned pinned = queue_.Pin();
    return MakeSnapshot(*store_, dictionary_, pinned, use_,
                        blocks_.For(pinned.layers.base, pinned.now));
  }

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override {
    if (closed_) return absl::FailedPreconditionError("the database is closed");
    return graph::TransactionImpl::Begin(*store_, dictionary_, queue_, blocks_, use_);
  }

  absl::StatusOr<ReportSummary> Report(const fasti::Report& report) override {
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, Begin());
    FASTI_ASSIGN_OR_RETURN(ReportSummary summary, transaction->Report(report));
    FASTI_ASSIGN_OR_RETURN(summary.sequence, transaction->Commit());
    return summary;
  }

  absl::StatusOr<std::unique_ptr<BulkLoader>> BeginBulkLoad(
      const BulkLoadOptions& options) override {
    if (closed_) return absl::FailedPreconditionError("the database is closed");
    return graph::BulkLoaderImpl::Begin({.store = *store_,
                                         .dictionary = dictionary_,
                                         .queue = queue_,
                                         .blocks = blocks_,
                                         .folder = folder_,
                                         .figures = bulk_figures_,
                                         .use = use_},
                                        options);
  }

  absl::Status Fold() override { return folder_.Fold(); }
  absl::Status Refresh() override { return absl::OkStatus(); }  // it is the writer itself

  absl::StatusOr<std::vector<std::string>> Check() override {
    return folder_.WhileQuiet([this] { return graph::CheckStore(*store_); });
  }
  absl::StatusOr<std::vector<std::string>> CheckQuickly() override {
    return folder_.WhileQuiet([this] { return graph::CheckStoreQuickly(*store_); });
  }

  absl::StatusOr<BackupInfo> Backup(absl::string_view folder,
                                    const BackupOptions& options) override {
    if (closed_) return absl::FailedPreconditionError("the database is closed");
    if (path_ == kInMemory) {
      return absl::FailedPreconditionError("a database in memory has no files to back up");
    }
    return BackUpStore(*store_, path_, folder, options);
  }

  std::map<std::string, uint64_t> Statistics() const override {
    const graph::CommitQueue::Figures figures = queue_.figures();
    std::map<std::string, uint64_t> statistics = MakeStatistics(*store_, figures);
    statistics.merge(graph::WritingFiguresOf(figures, store_->write_stalls()));
    if (bulk_figures_.is_running) statistics["bulk_load_facts"] = bulk_figures_.facts;
    return statistics;
  }

  absl::Status Close() override {
    if (closed_) return absl::OkStatus();
    FASTI_RETURN_IF_ERROR(CheckUnused(use_));
    closed_ = true;
    background_.reset();
    absl::Status status = path_ == kInMemory ? absl::OkStatus() : folder_.Fold();
    blocks_.Clear();
    status.Update(store_->Close());
    return status;
  }

 private:
  const std::shared_ptr<const void> use_ = std::make_shared<int>();
  const std::unique_ptr<storage::Store> store_;
  const std::string path_;
  graph::Dictionary dictionary_;
  mutable graph::CommitQueue queue_;
  mutable graph::SharedBlocks blocks_;
  graph::Folder folder_;
  graph::BulkFigures bulk_figures_;
  std::optional<graph::BackgroundFold> background_;
  bool closed_ = false;
};

// Follows a database that another process may be writing.
class ReadOnlyDatabase final : public Database {
 public:
  static absl::StatusOr<std::unique_ptr<Database>> Open(std::unique_ptr<storage::Store> store,
                                                        absl::string_view path,
                                                        const Options& options) {
    FASTI_ASSIGN_OR_RETURN(std::unique_ptr<graph::Follower> follower,
                           graph::Follower::Open(*store, ClockOf(options)));
    return std::unique_ptr<Database>(
        new ReadOnlyDatabase(std::move(store), path, std::move(follower), DirectoryBytes(options)));
  }

  std::unique_ptr<Snapshot> GetSnapshot() const override {
    const graph::CommitQueue::Pinned pinned = follower_->Pin();
    return MakeSnapshot(*store_, dictionary_, pinned, use_,
                        blocks_.For(pinned.layers.base, pinned.now));
  }

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override { return ReadOnly(); }
  absl::StatusOr<ReportSummary> Report(const fasti::Report&) override { return ReadOnly(); }
  absl::StatusOr<std::unique_ptr<BulkLoader>> BeginBulkLoad(const BulkLoadOptions&) override {
    return ReadOnly();
  }
  absl::Status Fold() override { return ReadOnly(); }
  absl::Status Refresh() override { return follower_->Refresh(); }

  absl::StatusOr<std::vector<std::string>> Check() override { return graph::CheckStore(*store_); }
  absl::StatusOr<std::vector<std::string>> CheckQuickly() override {
    return graph::CheckStoreQuickly(*store_);
  }

  absl::StatusOr<BackupInfo> Backup(absl::string_view folder,
                                    const BackupOptions& options) override {
    return BackUpStore(*store_, path_, folder, options);
  }

  std::map<std::string, uint64_t> Statistics() const override {
    std::map<std::string, uint64_t> statistics = MakeStatistics(*store_, follower_->figures());
    // What cannot be read has no figures here; Check tells of it.
    if (auto writing = graph::LoadWritingFigures(*store_); writing.ok()) statistics.merge(*writing);
    return statistics;
  }

  absl::Status Close() override {
    FASTI_RETURN_IF_ERROR(CheckUnused(use_));
    blocks_.Clear();
    return store_->Close();
  }

 private:
  ReadOnlyDatabase(std::unique_ptr<storage::Store> store, absl::string_view path,
                   std::unique_ptr<graph::Follower> follower, size_t directory_bytes)
      : store_(std::move(store)),
        path_(path),
        dictionary_(*store_),
        follower_(std::move(follower)),
        blocks_(*store_, directory_bytes) {}

  static absl::Status ReadOnly() {
    return absl::FailedPreconditionError("the database was opened read-only");
  }

  const std::shared_ptr<const void> use_ = std::make_shared<int>();
  const std::unique_ptr<storage::Store> store_;
  const std::string path_;
  const graph::Dictionary dictionary_;
  const std::unique_ptr<graph::Follower> follower_;
  mutable graph::SharedBlocks blocks_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenOnStore(std::unique_ptr<storage::Store> store,
                                                      absl::string_view path,
                                                      const Options& options) {
  const bool create = !options.read_only && (path == kInMemory || options.create_if_missing);
  FASTI_RETURN_IF_ERROR(graph::CheckFormat(*store, create, ClockOf(options)()));
  if (options.read_only) return ReadOnlyDatabase::Open(std::move(store), path, options);
  FASTI_ASSIGN_OR_RETURN(graph::Recovered recovered, graph::Recover(*store));
  FASTI_ASSIGN_OR_RETURN(recovered.head.merges, graph::Merges::Load(*store, recovered.head.merges));
  return std::make_unique<WritableDatabase>(std::move(store), path, options, recovered);
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(absl::string_view path,
                                                         const Options& options) {
  const bool in_memory = path == kInMemory;
  if (in_memory && options.read_only) {
    return absl::InvalidArgumentError("a database in memory begins empty: it needs a writer");
  }
  if (!in_memory && !options.read_only) {
    const absl::Status format = graph::CheckFormatUnopened(path);
    if (!format.ok())
      return absl::Status(format.code(), absl::StrCat(path, ": ", format.message()));
  }
  FASTI_ASSIGN_OR_RETURN(
      std::unique_ptr<storage::Store> store,
      in_memory ? storage::OpenMemoryStore()
                : storage::OpenRocksStore(
                      path, {.create_if_missing = options.create_if_missing,
                             .read_only = options.read_only,
                             .cache_bytes = options.cache_bytes - DirectoryBytes(options)}));
  absl::StatusOr<std::unique_ptr<Database>> database = OpenOnStore(std::move(store), path, options);
  if (database.ok()) return database;
  return absl::Status(database.status().code(),
                      absl::StrCat(path, ": ", database.status().message()));
}

}  // namespace fasti
