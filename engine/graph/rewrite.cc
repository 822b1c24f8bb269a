#include "engine/graph/rewrite.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/catalog_record.h"
#include "engine/codec/fold_record.h"
#include "engine/codec/log_record.h"
#include "engine/codec/term.h"
#include "engine/graph/batch_writer.h"
#include "engine/graph/block_merge.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/evidence_copy.h"
#include "engine/graph/fold.h"
#include "engine/graph/format_check.h"
#include "engine/graph/label_term.h"
#include "engine/graph/literal_copy.h"
#include "engine/graph/name_index.h"
#include "engine/graph/row_spool.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/fact.h"
#include "fasti/relation.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using storage::Family;

class Rewriter {
 public:
  Rewriter(const RewriteSource& source, const Erasure& erasure, storage::Store& target)
      : source_(source),
        from_(source.records),
        erasure_(erasure),
        target_(target),
        writer_(target),
        literals_(from_),
        evidence_(from_),
        spool_(target) {}

  absl::StatusOr<RewriteReport> Run(Instant now) {
    FASTI_RETURN_IF_ERROR(CopyFormat(now));
    FASTI_RETURN_IF_ERROR(literals_.Survey());
    FASTI_RETURN_IF_ERROR(evidence_.Survey());
    FASTI_RETURN_IF_ERROR(ReadCatalog());
    FASTI_RETURN_IF_ERROR(ReadTimes());
    ReadFold();
    FASTI_RETURN_IF_ERROR(ReadLog());
    FASTI_RETURN_IF_ERROR(source_.for_each_row([this](const Row& row) { return Take(row); }));
    TellLostRows();
    FASTI_RETURN_IF_ERROR(WriteCatalog());
    FASTI_RETURN_IF_ERROR(
        literals_.Write(literals_used_, names_, stand_ins_, erasure_, &writer_, &report_));
    FASTI_RETURN_IF_ERROR(evidence_.Write({.versions = report_.versions,
                                           .lineages = lineages_,
                                           .sources = sources_,
                                           .last = head_.watermark},
                                          erasure_, &writer_, &report_));
    FASTI_RETURN_IF_ERROR(WriteTimes());
    FASTI_RETURN_IF_ERROR(writer_.Finish());
    FASTI_RETURN_IF_ERROR(WriteBlocks());
    return std::move(report_);
  }

 private:
  template <typename... Parts>
  void Lose(const Parts&... parts) {
    report_.losses.push_back(absl::StrCat(parts...));
  }

  // First of all, so that the target is a database from the beginning.
  absl::Status CopyFormat(Instant now) {
    const absl::StatusOr<std::string> bytes = from_.Get(Family::kDefault, codec::FormatKey());
    if (!bytes.ok() && !absl::IsNotFound(bytes.status())) return bytes.status();
    if (!bytes.ok() || !codec::DecodeFormat(*bytes).ok()) {
      Lose("default: the format record, and with it the database's own id");
      return CheckFormat(target_, /*create=*/true, now);
    }
    FASTI_RETURN_IF_ERROR(writer_.Put(Family::kDefault, codec::FormatKey(), *bytes));
    FASTI_RETURN_IF_ERROR(writer_.Finish());
    return CheckFormat(target_, /*create=*/false, now);
  }

  absl::Status ReadCatalog() {
    uint64_t unreadable = 0;
    FASTI_RETURN_IF_ERROR(
        ScanPrefix(from_, Family::kDefault, codec::RelationPrefix(),
                   [&](absl::string_view key, absl::string_view value) -> absl::Status {
                     absl::StatusOr<RelationInfo> info = codec::DecodeRelation(value);
                     if (!info.ok() || Raw(info->id) < Raw(kFirstUserRelation) ||
                         info->name.empty() || key != codec::RelationKey(info->id)) {
                       ++unreadable;
                       return absl::OkStatus();
                     }
                     const bool is_key = info->is_attribute;
                     if (is_key && IsNameKey(info->name)) name_keys_.insert(Raw(info->id));
                     if (is_key && (info->name == kSourceUrl || info->name == kSourceHash)) {
                       source_keys_.insert(Raw(info->id));
                     }
                     relations_[Raw(info->id)] = *std::move(info);
                     return absl::OkStatus();
                   }));
    FASTI_RETURN_IF_ERROR(ScanPrefix(
        from_, Family::kDefault, codec::LabelPrefix(),
        [&](absl::string_view key, absl::string_view value) -> absl::Status {
          absl::StatusOr<LabelInfo> info = codec::DecodeLabel(value);
          if (!info.ok() || info->id == LabelId::kNone || key != codec::LabelKey(info->id)) {
            ++unreadable;
            return absl::OkStatus();
          }
          labels_[Raw(info->id)] = *std::move(info);
          return absl::OkStatus();
        }));
    if (unreadable > 0) Lose("default: ", unreadable, " names of relations or labels");
    return absl::OkStatus();
  }

