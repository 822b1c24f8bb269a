#include "engine/graph/consistency.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/block.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/log_record.h"
#include "engine/codec/post_key.h"
#include "engine/codec/term.h"
#include "engine/graph/catalog.h"
#include "engine/graph/purge_log.h"
#include "engine/graph/recovery.h"
#include "engine/graph/scan_prefix.h"
#include "engine/graph/writing_figures.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;
using storage::Family;

constexpr size_t kProblemsMax = 100;
constexpr std::array<Order, 4> kOrders = {Order::kOut, Order::kIn, Order::kRel, Order::kId};
constexpr absl::string_view kOrderNames[] = {"", "OUT", "IN", "REL", "ID"};

// A number that does not depend on the order in which rows are met.
struct Digest {
  uint64_t rows = 0;
  uint64_t sum = 0;

  void Add(const Row& row) {
    ++rows;
    sum += absl::Hash<std::tuple<uint64_t, uint64_t, uint64_t, uint32_t, uint16_t, int64_t,
                                 uint64_t, int64_t, int64_t, uint64_t, uint64_t>>()(
        {row.subject, row.object, row.version, row.relation, row.flags, row.from, row.duration,
         row.known_from, row.known_to, row.gone, row.lineage});
  }
  friend bool operator==(const Digest&, const Digest&) = default;
};

class Checker {
 public:
  explicit Checker(const storage::Store& store) : store_(store) {}

  absl::StatusOr<std::vector<std::string>> RunQuickly() {
    FASTI_RETURN_IF_ERROR(ReadState());
    FASTI_RETURN_IF_ERROR(CheckLastTime());
    return std::move(problems_);
  }

  absl::StatusOr<std::vector<std::string>> Run() {
    FASTI_RETURN_IF_ERROR(ReadState());
    FASTI_RETURN_IF_ERROR(CheckBlocks());
    CheckOrders();
    FASTI_RETURN_IF_ERROR(CheckLiterals());
    FASTI_RETURN_IF_ERROR(CheckTimes());
    return std::move(problems_);
  }

 private:
  template <typename... Parts>
  void Report(const Parts&... parts) {
    if (problems_.size() < kProblemsMax) problems_.push_back(absl::StrCat(parts...));
  }

  // What every opening reads: the fold record, the log above it, the catalog; and figures for
  // people.
  absl::Status ReadState() {
    FASTI_ASSIGN_OR_RETURN(folded_, ReadFolded(store_));
    FASTI_ASSIGN_OR_RETURN(state_, Recover(store_));
    state_.active->ForEach([this](const Row& row) { CheckRow(row, state_.sequence); });
    if (const auto figures = LoadWritingFigures(store_); !figures.ok()) {
      Report("figures of writing: ", figures.status().message());
    }
    if (const auto purges = SumOfPurges(store_); !purges.ok()) {
      Report("log of purges: ", purges.status().message());
    }
    return absl::OkStatus();
  }

  absl::Status CheckBlocks() {
    std::optional<PostKey> previous;
    return ScanPrefix(store_, Family::kPost, "",
                      [&](absl::string_view bytes, absl::string_view value) -> absl::Status {
                        const absl::StatusOr<PostKey> key = codec::DecodePostKey(bytes);
                        const absl::StatusOr<codec::BlockReader> block =
                            codec::BlockReader::Open(value);
                        if (!key.ok() || !block.ok()) {
                          Report("block: ", (key.ok() ? block.status() : key.status()).message());
                          return absl::OkStatus();
                        }
                        CheckBlock(*key, *block, &previous);
                        return absl::OkStatus();
                      });
  }

  // `previous` is the last key met, of a row or of a block.
  void CheckBlock(const PostKey& block_key, const codec::BlockReader& block,
                  std::optional<PostKey>* previous) {
    const absl::string_view name = kOrderNames[static_cast<size_t>(block_key.order)];
    for (size_t i = 0; i < block.size(); ++i) {
      const Row row = block.row(i);
      const PostKey key = codec::KeyOfRow(block_key.order, row);
      if (previous->has_value() && key <= **previous) {
        Report(name, ": version ", row.version, " is out of order");
      }
      if (!codec::OrderHolds(block_key.order, row)) {
        Report(name, ": version ", row.version, " does not belong into this order");
      }
      *previous = key;
      digests_[Index(block_key.order)].Add(row);
      if (block_key.order != Order::kOut) continue;
      CheckRow(row, folded_.base);
      for (const Order order : kOrders) {
        if (!codec::OrderHolds(order, row)) continue;
        expected_[Index(order)].Add(order == Order::kId ? codec::IdRow(row) : row);
      }
    }
    if (previous->has_value() && **previous > block_key) {
      Report(name, ": a block holds rows above its key");
    }
    *previous = block_key;
  }

  void CheckOrders() {
    for (const Order order : kOrders) {
      const Digest& found = digests_[Index(order)];
      const Digest& expected = expected_[Index(order)];
      if (found == expected) continue;
      Report(kOrderNames[static_cast<size_t>(order)], ": expected the ", expected.rows,
             " rows of OUT that belong there, found ", found.rows,
             found.rows == expected.rows ? " that differ" : "");
    }
    if (digests_[Index(Order::kOut)].rows != folded_.base_rows) {
      Report("OUT: expected ", folded_.base_rows, " rows by the fold record, found ",
             digests_[Index(Order::kOut)].rows);
    }
  }

