#include "fasti/purge.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "engine/codec/block.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/log_record.h"
#include "engine/codec/post_key.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/name_index.h"
#include "engine/graph/purge_log.h"
#include "engine/graph/rewrite.h"
#include "engine/graph/scan_prefix.h"
#include "engine/new_database.h"
#include "engine/storage/new_place.h"
#include "engine/storage/store.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"

namespace fasti {

namespace {

using graph::Erasure;
using storage::Family;

constexpr size_t kFactsAtOnce = 256;

// The facts of a pattern in all their versions.
absl::StatusOr<std::vector<Fact>> AllVersions(const Snapshot& snapshot, Pattern pattern) {
  pattern.attributes = true;
  pattern.view.as_of = Period::Always();
  pattern.view.as_recorded = Period::Always();
  pattern.view.apart = true;  // what it was merged with is not erased
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<FactCursor> cursor, snapshot.Scan(pattern));
  std::vector<Fact> facts;
  std::vector<Fact> some(kFactsAtOnce);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, cursor->Next(absl::MakeSpan(some)));
    if (count == 0) return facts;
    facts.insert(facts.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

absl::StatusOr<EntityId> EntityNamed(const Snapshot& snapshot, const std::string& name) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities,
                         snapshot.EntitiesNamed(name, {.apart = true}));
  if (entities.size() == 1) return entities.front();
  if (entities.empty()) return absl::NotFoundError(absl::StrCat("no entity is named '", name, "'"));
  return absl::FailedPreconditionError(absl::StrCat(
      entities.size(), " entities are named '", name, "', numbers ",
      absl::StrJoin(entities, ", ",
                    [](std::string* out, EntityId id) { absl::StrAppend(out, Raw(id)); }),
      "; name one by its number"));
}

absl::StatusOr<EntityId> SourceWithKey(const Snapshot& snapshot, const std::string& key) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<Term> term, snapshot.FindTerm(Value(key)));
  for (const char* const attribute : {graph::kSourceUrl, graph::kSourceHash}) {
    const std::optional<RelationInfo> relation = snapshot.FindAttribute(attribute);
    if (!term || !relation) continue;
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> facts,
                           AllVersions(snapshot, {.object = *term, .relations = {relation->id}}));
    if (!facts.empty()) return facts.front().subject;
  }
  return absl::NotFoundError(absl::StrCat("no source has the key '", key, "'"));
}

// Its names, to be looked for in what stays.
absl::Status AddNames(const Snapshot& snapshot, EntityId entity, Erasure* erasure) {
  for (const absl::string_view key : graph::kNameKeys) {
    const std::optional<RelationInfo> relation = snapshot.FindAttribute(key);
    if (!relation) continue;
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> facts,
                           AllVersions(snapshot, {.subject = entity, .relations = {relation->id}}));
    for (const Fact& fact : facts) {
      FASTI_ASSIGN_OR_RETURN(const Value name, snapshot.ValueOf(fact.object));
      if (name.is(Value::Kind::kString)) erasure->names.push_back(name.as_string());
    }
  }
  return absl::OkStatus();
}

// What a request means in a database, in which the claims of sources are withdrawn, so that facts
// which others tell, too, are as they tell them.
absl::StatusOr<Erasure> Resolve(Database& database, const PurgeRequest& request) {
  const std::unique_ptr<Snapshot> snapshot = database.GetSnapshot();
  Erasure erasure;
  std::vector<EntityId> entities = request.entities;
  for (const std::string& name : request.entity_names) {
    FASTI_ASSIGN_OR_RETURN(const EntityId entity, EntityNamed(*snapshot, name));
    entities.push_back(entity);
  }
  for (const std::string& key : request.sources) {
    FASTI_ASSIGN_OR_RETURN(const EntityId source, SourceWithKey(*snapshot, key));
    entities.push_back(source);
  }
  for (const EntityId entity : entities) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<Fact> facts,
                           AllVersions(*snapshot, {.subject = entity}));
    FASTI_ASSIGN_OR_RETURN(const bool exists, snapshot->Exists(entity));
    if (facts.empty() && !exists) {
      return absl::NotFoundError(absl::StrCat("there is no entity ", Raw(entity)));
    }
    erasure.entities.insert(Raw(entity));
    FASTI_RETURN_IF_ERROR(AddNames(*snapshot, entity, &erasure));
  }
  for (const VersionId version : request.facts) {
    FASTI_ASSIGN_OR_RETURN(const Fact fact, snapshot->FindVersion(version));
    erasure.lineages.insert(Raw(fact.lineage));
  }
  if (erasure.empty()) return absl::InvalidArgumentError("nothing was named that is to be erased");
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, database.Begin());
  for (const EntityId entity : entities) {
    FASTI_RETURN_IF_ERROR(transaction->RetractSource(entity));
  }
  FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  return erasure;
}

// The first sequence of the commit that `sequence` belongs to.
absl::StatusOr<Sequence> BeginOfCommit(const storage::Store& store, Sequence sequence) {
  const std::unique_ptr<storage::Cursor> times = store.NewCursor(Family::kTime);
  times->SeekForPrevious(codec::SequenceKey(sequence - 1));
  FASTI_RETURN_IF_ERROR(times->status());
  if (!times->Valid()) return 1;
  FASTI_ASSIGN_OR_RETURN(const Sequence last_before, codec::DecodeSequenceKey(times->key()));
  return last_before + 1;
}

