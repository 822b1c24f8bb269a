#include "fasti/salvage.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "engine/base/number_set.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/batch_writer.h"
#include "engine/graph/rewrite.h"
#include "engine/new_database.h"
#include "engine/storage/new_place.h"
#include "engine/storage/store.h"
#include "engine/storage/wreck.h"
#include "fasti/status_macros.h"

namespace fasti {

namespace {

using codec::Order;
using codec::PostKey;
using storage::Family;
using storage::Wreck;

constexpr uint64_t kRowsPerLook = 1 << 14;

// Asks whether to go on, and tells how far it is, now and then.
class Watch {
 public:
  explicit Watch(const SalvageOptions& options) : options_(options) {}

  absl::Status Begin(absl::string_view doing) {
    doing_ = doing;
    rows_ = 0;
    return Look();
  }
  absl::Status Pass() { return ++rows_ % kRowsPerLook == 0 ? Look() : absl::OkStatus(); }

 private:
  absl::Status Look() const {
    if (options_.should_stop && options_.should_stop()) {
      return absl::CancelledError("stopped; nothing was made");
    }
    if (options_.progress) options_.progress({.doing = doing_, .rows = rows_});
    return absl::OkStatus();
  }

  const SalvageOptions& options_;
  absl::string_view doing_;
  uint64_t rows_ = 0;
};

// The orders in which keys from `first` to `last` lie.
std::string OrdersBetween(absl::string_view first, absl::string_view last) {
  constexpr absl::string_view kNames[] = {"", "OUT", "IN", "REL", "ID"};
  const auto order_of = [](absl::string_view key, Order other) {
    const absl::StatusOr<PostKey> decoded = codec::DecodePostKey(key);
    return static_cast<size_t>(decoded.ok() ? decoded->order : other);
  };
  std::vector<absl::string_view> orders;
  for (size_t i = order_of(first, Order::kOut); i <= order_of(last, Order::kId); ++i) {
    orders.push_back(kNames[i]);
  }
  return absl::StrJoin(orders, ", ");
}

std::string Describe(const Wreck::Loss& loss) {
  std::string text = absl::StrCat(loss.file, ": ");
  if (!loss.family.empty()) absl::StrAppend(&text, loss.family, ": ");
  absl::StrAppend(&text, loss.what);
  if (loss.family == storage::FamilyName(Family::kPost)) {
    absl::StrAppend(&text, " (", OrdersBetween(loss.first_key, loss.last_key), ")");
  }
  return text;
}

// The records of all families but post, those of the wreck laid one upon the other.
absl::Status CopyRecords(Wreck& wreck, storage::Store& records) {
  graph::BatchWriter writer(records);
  const auto put = [&writer](Family family, absl::string_view key, absl::string_view value) {
    // None of ours is longer.
    if (key.size() > storage::kKeyBytesMax) return absl::OkStatus();
    return writer.Put(family, key, value);
  };
  FASTI_RETURN_IF_ERROR(
      wreck.ReadTables([](Family family) { return family != Family::kPost; }, put));
  FASTI_RETURN_IF_ERROR(wreck.ReadLogs(put));
  return writer.Finish();
}

// Visits the rows of the blocks of all orders, in all states in which they are found.
absl::Status ForEachRow(Wreck& wreck, Watch& watch, NumberSet* named, uint64_t* bad_blocks,
                        absl::FunctionRef<absl::Status(const Row& row)> visit) {
  return wreck.ReadTables(
      [](Family family) { return family == Family::kPost; },
      [&](Family, absl::string_view bytes, absl::string_view value) -> absl::Status {
        const absl::StatusOr<PostKey> key = codec::DecodePostKey(bytes);
        const absl::StatusOr<codec::BlockReader> block = codec::BlockReader::Open(value);
        if (!key.ok() || !block.ok()) {
          ++*bad_blocks;
          return absl::OkStatus();
        }
        for (size_t i = 0; i < block->size(); ++i) {
          FASTI_RETURN_IF_ERROR(watch.Pass());
          named->Insert(block->version(i));
          if (key->order != Order::kId) FASTI_RETURN_IF_ERROR(visit(block->row(i)));
        }
        return absl::OkStatus();
      });
}

}  // namespace

absl::StatusOr<SalvageSummary> Salvage(absl::string_view damaged, absl::string_view path,
                                       const SalvageOptions& options) {
  const std::string from = storage::ResolvePath(damaged);
  const std::string to = storage::ResolvePath(path);
  if (storage::IsWithin(from, to) || storage::IsWithin(to, from)) {
    return absl::InvalidArgumentError(
        absl::StrCat(to, ": may not lie within ", from, " or around it; name a path elsewhere"));
  }
  FASTI_RETURN_IF_ERROR(storage::CheckNewPath(to, "salvage"));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Wreck> wreck, Wreck::Open(from));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::NewPlace> place,
                         storage::NewPlace::Take(to, ".salvaging"));
  FASTI_RETURN_IF_ERROR(storage::CheckNewPath(to, "salvage"));  // while nobody else makes it

  Watch watch(options);
  FASTI_RETURN_IF_ERROR(watch.Begin("reading"));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Store> records,
                         storage::OpenRocksStore(place->File("records"), {}));
  FASTI_RETURN_IF_ERROR(CopyRecords(*wreck, *records));
  FASTI_RETURN_IF_ERROR(watch.Begin("writing"));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Store> target,
                         storage::OpenRocksStore(place->database(), {}));
  NumberSet named;
  uint64_t bad_blocks = 0;
  const graph::RewriteSource source = {
      .records = *records,
      .named = &named,
      .for_each_row = [&](absl::FunctionRef<absl::Status(const Row& row)> visit) {
        return ForEachRow(*wreck, watch, &named, &bad_blocks, visit);
      }};
  FASTI_ASSIGN_OR_RETURN(
      const graph::RewriteReport report,
      graph::Rewrite(source, graph::Erasure(), absl::ToUnixMicros(absl::Now()), *target));
  FASTI_RETURN_IF_ERROR(target->Close());
  FASTI_RETURN_IF_ERROR(records->Close());
  FASTI_RETURN_IF_ERROR(watch.Begin("checking"));
  FASTI_RETURN_IF_ERROR(CheckNewDatabase(place->database()));
  FASTI_RETURN_IF_ERROR(storage::Publish(*place, to));

  SalvageSummary summary = {.versions = report.versions.size(),
                            .literals = report.literals,
                            .claims = report.claims,
                            .texts = report.texts,
                            .losses = {}};
  for (const Wreck::Loss& loss : wreck->losses()) summary.losses.push_back(Describe(loss));
  if (bad_blocks > 0) {
    summary.losses.push_back(absl::StrCat("post: ", bad_blocks, " blocks that do not decode"));
  }
  summary.losses.insert(summary.losses.end(), report.losses.begin(), report.losses.end());
  return summary;
}

}  // namespace fasti
