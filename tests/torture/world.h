#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "tests/torture/random_change.h"
#include "tests/torture/random_question.h"
#include "tests/torture/reference_model.h"
#include "tests/torture/told_time.h"

namespace fasti::torture {

inline constexpr Micros kFirstMoment = Micros{1'717'243'200} * 1'000'000;  // 2024-06-01T12:00:00Z

// A database and its model, to which the same is done.  Its clock stands still but for changes.
class World {
 public:
  // Where the database is to be; ":memory:" if it is never opened again.
  explicit World(std::string path);

  // The entities that changes and questions speak of.
  absl::Status Begin();

  // INTERNAL if the statement tells another effect than it has on the model.
  absl::Status Do(const Change& change);

  // INTERNAL if the database does not answer as the model does; how many rows there are.
  absl::StatusOr<size_t> Ask(const Question& question) const;

  absl::Status Check() const;

  Micros now() const { return model_.now; }
  size_t row_count() const { return model_.rows.size(); }

 private:
  struct Outcome {
    std::vector<Cells> rows;
    Effects effects;
  };

  absl::Status Open();
  absl::StatusOr<Outcome> Run(const std::string& statement) const;
  // A statement reads at the moment it begins, so what it commits comes after.
  Micros CommitTime() const { return model_.now + 1; }

  void Create(const Change& change);
  void CreateCrowd(const Change& change);
  // What stands in the record now of what `change` is about is replaced by what `make` makes of
  // it; nothing if it stays.  Returns of how many facts nothing is left.
  template <typename Make>
  int64_t Replace(const Change& change, Make make);

  const std::string path_;
  ReferenceModel model_;
  uint64_t lineages_ = 0;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

}  // namespace fasti::torture