  absl::Status ReadTimes() {
    uint64_t unreadable = 0;
    FASTI_RETURN_IF_ERROR(
        ScanPrefix(from_, Family::kTime, "",
                   [&](absl::string_view key, absl::string_view value) -> absl::Status {
                     const absl::StatusOr<uint64_t> sequence = codec::DecodeSequenceKey(key);
                     const absl::StatusOr<int64_t> time = codec::DecodeTime(value);
                     if (!sequence.ok() || !time.ok()) {
                       ++unreadable;
                       return absl::OkStatus();
                     }
                     Reach(*sequence);
                     return absl::OkStatus();
                   }));
    if (unreadable > 0) Lose("time: ", unreadable, " times of commits");
    return absl::OkStatus();
  }

  void ReadFold() {
    const absl::StatusOr<std::string> bytes = from_.Get(Family::kFold, codec::FoldKey());
    const absl::StatusOr<codec::FoldRecord> record =
        bytes.ok() ? codec::DecodeFoldRecord(*bytes) : bytes.status();
    if (!record.ok()) return;
    folded_ = *record;
    Reach(record->watermark);
    head_.next_entity = std::max(head_.next_entity, record->next_entity);
    head_.next_literal = std::max(head_.next_literal, record->next_literal);
    logged_times_[record->watermark] = record->time;
  }

  // As LogReplay, but for a hole, behind which it goes on.
  absl::Status ReadLog() {
    uint64_t unreadable = 0;
    std::vector<Row> rows;  // of a commit whose last record was not read yet
    std::optional<Instant> open_commit;
    const absl::Status status = ScanPrefix(
        from_, Family::kLog, "",
        [&](absl::string_view key, absl::string_view value) -> absl::Status {
          const absl::StatusOr<codec::LogRecord> record = codec::DecodeLogRecord(value);
          if (!codec::DecodeSequenceKey(key).ok() || !record.ok()) {
            ++unreadable;
            return absl::OkStatus();
          }
          if (source_.is_whole && folded_ && record->next_sequence <= folded_->watermark + 1) {
            return absl::OkStatus();
          }
          if (open_commit != record->commit_time) {
            rows.clear();  // what was open had no end
            open_commit = record->commit_time;
          }
          rows.insert(rows.end(), record->asserted.begin(), record->asserted.end());
          rows.insert(rows.end(), record->retracted.begin(), record->retracted.end());
          if (!record->last_part || record->next_sequence == 0) return absl::OkStatus();
          Reach(record->next_sequence - 1);
          head_.next_entity = std::max(head_.next_entity, record->next_entity);
          head_.next_literal = std::max(head_.next_literal, record->next_literal);
          logged_times_[record->next_sequence - 1] = record->commit_time;
          for (const Row& row : rows) FASTI_RETURN_IF_ERROR(Take(row));
          rows.clear();
          open_commit.reset();
          return absl::OkStatus();
        });
    if (unreadable > 0) Lose("log: ", unreadable, " records");
    return status;
  }

  void Reach(Sequence sequence) { head_.watermark = std::max(head_.watermark, sequence); }

  // A row of any state of any order.
  absl::Status Take(const Row& row) {
    if (row.version == 0 || row.subject == 0 || row.lineage == 0 || row.lineage > row.version) {
      return absl::OkStatus();  // no row that was ever written
    }
    if (relations_.count(row.relation) > 0) relations_met_.insert(row.relation);
    if (erasure_.Takes(row)) {
      report_.erased_versions.Insert(row.version);
      return absl::OkStatus();
    }
    const Term object = Term::FromBits(row.object);
    const bool is_literal = codec::TagOf(object) == codec::TermTag::kDictionary;
    const uint64_t literal = is_literal ? codec::LiteralOf(object) : 0;
    const bool is_key = name_keys_.contains(row.relation) || source_keys_.contains(row.relation);
    if (is_literal && !literals_.CanRead(literal)) {
      if (!is_key) {
        without_literal_.Insert(row.version);
        return absl::OkStatus();
      }
      stand_ins_.Insert(literal);
    }
    if ((row.flags & kHasQualifiers) != 0 && !evidence_.HasQualifiers(row.version)) {
      without_qualifiers_.Insert(row.version);
      return absl::OkStatus();
    }
    report_.versions.Insert(row.version);
    lineages_.Insert(row.lineage);
    if (is_literal) literals_used_.Insert(literal);
    if (is_literal && name_keys_.contains(row.relation)) names_.Insert(literal);
    if (source_keys_.contains(row.relation)) sources_.Insert(row.subject);
    NoteRelation(row, object);
    Reach(row.version);
    Reach(row.gone);
    head_.next_entity = std::max(head_.next_entity, row.subject + 1);
    if (object.is_entity()) {
      head_.next_entity = std::max(head_.next_entity, Raw(object.entity()) + 1);
    }
    head_.next_literal = std::max(head_.next_literal, literal + 1);
    return spool_.Add(row);
  }

