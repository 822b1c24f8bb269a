#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fasti/database.h"
#include "fasti/result.h"

namespace fasti {

using Parameters = std::map<std::string, Value>;

// Bounds of one run.  A query that would exceed one ends with LimitError.
struct RunLimits {
  absl::Duration time = absl::Seconds(30);
  uint64_t rows = 1'000'000;
  uint64_t memory_bytes = uint64_t{256} << 20;
};

struct RunOptions {
  RunLimits limits;
  // Set to true by another thread, or a signal handler, to end the run with "Cancelled"; may be
  // null.
  const std::atomic<bool>* cancelled = nullptr;
};

// A statement that was parsed, bound and planned once, to be run many times with other parameters.
// It may be run by several threads at once and must not outlive its Session.
class Prepared {
 public:
  virtual ~Prepared() = default;
  virtual absl::StatusOr<std::unique_ptr<Result>> Run(const Parameters& parameters,
                                                      const RunOptions& options) const = 0;
  virtual bool writes() const = 0;
};

// One user of a database: turns texts of the query language into rows.
//
//   Session session(*database);
//   FASTI_ASSIGN_OR_RETURN(auto result, session.Run("MATCH (n) RETURN n.name", {}, {}));
//   std::vector<Value> row;
//   while (true) {
//     FASTI_ASSIGN_OR_RETURN(bool more, result->Next(&row));
//     if (!more) break;
//   }
//
// Methods may be called from several threads at once.
class Session {
 public:
  // The database must outlive the session.
  explicit Session(Database& database);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Every error carries a QueryError.  Planning ends as a run does when its time is over or it is
  // cancelled.
  absl::StatusOr<std::unique_ptr<Prepared>> Prepare(absl::string_view statement,
                                                    const RunOptions& options = {}) const;
  // Prepares and runs one statement, in the time of one run.
  absl::StatusOr<std::unique_ptr<Result>> Run(absl::string_view statement,
                                              const Parameters& parameters,
                                              const RunOptions& options) const;

  // The statements of a script, split at ';' outside of strings and comments.
  static absl::StatusOr<std::vector<std::string>> Split(absl::string_view script);
  // The tree of a statement, one line per node, for people who debug queries.
  static absl::StatusOr<std::string> FormatTree(absl::string_view statement);
  // The words of the language that may come next, for completion in a shell.
  static std::vector<std::string> Keywords();
  // Names of the functions, for completion.
  static std::vector<std::string> Functions();

 private:
  Database& database_;
};

}  // namespace fasti
