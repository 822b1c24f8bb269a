// RocksDB alone, with one key per fact in each of three orders: what the machine and the store give
// before anybody adds meaning.  Intervals get no special treatment here, so a question about a
// moment reads everything that began before it.

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "benchmarks/compare/engine.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

// A key is a letter and five numbers, big endian, in the order that the letter stands for:
//   O subject relation from object to    I object from to relation subject
//   R relation from to object subject    E number, a name    N name, a number
constexpr size_t kKeyBytes = 21;
using Numbers = std::array<uint32_t, 5>;

uint32_t FromDay(Day day) {
  return static_cast<uint32_t>(day) ^ 0x80000000;  // so that days before 1970 sort first
}
Day ToDay(uint32_t number) {
  return static_cast<Day>(number ^ 0x80000000);
}

Numbers NumbersOf(char order, const FactRow& row) {
  const uint32_t from = FromDay(row.from), to = FromDay(row.to);
  if (order == 'O') return {row.subject, row.relation, from, row.object, to};
  if (order == 'I') return {row.object, from, to, row.relation, row.subject};
  return {row.relation, from, to, row.object, row.subject};
}

FactRow RowOf(char order, const Numbers& n) {
  if (order == 'O') return {n[0], n[1], n[3], ToDay(n[2]), ToDay(n[4])};
  if (order == 'I') return {n[4], n[3], n[0], ToDay(n[1]), ToDay(n[2])};
  return {n[4], n[0], n[3], ToDay(n[1]), ToDay(n[2])};
}

void AppendBigEndian(uint32_t number, std::string* key) {
  for (int shift = 24; shift >= 0; shift -= 8) key->push_back(static_cast<char>(number >> shift));
}
uint32_t LoadBigEndian(const char* bytes) {
  uint32_t number;
  std::memcpy(&number, bytes, sizeof(number));
  return __builtin_bswap32(number);
}

// The first `count` numbers behind the letter.
std::string Key(char order, const Numbers& numbers, size_t count = 5) {
  std::string key(1, order);
  key.reserve(kKeyBytes);
  for (size_t i = 0; i < count; ++i) AppendBigEndian(numbers[i], &key);
  return key;
}

Numbers ParseKey(const rocksdb::Slice& key) {
  Numbers numbers;
  for (size_t i = 0; i < 5; ++i) numbers[i] = LoadBigEndian(key.data() + 1 + 4 * i);
  return numbers;
}

absl::Status ToStatus(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("RocksDB: ", status.ToString()));
}

rocksdb::Options MakeOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kCacheBytes);
  table.block_size = size_t{16} << 10;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

class RocksWriter : public Writer {
 public:
  explicit RocksWriter(rocksdb::DB& db, bool sync) : db_(db) { options_.sync = sync; }

  absl::Status Commit(absl::Span<const FactRow> rows) override {
    rocksdb::WriteBatch batch;
    for (const FactRow& row : rows) {
      for (const char order : {'O', 'I', 'R'}) batch.Put(Key(order, NumbersOf(order, row)), "");
    }
    return ToStatus(db_.Write(options_, &batch));
  }

 private:
  rocksdb::DB& db_;
  rocksdb::WriteOptions options_;
};

class RocksEngine : public Engine {
 public:
  explicit RocksEngine(std::string directory) : directory_(std::move(directory)) {}

  absl::Status Load(const std::string& path) override {
    Facts facts;
    FASTI_RETURN_IF_ERROR(ReadFacts(path, &facts));
    FASTI_RETURN_IF_ERROR(Open(Mode::kServe));
    std::vector<std::string> files;
    FASTI_RETURN_IF_ERROR(WriteNames(facts.entities, &files));
    for (const char order : {'I', 'O', 'R'}) {
      FASTI_RETURN_IF_ERROR(WriteOrder(order, &facts.rows, &files));
    }
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    FASTI_RETURN_IF_ERROR(ToStatus(db_->IngestExternalFile(files, ingest)));
    return Close();
  }

