#include "engine/graph/bulk_load.h"

#include <algorithm>
#include <limits>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/codec/catalog_record.h"
#include "engine/codec/fold_record.h"
#include "engine/codec/log_record.h"
#include "engine/graph/bulk_dictionary.h"
#include "engine/graph/draft_check.h"
#include "engine/graph/time_index.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;
using storage::Family;

constexpr absl::Duration kProgressEvery = absl::Milliseconds(250);
// More parts than threads, so that all of them end at about the same time.
constexpr size_t kPartsPerThread = 2;
// How many facts ahead names are prefetched.
constexpr size_t kSlotsAhead = 16;
constexpr size_t kEntriesAhead = 8;
// Facts and their rows stay in a near cache while they are worked on.
constexpr size_t kFactsAtOnce = 2048;
constexpr size_t kChunkBytesMin = size_t{1} << 10;

size_t ThreadsOf(const BulkLoadOptions& options) {
  if (options.threads > 0) return static_cast<size_t>(options.threads);
  return std::max(1u, std::thread::hardware_concurrency());
}

// While rows are merged, two chunks are being filled, and every thread may read runs, which takes a
// chunk, and be sorting another one, which takes it twice.
size_t ChunkBytes(const BulkLoadOptions& options) {
  return std::max(kChunkBytesMin, options.memory_bytes / (2 + 3 * ThreadsOf(options)));
}

// Whether a fact was at fault, rather than the load.
bool IsRefusal(const absl::Status& status) {
  return absl::IsInvalidArgument(status);
}

}  // namespace

absl::StatusOr<std::unique_ptr<BulkLoader>> BulkLoaderImpl::Begin(const Parts& parts,
                                                                  const BulkLoadOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const Head head, parts.folder.BeginOnBlocks());
  const Sequence sequence = head.next_sequence - 1;
  const Instant now = parts.queue.Pin().now;
  std::shared_ptr<const ReadState> base(new ReadState{.store = parts.store,
                                                      .dictionary = parts.dictionary,
                                                      .layers = {.base = sequence, .overlays = {}},
                                                      .sequence = sequence,
                                                      .now = now,
                                                      .catalog = head.catalog,
                                                      .merges = head.merges,
                                                      .use = parts.use,
                                                      .blocks = parts.blocks.For(sequence, now)});
  return std::unique_ptr<BulkLoader>(new BulkLoaderImpl(parts, options, head, std::move(base)));
}

BulkLoaderImpl::BulkLoaderImpl(const Parts& parts, const BulkLoadOptions& options, const Head& head,
                               std::shared_ptr<const ReadState> base)
    : parts_(parts),
      options_(options),
      threads_(ThreadsOf(options)),
      head_(head),
      base_(std::move(base)),
      names_(base_, head, options.names) {
  out_.emplace(parts_.store, Order::kOut, ChunkBytes(options));
  parts_.figures.facts = 0;
  parts_.figures.is_running = true;
}

BulkLoaderImpl::~BulkLoaderImpl() {
  GiveUpPlace();
}

void BulkLoaderImpl::GiveUpPlace() {
  parts_.figures.is_running = false;
  if (std::exchange(has_place_, false)) parts_.queue.Abandon();
}

absl::Status BulkLoaderImpl::Check() const {
  if (has_failed_) {
    absl::MutexLock lock(&mutex_);
    return failure_;
  }
  if (is_cancelled_) return absl::CancelledError("the load was cancelled");
  return absl::OkStatus();
}

absl::Status BulkLoaderImpl::Fail(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  if (failure_.ok()) failure_ = std::move(status);
  has_failed_ = true;
  return failure_;
}

absl::Status BulkLoaderImpl::Add(absl::Span<const BulkFact> facts,
                                 std::vector<BulkRefusal>* refused) {
  for (size_t begin = 0; begin < facts.size(); begin += kFactsAtOnce) {
    FASTI_RETURN_IF_ERROR(Check());
    absl::Status status = AddSome(facts.subspan(begin, kFactsAtOnce), begin, refused);
    if (!status.ok()) return Fail(std::move(status));
    ReportProgress(false);
  }
  return absl::OkStatus();
}