  void NoteRelation(const Row& row, Term object) {
    if (row.relation >= Raw(kFirstUserRelation)) {
      bool& has_entities = relations_used_[row.relation];
      has_entities |= object.is_entity();
    } else if (row.relation == Raw(kLabel)) {
      const absl::StatusOr<LabelId> label = LabelOf(object);
      if (label.ok()) labels_used_ = std::max(labels_used_, Raw(*label));
    }
  }

  void TellLostRows() {
    const auto lose = [this](const NumberSet& versions, absl::string_view what) {
      if (!versions.empty()) Lose("post: ", versions.size(), " versions of facts whose ", what);
    };
    lose(without_literal_, "value is lost in dict");
    lose(without_qualifiers_, "qualifiers are lost in extra");
    if (!stand_ins_.empty()) {
      Lose("dict: ", stand_ins_.size(), " names or addresses, now called '",
           LiteralCopy::StandIn(0), "' with their own numbers");
    }
    if (source_.is_whole) return;
    const uint64_t accounted =
        report_.versions.size() + without_literal_.size() + without_qualifiers_.size();
    uint64_t missing = folded_ && folded_->rows > accounted ? folded_->rows - accounted : 0;
    if (source_.named != nullptr) {
      const uint64_t unseen = report_.versions.CountMissing(*source_.named);
      missing = std::max<uint64_t>(
          missing, unseen - std::min<uint64_t>(unseen, accounted - report_.versions.size()));
    }
    if (missing > 0) Lose("post: ", missing, " versions of facts that no order holds any more");
  }

  absl::Status WriteCatalog() {
    uint64_t stand_ins = 0;
    for (const auto& [id, has_entities] : relations_used_) {
      if (relations_.count(id) > 0) continue;
      RelationInfo info;
      info.id = static_cast<RelationId>(id);
      info.is_attribute = !has_entities;
      info.name = absl::StrCat("lost_", has_entities ? "relation_" : "attribute_", id);
      relations_[id] = std::move(info);
      ++stand_ins;
    }
    for (const auto& [id, info] : relations_) {
      if (relations_met_.contains(id) && relations_used_.count(id) == 0 && !erasure_.empty()) {
        ++report_.erased_relations;
        continue;
      }
      FASTI_RETURN_IF_ERROR(
          writer_.Put(Family::kDefault, codec::RelationKey(info.id), codec::EncodeRelation(info)));
    }
    // Labels are numbered without gaps.
    const uint32_t labels = std::max(labels_used_, labels_.empty() ? 0 : labels_.rbegin()->first);
    for (uint32_t id = 1; id <= labels; ++id) {
      LabelInfo& info = labels_[id];
      if (info.id == LabelId::kNone) {
        info.id = static_cast<LabelId>(id);
        info.name = absl::StrCat("lost_label_", id);
        ++stand_ins;
      }
      FASTI_RETURN_IF_ERROR(
          writer_.Put(Family::kDefault, codec::LabelKey(info.id), codec::EncodeLabel(info)));
    }
    if (stand_ins > 0) {
      Lose("default: the names of ", stand_ins,
           " relations, attributes or labels, now called 'lost_' with their own numbers");
    }
    return CopyOtherRecords();
  }

  absl::Status CopyOtherRecords() {
    for (const std::string& prefix :
         {codec::BatchPrefix(), codec::FiguresKey(), codec::PurgePrefix()}) {
      FASTI_RETURN_IF_ERROR(ScanPrefix(from_, Family::kDefault, prefix,
                                       [this](absl::string_view key, absl::string_view value) {
                                         return writer_.Put(Family::kDefault, key, value);
                                       }));
    }
    return absl::OkStatus();
  }