  absl::Status Open(Mode mode) override {
    rocksdb::DB* db = nullptr;
    FASTI_RETURN_IF_ERROR(ToStatus(rocksdb::DB::Open(MakeOptions(), directory_, &db)));
    db_.reset(db);
    mode_ = mode;
    Refresh();
    return absl::OkStatus();
  }

  absl::Status Ask(const Question& question, Answer* answer) override {
    if (written_) Refresh();
    const uint32_t from = FromDay(question.from), to = FromDay(question.to);
    const auto holds = [&](const FactRow& row) {
      return row.from < question.to && row.to > question.from;
    };
    const Numbers pair = {question.subject, question.relation, 0, 0, 0};
    switch (question.kind) {
      case Kind::kAt:
      case Kind::kHub:
        return Scan('O', pair, 2, {question.subject, question.relation, to}, 3,
                    [&](const FactRow& row) {
                      if (holds(row)) answer->AddFact(row);
                    });
      case Kind::kEntity:
        FASTI_RETURN_IF_ERROR(
            Scan('I', {question.subject}, 1, {question.subject, to}, 2, [&](const FactRow& row) {
              if (holds(row)) answer->AddFact(row);
            }));
        return ScanOut(question.subject, [&](const FactRow& row) {
          if (holds(row) && row.object != row.subject) answer->AddFact(row);
        });
      case Kind::kTop:
        return AskTop(question, to, answer);
      case Kind::kMonths: {
        std::map<int32_t, uint64_t> months;
        FASTI_RETURN_IF_ERROR(Scan('R', {question.relation}, 1, {question.relation + 1}, 1,
                                   [&](const FactRow& row) { ++months[MonthOf(row.from)]; }));
        for (const auto& [month, count] : months) answer->Add(static_cast<uint64_t>(month), count);
        return absl::OkStatus();
      }
      case Kind::kTwoHops:
      case Kind::kPaths:
        return AskWalks(question, answer);
      case Kind::kLast:
        return AskLast(question, from, answer);
    }
    return absl::UnimplementedError("no such question");
  }

  absl::StatusOr<std::unique_ptr<Writer>> NewWriter() override {
    written_ = true;
    return std::make_unique<RocksWriter>(*db_, mode_ == Mode::kServe);
  }

  absl::Status Close() override {
    iterator_.reset();
    const absl::Status status = ToStatus(db_->Close());
    db_.reset();
    return status;
  }

 private:
  void Refresh() { iterator_.reset(db_->NewIterator(rocksdb::ReadOptions())); }

  absl::Status WriteFile(const std::function<absl::Status(rocksdb::SstFileWriter&)>& fill,
                         std::vector<std::string>* files) {
    files->push_back(absl::StrCat(directory_, "/load", files->size(), ".tmp"));
    rocksdb::SstFileWriter writer{rocksdb::EnvOptions(), MakeOptions()};
    FASTI_RETURN_IF_ERROR(ToStatus(writer.Open(files->back())));
    FASTI_RETURN_IF_ERROR(fill(writer));
    return ToStatus(writer.Finish());
  }

  absl::Status WriteOrder(char order, std::vector<FactRow>* rows, std::vector<std::string>* files) {
    std::sort(rows->begin(), rows->end(), [order](const FactRow& a, const FactRow& b) {
      return NumbersOf(order, a) < NumbersOf(order, b);
    });
    const auto fill = [&](rocksdb::SstFileWriter& writer) {
      for (const FactRow& row : *rows) {
        FASTI_RETURN_IF_ERROR(ToStatus(writer.Put(Key(order, NumbersOf(order, row)), "")));
      }
      return absl::OkStatus();
    };
    return WriteFile(fill, files);
  }

