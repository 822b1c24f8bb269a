#include <algorithm>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/storage/log_scan.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_live_logs.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/rocks_table_scan.h"
#include "engine/storage/slice.h"
#include "engine/storage/wreck.h"
#include "fasti/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace fasti::storage {
namespace {

std::optional<Family> FamilyNamed(absl::string_view name) {
  for (int i = 0; i < kFamilyCount; ++i) {
    if (FamilyName(static_cast<Family>(i)) == name) return static_cast<Family>(i);
  }
  return std::nullopt;
}

// Of "000012.sst".
uint64_t NumberOf(absl::string_view name) {
  uint64_t number = 0;
  return absl::SimpleAtoi(name.substr(0, name.find('.')), &number) ? number : 0;
}

// The puts of a batch.  RocksDB numbers families in the order of their creation, which is that of
// the enum.
class PutVisitor : public rocksdb::WriteBatch::Handler {
 public:
  explicit PutVisitor(Wreck::Visit visit) : visit_(visit) {}

  rocksdb::Status PutCF(uint32_t family, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    if (family < kFamilyCount && status_.ok()) {
      status_ = visit_(static_cast<Family>(family), FromSlice(key), FromSlice(value));
    }
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  void LogData(const rocksdb::Slice&) override {}

  const absl::Status& status() const { return status_; }

 private:
  const Wreck::Visit visit_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Wreck>> Wreck::Open(absl::string_view path) {
  const absl::StatusOr<DirectoryState> state = InspectDirectory(path);
  if (state.ok() && *state == DirectoryState::kAbsent) {
    return absl::NotFoundError(absl::StrCat(path, ": no database there"));
  }
  std::unique_ptr<Wreck> wreck(new Wreck(path));
  if (DirectoryLock::WasEverHeld(path)) {
    FASTI_ASSIGN_OR_RETURN(wreck->lock_, DirectoryLock::AcquireUnchanged(path));
  }
  FASTI_RETURN_IF_ERROR(
      ToStatus(rocksdb::Env::Default()->GetChildren(wreck->path_, &wreck->names_), path));
  absl::c_sort(wreck->names_);
  const bool has_files = absl::c_any_of(wreck->names_, [](const std::string& name) {
    return absl::EndsWith(name, ".sst") || absl::EndsWith(name, ".log");
  });
  if (!has_files) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": not a Fasti database: neither tables nor logs are there"));
  }
  wreck->ListTables();
  return wreck;
}

void Wreck::AddLoss(absl::string_view file, absl::string_view what) {
  Loss loss;
  loss.file = std::string(file);
  loss.what = std::string(what);
  losses_.push_back(std::move(loss));
}

void Wreck::ListTables() {
  if (!ListLiveTables()) {
    for (const std::string& name : names_) {
      if (absl::EndsWith(name, ".sst")) tables_.push_back({.name = name, .age = NumberOf(name)});
    }
  }
  absl::c_sort(tables_, [](const Table& a, const Table& b) {
    return std::make_pair(a.age, NumberOf(a.name)) < std::make_pair(b.age, NumberOf(b.name));
  });
}

bool Wreck::ListLiveTables() {
  const absl::StatusOr<std::vector<rocksdb::LiveFileMetaData>> live =
      LiveTables(rocksdb::Env::Default(), path_);
  if (!live.ok()) {
    AddLoss("CURRENT or MANIFEST", live.status().message());
    return false;
  }
  for (const rocksdb::LiveFileMetaData& table : *live) {
    const std::string name(absl::StripPrefix(table.relative_filename, "/"));
    if (absl::c_binary_search(names_, name)) {
      tables_.push_back({.name = name,
                         .age = table.largest_seqno,
                         .family = table.column_family_name,
                         .first_key = table.smallestkey,
                         .last_key = table.largestkey});
    } else {
      losses_.push_back({.file = name,
                         .family = table.column_family_name,
                         .first_key = table.smallestkey,
                         .last_key = table.largestkey,
                         .what = "missing"});
    }
  }
  return true;
}