absl::Status BulkLoaderImpl::AddSome(absl::Span<const BulkFact> facts, size_t begin,
                                     std::vector<BulkRefusal>* refused) {
  std::vector<Row> rows;
  rows.reserve(facts.size() + facts.size() / 4);
  std::vector<Hashes> hashes(facts.size());
  const auto hash_names = [&](size_t i) {
    if (i >= facts.size()) return;
    hashes[i] = {BulkNames::HashOf(facts[i].subject), BulkNames::HashOf(facts[i].object)};
    names_.PrefetchSlot(hashes[i].subject);
    names_.PrefetchSlot(hashes[i].object);
  };
  for (size_t i = 0; i < kSlotsAhead; ++i) hash_names(i);
  uint64_t taken = 0;
  for (size_t i = 0; i < facts.size(); ++i) {
    hash_names(i + kSlotsAhead);
    if (i + kEntriesAhead < facts.size()) {
      names_.PrefetchEntry(hashes[i + kEntriesAhead].subject);
      names_.PrefetchEntry(hashes[i + kEntriesAhead].object);
    }
    absl::Status status = AddFact(facts[i], hashes[i], &rows);
    if (status.ok()) {
      ++taken;
    } else if (IsRefusal(status)) {
      refused->push_back({begin + i, std::move(status)});
    } else {
      return status;
    }
  }
  FASTI_RETURN_IF_ERROR(out_->Append(RowColumns(rows)));
  facts_ += taken;
  parts_.figures.facts += taken;
  return absl::OkStatus();
}

absl::Status BulkLoaderImpl::AddFact(const BulkFact& fact, const Hashes& hashes,
                                     std::vector<Row>* rows) {
  const bool is_attribute = fact.value != nullptr;
  FASTI_ASSIGN_OR_RETURN(const BulkNames::Relation relation,
                         names_.FindRelation(fact.relation, is_attribute));
  FASTI_RETURN_IF_ERROR(CheckPeriods({.name = fact.relation, .kind = BulkNames::KindOf(relation)},
                                     fact.valid, fact.modality, fact.known_from, fact.known_to));
  Row row;
  row.known_from = fact.known_from;
  row.known_to = fact.known_to;
  row.flags =
      MakeFlags(fact.valid.from_precision, fact.valid.to_precision, fact.modality, false, false);
  SetRowValid(fact.valid, &row);
  if (is_attribute) {
    if (fact.value->is_null()) return absl::InvalidArgumentError("a fact needs an object");
    FASTI_RETURN_IF_ERROR(CheckLiteral(*fact.value));
    FASTI_ASSIGN_OR_RETURN(const EntityId subject,
                           names_.FindEntity({fact.subject, hashes.subject}, rows));
    FASTI_ASSIGN_OR_RETURN(const Term object, names_.FindTerm(fact.relation, *fact.value));
    row.subject = Raw(subject);
    row.object = object.bits();
  } else {
    FASTI_ASSIGN_OR_RETURN(
        const auto ends,
        names_.FindEntities({fact.subject, hashes.subject}, {fact.object, hashes.object}, rows));
    row.subject = Raw(ends.first);
    row.object = Term::Entity(ends.second).bits();
  }
  // Nothing of a fact that is refused is stored, so its relation is last.
  FASTI_ASSIGN_OR_RETURN(const RelationId id, names_.IdOf(relation));
  row.relation = Raw(id);
  rows->push_back(row);
  return absl::OkStatus();
}

absl::StatusOr<BulkLoadSummary> BulkLoaderImpl::FinishBatch(const BulkBatch& batch) {
  absl::StatusOr<BulkLoadSummary> summary = WriteOnce(batch);
  out_.reset();
  in_.reset();
  rel_.reset();
  GiveUpPlace();
  FASTI_RETURN_IF_ERROR(summary.status());
  EnterStage(BulkProgress::Stage::kDone, rows_total_);
  return summary;
}

absl::StatusOr<BulkLoadSummary> BulkLoaderImpl::WriteOnce(const BulkBatch& batch) {
  FASTI_RETURN_IF_ERROR(Check());
  if (batch.id != 0 && !batch.again) {
    FASTI_ASSIGN_OR_RETURN(const std::optional<Sequence> earlier, parts_.queue.FindBatch(batch.id));
    if (earlier.has_value()) {
      FASTI_ASSIGN_OR_RETURN(const Instant committed, CommitTime(*base_, *earlier));
      return BulkLoadSummary{.sequence = *earlier, .committed = committed, .repeated = true};
    }
  }
  return WriteAll(batch.id);
}

absl::StatusOr<BulkLoadSummary> BulkLoaderImpl::WriteAll(absl::uint128 batch_id) {
  // Its files are gone with it, so before the place is given up.
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Installation> installation,
                         parts_.store.NewInstallation());
  FASTI_RETURN_IF_ERROR(MergeFirst(*installation));
  FASTI_RETURN_IF_ERROR(WriteRest(*installation));
  FASTI_ASSIGN_OR_RETURN(const Head after, Install(*installation, batch_id));
  return BulkLoadSummary{.sequence = after.next_sequence - 1,
                         .committed = after.time,
                         .facts = facts_,
                         .entities_created = names_.new_entities(),
                         .relations_created = names_.new_relations().size()};
}

