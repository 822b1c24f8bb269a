#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "benchmarks/compare/data.h"
#include "benchmarks/compare/question.h"

namespace fasti::bench {

// What an engine answered, reduced to what can be compared: how many rows, and a sum of their
// hashes, which does not depend on their order.
class Answer {
 public:
  void Add(uint64_t a, uint64_t b = 0, uint64_t c = 0, uint64_t d = 0, uint64_t e = 0) {
    ++rows_;
    uint64_t hash = 0;
    for (const uint64_t value : {a, b, c, d, e}) {
      hash = (hash ^ value) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 29;
    }
    hash_ += hash;
  }
  void AddFact(const FactRow& row) {
    Add(row.subject, row.relation, row.object, static_cast<uint64_t>(int64_t{row.from}),
        static_cast<uint64_t>(int64_t{row.to}));
  }
  uint64_t rows() const { return rows_; }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t rows_ = 0;
  uint64_t hash_ = 0;
};

// A way to write for one thread.
class Writer {
 public:
  virtual ~Writer() = default;
  // One transaction of new facts about entities and relations that exist; durable on return.
  virtual absl::Status Commit(absl::Span<const FactRow> rows) = 0;
};

// What is compared: the same data, the same questions, each engine as somebody who knows it well
// would use it.
class Engine {
 public:
  virtual ~Engine() = default;

  enum class Mode : uint8_t {
    kServe,       // as in production
    kKeepWrites,  // nothing written is moved into its final form: what recovery has to read
  };

  // Makes the database from a data set, names included, and closes it.
  virtual absl::Status Load(const std::string& facts) = 0;
  // The same with several threads that read; UNIMPLEMENTED if only one can.
  virtual absl::Status LoadInParallel(const std::string& /*facts*/, int /*threads*/) {
    return absl::UnimplementedError("one thread loads");
  }
  virtual absl::Status Open(Mode mode) = 0;
  // Answers one question.  May be called by one thread at a time.  UNIMPLEMENTED with the reason
  // if the engine has no words for it.
  virtual absl::Status Ask(const Question& question, Answer* answer) = 0;
  virtual absl::StatusOr<std::unique_ptr<Writer>> NewWriter() = 0;
  virtual absl::Status Close() = 0;
};

// The engine of a name, its files in `directory`; INVALID_ARGUMENT if there is none,
// UNIMPLEMENTED if this build or this machine lacks it.
//   fasti  its own calls    fql  prepared statements    rocksdb  keys in three orders
//   sqlite                  duckdb                     disk     commits only
absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(absl::string_view name,
                                                   const std::string& directory);

// What each engine may use for its cache: more than the data take.
inline constexpr uint64_t kCacheBytes = uint64_t{1} << 30;

std::unique_ptr<Engine> MakeFastiEngine(const std::string& directory);
std::unique_ptr<Engine> MakeFqlEngine(const std::string& directory);
std::unique_ptr<Engine> MakeRocksEngine(const std::string& directory);
std::unique_ptr<Engine> MakeSqliteEngine(const std::string& directory);
std::unique_ptr<Engine> MakeDiskEngine(const std::string& directory);
absl::StatusOr<std::unique_ptr<Engine>> MakeDuckEngine(const std::string& directory);

}  // namespace fasti::bench