absl::Status Wreck::ReadTables(absl::FunctionRef<bool(Family)> is_wanted, Visit visit) {
  for (const Table& table : tables_) {
    FASTI_RETURN_IF_ERROR(ReadTable(table, is_wanted, visit));
  }
  return absl::OkStatus();
}

absl::Status Wreck::ReadTable(const Table& table, absl::FunctionRef<bool(Family)> is_wanted,
                              Visit visit) {
  const absl::StatusOr<std::unique_ptr<TableScan>> scan =
      TableScan::Open(absl::StrCat(path_, "/", table.name));
  const std::optional<Family> family = scan.ok() ? FamilyNamed((*scan)->family()) : std::nullopt;
  if (!family.has_value()) {
    const bool is_told =
        absl::c_any_of(losses_, [&](const Loss& loss) { return loss.file == table.name; });
    if (is_told) return absl::OkStatus();
    Loss loss;
    loss.file = table.name;
    loss.family = table.family;
    loss.first_key = table.first_key;
    loss.last_key = table.last_key;
    loss.what = scan.ok() ? "of no family of ours" : std::string(scan.status().message());
    losses_.push_back(std::move(loss));
    return absl::OkStatus();
  }
  if (!is_wanted(*family)) return absl::OkStatus();
  std::vector<TableScan::Gap> gaps;
  FASTI_RETURN_IF_ERROR((*scan)->ForEach(
      [&](absl::string_view key, absl::string_view value) { return visit(*family, key, value); },
      &gaps));
  for (TableScan::Gap& gap : gaps) {
    losses_.push_back({.file = table.name,
                       .family = (*scan)->family(),
                       .first_key = std::move(gap.first_key),
                       .last_key = std::move(gap.last_key),
                       .what = absl::StrCat("damaged block at byte ", gap.byte)});
  }
  return absl::OkStatus();
}

absl::Status Wreck::ReadLogs(Visit visit) {
  const absl::StatusOr<LogSizes> listed = ReadLiveLogs(rocksdb::Env::Default(), path_);
  if (!listed.ok()) AddLoss("LIVE_LOGS", listed.status().message());
  const LogSizes sizes = listed.value_or(LogSizes());
  for (const auto& [name, size] : sizes) {
    if (!absl::c_binary_search(names_, name)) AddLoss(name, "missing");
  }
  for (const std::string& name : names_) {
    if (!absl::EndsWith(name, ".log")) continue;
    std::string bytes;
    const std::string file = absl::StrCat(path_, "/", name);
    const absl::Status read =
        ToStatus(rocksdb::ReadFileToString(rocksdb::Env::Default(), file, &bytes), file);
    if (!read.ok()) {
      AddLoss(name, read.message());
      continue;
    }
    PutVisitor puts(visit);
    uint64_t unreadable = 0;
    const LogScan::Verdict verdict = ScanLog(bytes).verdict;
    const std::optional<uint64_t> damage = ForEachSoundEntry(bytes, [&](absl::string_view entry) {
      const rocksdb::WriteBatch batch(std::string(entry.data(), entry.size()));
      if (!batch.Iterate(&puts).ok()) ++unreadable;
    });
    FASTI_RETURN_IF_ERROR(puts.status());
    const auto size = sizes.find(name);
    const bool is_cut = verdict != LogScan::Verdict::kDamaged && size != sizes.end() &&
                        size->second.value_or(0) > damage.value_or(bytes.size());
    if (is_cut) {
      AddLoss(name, absl::StrCat("cut off at byte ", damage.value_or(bytes.size())));
    } else if (verdict == LogScan::Verdict::kDamaged || unreadable > 0) {
      // Else it may have an unfinished tail, which is no loss: nobody was told that it was written.
      AddLoss(name, damage.has_value() ? absl::StrCat("damaged record at byte ", *damage)
                                       : absl::StrCat(unreadable, " records that are no batches"));
    }
  }
  return absl::OkStatus();
}

}  // namespace fasti::storage