absl::Status BulkLoaderImpl::RunAll(const std::vector<Task>& tasks) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < tasks.size() && !has_failed_; i = next++) {
      if (absl::Status status = tasks[i](); !status.ok()) Fail(std::move(status)).IgnoreError();
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(threads_, tasks.size()); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return Check();
}

absl::StatusOr<std::vector<BlockMerge::Part>> BulkLoaderImpl::Divide(
    const RowSorter& sorter) const {
  std::vector<Part> parts(1);
  if (threads_ == 1) return parts;
  for (const PostKey& wanted : sorter.Borders(threads_ * kPartsPerThread)) {
    FASTI_ASSIGN_OR_RETURN(const PostKey border, BorderFor(parts_.store, wanted));
    // Several may fall into one block.
    if (parts.back().above.has_value() && border <= *parts.back().above) continue;
    parts.back().upto = border;
    parts.push_back({.above = border, .upto = {}});
  }
  return parts;
}

absl::Status BulkLoaderImpl::MergeFirst(storage::Installation& installation) {
  FASTI_RETURN_IF_ERROR(RunAll(out_->Seal(threads_)));
  const uint64_t rows = out_->rows();
  EnterStage(BulkProgress::Stage::kMerging, rows);
  RowRanges ranges = out_->ranges();
  ranges.SetVersions(head_.next_sequence, head_.next_sequence + rows - 1);
  in_.emplace(parts_.store, Order::kIn, ChunkBytes(options_), ranges);
  rel_.emplace(parts_.store, Order::kRel, ChunkBytes(options_), ranges);
  FASTI_ASSIGN_OR_RETURN(const std::vector<Part> divided, Divide(*out_));
  std::vector<Task> tasks;
  for (const Part& part : divided) {
    tasks.push_back([this, &installation, part] {
      return MergeFirstPart(installation, part, !part.upto.has_value());
    });
  }
  FASTI_RETURN_IF_ERROR(RunAll(tasks));
  out_.reset();
  std::vector<Task> sorts = in_->Seal(threads_);
  for (Task& sort : rel_->Seal(threads_)) sorts.push_back(std::move(sort));
  return RunAll(sorts);
}

absl::Status BulkLoaderImpl::MergeFirstPart(storage::Installation& installation, const Part& part,
                                            bool is_last) {
  Sequence version = head_.next_sequence;
  Part by_version;
  if (part.above.has_value()) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t before, out_->CountUpTo(*part.above));
    version += before;
    by_version.above = PostKey{.order = Order::kId, .version = version - 1};
  }
  if (!is_last) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t upto, out_->CountUpTo(*part.upto));
    by_version.upto = PostKey{.order = Order::kId, .version = head_.next_sequence + upto - 1};
  }
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<RowSorter::Reader> reader,
                         out_->Read(part.above, part.upto));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> out_writer,
                         installation.NewRun(Family::kPost));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> id_writer,
                         installation.NewRun(Family::kPost));
  BlockMerge out(parts_.store, Order::kOut, *out_writer, part);
  BlockMerge id(parts_.store, Order::kId, *id_writer, by_version);
  while (true) {
    FASTI_RETURN_IF_ERROR(Check());
    FASTI_ASSIGN_OR_RETURN(RowColumns* const rows, reader->Next());
    if (rows->empty()) break;
    rows->Number(version);
    version += rows->size();
    FASTI_RETURN_IF_ERROR(out.Add(*rows));
    FASTI_RETURN_IF_ERROR(id.Add(*rows));
    FASTI_RETURN_IF_ERROR(in_->Append(*rows));
    FASTI_RETURN_IF_ERROR(rel_->Append(*rows));
    rows_done_ += rows->size();
    ReportProgress(false);
  }
  FASTI_RETURN_IF_ERROR(out.Finish());
  FASTI_RETURN_IF_ERROR(id.Finish());
  FASTI_RETURN_IF_ERROR(out_writer->Finish());
  return id_writer->Finish();
}