  // Both directions, as a dictionary has them.
  absl::Status WriteNames(const Names& names, std::vector<std::string>* files) {
    std::vector<uint32_t> numbers(names.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    const auto fill_numbers = [&](rocksdb::SstFileWriter& writer) {
      for (const uint32_t i : numbers) {
        FASTI_RETURN_IF_ERROR(ToStatus(writer.Put(Key('E', {i}, 1), names[i])));
      }
      return absl::OkStatus();
    };
    FASTI_RETURN_IF_ERROR(WriteFile(fill_numbers, files));
    std::sort(numbers.begin(), numbers.end(),
              [&](uint32_t a, uint32_t b) { return names[a] < names[b]; });
    const auto fill_names = [&](rocksdb::SstFileWriter& writer) {
      for (const uint32_t i : numbers) {
        FASTI_RETURN_IF_ERROR(ToStatus(writer.Put(absl::StrCat("N", names[i]), Key('E', {i}, 1))));
      }
      return absl::OkStatus();
    };
    return WriteFile(fill_names, files);
  }

  // Rows from the first `begin_count` numbers of `begin` up to those of `end`, which are excluded.
  template <typename Visit>
  absl::Status Scan(char order, const Numbers& begin, size_t begin_count, const Numbers& end,
                    size_t end_count, Visit visit) {
    const std::string last = Key(order, end, end_count);
    for (iterator_->Seek(Key(order, begin, begin_count));
         iterator_->Valid() && iterator_->key().compare(last) < 0; iterator_->Next()) {
      visit(RowOf(order, ParseKey(iterator_->key())));
    }
    return ToStatus(iterator_->status());
  }
  template <typename Visit>
  absl::Status ScanOut(uint32_t subject, Visit visit) {
    return Scan('O', {subject}, 1, {subject + 1}, 1, visit);
  }

  absl::Status AskTop(const Question& question, uint32_t to, Answer* answer) {
    absl::flat_hash_map<uint32_t, uint64_t> counts;
    FASTI_RETURN_IF_ERROR(
        Scan('R', {question.relation}, 1, {question.relation, to}, 2, [&](const FactRow& row) {
          if (row.to > question.from) ++counts[row.object];
        }));
    std::vector<std::pair<uint32_t, uint64_t>> top(counts.begin(), counts.end());
    std::sort(top.begin(), top.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    for (size_t i = 0; i < std::min<size_t>(top.size(), 10); ++i) {
      answer->Add(top[i].first, top[i].second);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<FactRow>> Steps(const Question& question, uint32_t subject) {
    std::vector<FactRow> rows;
    FASTI_RETURN_IF_ERROR(ScanOut(subject, [&](const FactRow& row) {
      const bool inside = question.kind == Kind::kTwoHops
                              ? row.from < question.to && row.to > question.from
                              : row.from >= question.from && row.to <= question.to;
      if (inside) rows.push_back(row);
    }));
    return rows;
  }

  absl::Status AskWalks(const Question& question, Answer* answer) {
    FASTI_ASSIGN_OR_RETURN(const auto first_steps, Steps(question, question.subject));
    for (const FactRow& first : first_steps) {
      FASTI_ASSIGN_OR_RETURN(const auto second_steps, Steps(question, first.object));
      for (const FactRow& second : second_steps) {
        if (question.kind == Kind::kTwoHops) {
          if (second != first) answer->Add(first.object, second.object);
          continue;
        }
        if (second.from < first.to) continue;
        FASTI_ASSIGN_OR_RETURN(const auto third_steps, Steps(question, second.object));
        for (const FactRow& third : third_steps) {
          if (third.from >= second.to) answer->Add(first.object, second.object, third.object);
        }
      }
    }
    return absl::OkStatus();
  }

  // Backwards from the moment: the first fact that had ended, and those that began with it.
  absl::Status AskLast(const Question& question, uint32_t from, Answer* answer) {
    const std::string first = Key('O', {question.subject, question.relation}, 2);
    std::optional<Day> began;
    for (iterator_->SeekForPrev(Key('O', {question.subject, question.relation, from}, 3));
         iterator_->Valid() && iterator_->key().compare(first) > 0; iterator_->Prev()) {
      const FactRow row = RowOf('O', ParseKey(iterator_->key()));
      if (began.has_value() && row.from < *began) break;
      if (row.to > question.from) continue;
      began = row.from;
      answer->AddFact(row);
    }
    return ToStatus(iterator_->status());
  }

  const std::string directory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  Mode mode_ = Mode::kServe;
  bool written_ = false;
};

}  // namespace

std::unique_ptr<Engine> MakeRocksEngine(const std::string& directory) {
  return std::make_unique<RocksEngine>(directory);
}

}  // namespace fasti::bench