  void CheckRow(const Row& row, Sequence last) {
    const Head& head = state_.head;
    if (row.version == 0 || row.version > last || row.gone > last) {
      Report("version ", row.version, ", gone ", row.gone, ": expected at most ", last);
    }
    if (row.lineage == 0 || row.lineage > row.version) {
      Report("version ", row.version, " has the lineage ", row.lineage);
    }
    if (row.subject == 0 || row.subject >= head.next_entity) {
      Report("version ", row.version, ": there is no entity ", row.subject);
    }
    if (head.catalog->GetRelation(static_cast<RelationId>(row.relation)) == nullptr) {
      Report("version ", row.version, ": there is no relation ", row.relation);
    }
    CheckObject(row);
    if ((row.flags & kHasQualifiers) != 0) CheckQualifiers(row.version);
  }

  void CheckObject(const Row& row) {
    const Term object = Term::FromBits(row.object);
    if (object.is_entity()) {
      if (Raw(object.entity()) >= state_.head.next_entity) {
        Report("version ", row.version, ": there is no entity ", Raw(object.entity()));
      }
    } else if (codec::TagOf(object) == codec::TermTag::kDictionary) {
      const uint64_t literal = codec::LiteralOf(object);
      if (literal == 0 || literal >= state_.head.next_literal) {
        Report("version ", row.version, ": there is no literal ", literal);
      } else {
        if (literals_used_.size() <= literal) literals_used_.resize(literal + 1);
        literals_used_[literal] = true;
      }
    }
  }

  void CheckQualifiers(uint64_t version) {
    const absl::StatusOr<std::string> bytes =
        store_.Get(Family::kExtra, codec::VersionExtraKey(version));
    const absl::Status status =
        bytes.ok() ? codec::DecodeVersionExtra(*bytes).status() : bytes.status();
    if (!status.ok()) Report("qualifiers of version ", version, ": ", status.message());
  }

  absl::Status CheckLiterals() {
    const Dictionary dictionary(store_);
    for (uint64_t literal = 1; literal < literals_used_.size(); ++literal) {
      if (!literals_used_[literal]) continue;
      const absl::StatusOr<Value> value = dictionary.Get(literal, nullptr);
      if (!value.ok()) {
        Report(value.status().message());
        continue;
      }
      FASTI_ASSIGN_OR_RETURN(const std::string bytes, codec::EncodeLiteral(*value));
      const absl::StatusOr<std::optional<uint64_t>> found = dictionary.Find(bytes, nullptr);
      if (!found.ok()) {
        Report(found.status().message());
      } else if (*found != literal) {
        Report("dictionary: literal ", literal, " is not found by its value");
      }
    }
    return absl::OkStatus();
  }

  absl::Status CheckTimes() {
    Instant last = kInstantMin;
    Sequence last_sequence = 0;
    FASTI_RETURN_IF_ERROR(
        ScanPrefix(store_, Family::kTime, "",
                   [&](absl::string_view key, absl::string_view value) -> absl::Status {
                     FASTI_ASSIGN_OR_RETURN(last_sequence, codec::DecodeSequenceKey(key));
                     FASTI_ASSIGN_OR_RETURN(const Instant time, codec::DecodeTime(value));
                     if (time <= last) {
                       Report("time: the commit that ends at sequence ", last_sequence,
                              " is not later than the one before it");
                     }
                     last = time;
                     return absl::OkStatus();
                   }));
    CheckLastTimeAt(last_sequence);
    return absl::OkStatus();
  }

  absl::Status CheckLastTime() {
    const std::unique_ptr<storage::Cursor> cursor = store_.NewCursor(Family::kTime);
    cursor->SeekForPrevious(codec::SequenceKey(UINT64_MAX));
    FASTI_RETURN_IF_ERROR(cursor->status());
    Sequence last_sequence = 0;
    if (cursor->Valid()) {
      FASTI_ASSIGN_OR_RETURN(last_sequence, codec::DecodeSequenceKey(cursor->key()));
      FASTI_RETURN_IF_ERROR(codec::DecodeTime(cursor->value()).status());
    }
    CheckLastTimeAt(last_sequence);
    return absl::OkStatus();
  }

  void CheckLastTimeAt(Sequence sequence) {
    if (sequence == state_.sequence) return;
    Report("time: expected the last entry at sequence ", state_.sequence, ", found ", sequence);
  }

  static size_t Index(Order order) { return static_cast<size_t>(order) - 1; }

  const storage::Store& store_;
  Recovered folded_;
  Recovered state_;
  std::array<Digest, 4> digests_;
  std::array<Digest, 4> expected_;  // by the rows of OUT
  std::vector<bool> literals_used_;
  std::vector<std::string> problems_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> CheckConsistency(const storage::Store& store) {
  return Checker(store).Run();
}

absl::StatusOr<std::vector<std::string>> CheckStore(const storage::Store& store) {
  FASTI_ASSIGN_OR_RETURN(std::vector<std::string> problems, store.Verify());
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> broken, CheckConsistency(store));
  problems.insert(problems.end(), broken.begin(), broken.end());
  return problems;
}

absl::StatusOr<std::vector<std::string>> CheckStoreQuickly(const storage::Store& store) {
  FASTI_ASSIGN_OR_RETURN(std::vector<std::string> problems, store.Verify());
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> broken, Checker(store).RunQuickly());
  problems.insert(problems.end(), broken.begin(), broken.end());
  return problems;
}

}  // namespace fasti::graph