absl::Status BulkLoaderImpl::WriteRest(storage::Installation& installation) {
  EnterStage(BulkProgress::Stage::kWriting, in_->rows() + rel_->rows());
  std::vector<Task> tasks = {
      [&] { return WriteLiteralNumbers(names_, installation); },
      [&] { return WriteLiteralBodies(names_, installation); },
  };
  for (const auto& [order, sorter] : {std::make_pair(Order::kIn, &*in_), {Order::kRel, &*rel_}}) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Part> divided, Divide(*sorter));
    for (const Part& part : divided) {
      tasks.push_back([this, &installation, part, of = order, rows = sorter] {
        return MergePart(installation, of, *rows, part);
      });
    }
  }
  return RunAll(tasks);
}

absl::Status BulkLoaderImpl::MergePart(storage::Installation& installation, Order order,
                                       const RowSorter& sorter, const Part& part) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<RowSorter::Reader> reader,
                         sorter.Read(part.above, part.upto));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kPost));
  BlockMerge merge(parts_.store, order, *writer, part);
  while (true) {
    FASTI_RETURN_IF_ERROR(Check());
    FASTI_ASSIGN_OR_RETURN(const RowColumns* const rows, reader->Next());
    if (rows->empty()) break;
    FASTI_RETURN_IF_ERROR(merge.Add(*rows));
    rows_done_ += rows->size();
    ReportProgress(false);
  }
  FASTI_RETURN_IF_ERROR(merge.Finish());
  return writer->Finish();
}

absl::StatusOr<Head> BulkLoaderImpl::Install(storage::Installation& installation,
                                             absl::uint128 batch_id) {
  const uint64_t rows = rel_->rows();
  if (rows == 0) return head_;
  Head after = names_.HeadBehind();
  after.merges = head_.merges;
  after.next_sequence = head_.next_sequence + rows;
  // Tables may only be installed beside an empty memtable.
  FASTI_RETURN_IF_ERROR(parts_.store.Flush({Family::kDefault, Family::kDict, Family::kTime}));
  after.time = parts_.queue.ReserveTime();
  if (absl::Status status = WriteRecords(installation, after, batch_id); !status.ok()) {
    parts_.queue.ReleaseTime();
    return status;
  }
  if (absl::Status status = installation.Install(); !status.ok()) {
    parts_.queue.ReleaseTime();
    parts_.queue.Break(status);  // whether it took place is known only to the next open
    return status;
  }
  parts_.queue.InstallCommit(after, parts_.queue.figures().base_rows + rows, batch_id);
  has_place_ = false;
  return after;
}

absl::Status BulkLoaderImpl::WriteRecords(storage::Installation& installation, const Head& after,
                                          absl::uint128 batch_id) {
  FASTI_RETURN_IF_ERROR(Check());
  const Sequence last = after.next_sequence - 1;
  std::vector<RelationId> relations = names_.new_relations();
  std::sort(relations.begin(), relations.end());
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> catalog,
                         installation.NewRun(Family::kDefault));
  if (batch_id != 0) {
    FASTI_RETURN_IF_ERROR(catalog->Add(codec::BatchKey(batch_id), codec::SequenceKey(last)));
  }
  for (const RelationId id : relations) {
    FASTI_RETURN_IF_ERROR(catalog->Add(codec::RelationKey(id),
                                       codec::EncodeRelation(*after.catalog->GetRelation(id))));
  }
  FASTI_RETURN_IF_ERROR(catalog->Finish());
  FASTI_RETURN_IF_ERROR(WriteRecord(installation, Family::kTime, codec::SequenceKey(last),
                                    codec::EncodeTime(after.time)));
  const uint64_t rows =
      parts_.queue.figures().base_rows + (after.next_sequence - head_.next_sequence);
  return WriteRecord(installation, Family::kFold, codec::FoldKey(),
                     codec::EncodeFoldRecord({.watermark = last,
                                              .rows = rows,
                                              .next_entity = after.next_entity,
                                              .next_literal = after.next_literal,
                                              .time = after.time}));
}

void BulkLoaderImpl::EnterStage(BulkProgress::Stage stage, uint64_t rows_total) {
  rows_done_ = stage == BulkProgress::Stage::kDone ? rows_total : 0;
  rows_total_ = rows_total;
  stage_ = stage;
  ReportProgress(true);
}

void BulkLoaderImpl::ReportProgress(bool is_due) {
  if (!options_.progress) return;
  if (is_due) {
    progress_mutex_.Lock();
  } else if (!progress_mutex_.TryLock()) {
    return;  // somebody else is about to tell it
  }
  const absl::Time now = absl::Now();
  if (is_due || now >= next_progress_) {
    next_progress_ = now + kProgressEvery;
    options_.progress(
        {.stage = stage_, .facts = facts_, .rows_done = rows_done_, .rows_total = rows_total_});
  }
  progress_mutex_.Unlock();
}

}  // namespace fasti::graph