// From when on the erased sources had a part in each fact.
absl::Status AddTold(const storage::Store& store, Erasure* erasure) {
  for (const uint64_t source : erasure->entities) {
    const auto add = [&](absl::string_view key, absl::string_view) -> absl::Status {
      FASTI_ASSIGN_OR_RETURN(const codec::SourceClaim claim, codec::DecodeSourceClaimKey(key));
      FASTI_ASSIGN_OR_RETURN(const Sequence begin, BeginOfCommit(store, claim.sequence));
      uint64_t& since = erasure->retracted_since.try_emplace(claim.lineage, begin).first->second;
      since = std::min(since, begin);
      return absl::OkStatus();
    };
    FASTI_RETURN_IF_ERROR(
        graph::ScanPrefix(store, Family::kExtra, codec::SourceClaimPrefix(source), add));
  }
  return absl::OkStatus();
}

absl::Status ForEachRow(const storage::Store& store,
                        absl::FunctionRef<absl::Status(const Row& row)> visit) {
  // The keys of OUT, which holds every row, begin with its number.
  const std::string prefix(1, static_cast<char>(codec::Order::kOut));
  const auto visit_block = [&](absl::string_view, absl::string_view value) -> absl::Status {
    FASTI_ASSIGN_OR_RETURN(const codec::BlockReader block, codec::BlockReader::Open(value));
    for (size_t i = 0; i < block.size(); ++i) FASTI_RETURN_IF_ERROR(visit(block.row(i)));
    return absl::OkStatus();
  };
  return graph::ScanPrefix(store, Family::kPost, prefix, visit_block);
}

absl::StatusOr<graph::RewriteReport> WriteWithout(const std::string& work, Erasure erasure,
                                                  const PurgeRequest& request,
                                                  const std::string& path) {
  FASTI_ASSIGN_OR_RETURN(
      const std::unique_ptr<storage::Store> from,
      storage::OpenRocksStore(work, {.create_if_missing = false, .read_only = true}));
  FASTI_RETURN_IF_ERROR(AddTold(*from, &erasure));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Store> target,
                         storage::OpenRocksStore(path, {}));
  const graph::RewriteSource source = {
      .records = *from,
      .is_whole = true,
      .for_each_row = [&from](absl::FunctionRef<absl::Status(const Row& row)> visit) {
        return ForEachRow(*from, visit);
      }};
  const Instant now = absl::ToUnixMicros(absl::Now());
  FASTI_ASSIGN_OR_RETURN(graph::RewriteReport report,
                         graph::Rewrite(source, erasure, now, *target));
  if (!report.losses.empty()) {
    return absl::DataLossError(absl::StrCat("the database is damaged: ", report.losses.front(),
                                            "; run 'fasti check --deep'"));
  }
  FASTI_RETURN_IF_ERROR(
      graph::LogPurge(*target, now,
                      {{"entities", request.entities.size() + request.entity_names.size()},
                       {"sources", request.sources.size()},
                       {"facts", request.facts.size()},
                       {"versions", report.erased_versions.size()},
                       {"claims", report.erased_claims},
                       {"literals", report.erased_literals},
                       {"texts", report.erased_texts}}));
  FASTI_RETURN_IF_ERROR(target->Close());
  FASTI_RETURN_IF_ERROR(from->Close());
  return report;
}

}  // namespace

absl::StatusOr<PurgeSummary> Purge(absl::string_view path, const PurgeRequest& request,
                                   const PurgeOptions& options) {
  const std::string database = storage::ResolvePath(path);
  FASTI_ASSIGN_OR_RETURN(const storage::DirectoryState state, storage::InspectDirectory(database));
  if (state != storage::DirectoryState::kDatabase) {
    return absl::NotFoundError(absl::StrCat(database, ": no database there"));
  }
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::DirectoryLock> lock,
                         storage::DirectoryLock::Acquire(database));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::NewPlace> place,
                         storage::NewPlace::Take(database, storage::kPurgingSuffix));

  // All is done to a copy that shares its tables.
  const std::string work = place->File("work");
  FASTI_RETURN_IF_ERROR(storage::LinkDatabase(database, work));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Database> copy,
                         Database::Open(work, {.create_if_missing = false,
                                               .durability = Durability::kBuffered,
                                               .background_fold = false}));
  FASTI_ASSIGN_OR_RETURN(Erasure erasure, Resolve(*copy, request));
  FASTI_RETURN_IF_ERROR(copy->Close());
  FASTI_ASSIGN_OR_RETURN(const graph::RewriteReport report,
                         WriteWithout(work, std::move(erasure), request, place->database()));
  FASTI_RETURN_IF_ERROR(CheckNewDatabase(place->database()));

  PurgeSummary summary = {.versions = report.erased_versions.size(),
                          .claims = report.erased_claims,
                          .literals = report.erased_literals,
                          .texts = report.erased_texts,
                          .relations = report.erased_relations,
                          .naming_sources = {},
                          .naming_literals = report.naming_literals};
  for (const uint64_t source : report.naming) {
    summary.naming_sources.push_back(static_cast<EntityId>(source));
  }
  if (options.confirm && !options.confirm(summary)) return summary;
  // So that nobody writes to it before the old one is gone.
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::DirectoryLock> new_lock,
                         storage::DirectoryLock::Acquire(place->database()));
  FASTI_RETURN_IF_ERROR(storage::Exchange(*place, database));
  FASTI_RETURN_IF_ERROR(place->Discard());
  summary.is_done = true;
  return summary;
}

}  // namespace fasti