  // Each time as it was recorded, or as the log says; the last commit needs one.
  absl::Status WriteTimes() {
    std::map<Sequence, Instant>& times = logged_times_;
    Instant last = kInstantMin;
    const auto write = [&](Sequence sequence, Instant time) -> absl::Status {
      if (time <= last) return absl::OkStatus();
      last = time;
      last_sequence_ = sequence;
      return writer_.Put(Family::kTime, codec::SequenceKey(sequence), codec::EncodeTime(time));
    };
    const auto copy = [&](absl::string_view key, absl::string_view value) -> absl::Status {
      const absl::StatusOr<uint64_t> sequence = codec::DecodeSequenceKey(key);
      const absl::StatusOr<int64_t> time = codec::DecodeTime(value);
      if (!sequence.ok() || !time.ok()) return absl::OkStatus();
      while (!times.empty() && times.begin()->first < *sequence) {
        FASTI_RETURN_IF_ERROR(write(times.begin()->first, times.begin()->second));
        times.erase(times.begin());
      }
      times.erase(*sequence);
      return write(*sequence, *time);
    };
    FASTI_RETURN_IF_ERROR(ScanPrefix(from_, Family::kTime, "", copy));
    for (const auto& [sequence, time] : times) FASTI_RETURN_IF_ERROR(write(sequence, time));
    if (head_.watermark > last_sequence_) {
      Lose("time: when the last commit was made");
      FASTI_RETURN_IF_ERROR(write(head_.watermark, last + 1));
    }
    head_.time = last;
    return absl::OkStatus();
  }

  absl::Status WriteBlocks() {
    if (head_.watermark == 0) return absl::OkStatus();  // nothing was ever committed
    FASTI_RETURN_IF_ERROR(spool_.Seal());
    head_.rows = report_.versions.size();
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Installation> installation,
                           target_.NewInstallation());
    for (const Order order : kAllOrders) {
      FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> run,
                             installation->NewRun(Family::kPost));
      BlockMerge merge(target_, order, *run);
      FASTI_RETURN_IF_ERROR(
          spool_.ForEach(order, [&merge](const Row& row) { return merge.Add(row); }));
      FASTI_RETURN_IF_ERROR(merge.Finish());
      FASTI_RETURN_IF_ERROR(run->Finish());
    }
    FASTI_RETURN_IF_ERROR(WriteRecord(*installation, Family::kFold, codec::FoldKey(),
                                      codec::EncodeFoldRecord(head_)));
    return installation->Install();
  }

  const RewriteSource& source_;
  const storage::Store& from_;
  const Erasure& erasure_;
  storage::Store& target_;
  BatchWriter writer_;
  LiteralCopy literals_;
  EvidenceCopy evidence_;
  RowSpool spool_;
  RewriteReport report_;

  codec::FoldRecord head_{.time = kInstantMin};  // of the new database
  std::optional<codec::FoldRecord> folded_;      // of the old one
  std::map<Sequence, Instant> logged_times_;     // of commits that the log or `fold` tells of
  Sequence last_sequence_ = 0;                   // with a time
  std::map<uint32_t, RelationInfo> relations_;   // by id
  std::map<uint32_t, LabelInfo> labels_;
  absl::flat_hash_set<uint32_t> name_keys_;      // attributes by which entities are found
  absl::flat_hash_set<uint32_t> source_keys_;    // and sources
  absl::flat_hash_set<uint32_t> relations_met_;  // by a row, kept or not
  std::map<uint32_t, bool> relations_used_;      // by a kept row: whether one names an entity
  uint32_t labels_used_ = 0;                     // the greatest
  NumberSet lineages_, literals_used_, names_, sources_;  // of kept rows
  NumberSet stand_ins_;                                   // literals
  NumberSet without_literal_, without_qualifiers_;        // versions
};

}  // namespace

bool Erasure::Takes(const Row& row) const {
  if (empty()) return false;
  if (entities.contains(row.subject) || lineages.contains(row.lineage)) return true;
  const Term object = Term::FromBits(row.object);
  if (object.is_entity() && entities.contains(Raw(object.entity()))) return true;
  const auto since = retracted_since.find(row.lineage);
  return since != retracted_since.end() && row.gone != 0 && row.version >= since->second;
}

bool Erasure::IsNamedIn(absl::string_view bytes) const {
  return absl::c_any_of(
      names, [bytes](const std::string& name) { return absl::StrContains(bytes, name); });
}

absl::StatusOr<RewriteReport> Rewrite(const RewriteSource& source, const Erasure& erasure,
                                      Instant now, storage::Store& target) {
  return Rewriter(source, erasure, target).Run(now);
}

}  // namespace fasti::graph
