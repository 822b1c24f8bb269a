#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "fasti/database.h"
#include "fasti/session.h"

// MemoryMachine's hands: runs one statement on a copy of its own of a database, and tells what came
// of it and how much memory it took.

namespace fasti {
namespace {

constexpr absl::Duration kTimeMax = absl::Seconds(10);

absl::Status RunToTheEnd(const Session& session, const std::string& statement, uint64_t bytes) {
  RunOptions options;
  options.limits.memory_bytes = bytes;
  options.limits.time = kTimeMax;
  absl::StatusOr<std::unique_ptr<Result>> result = session.Run(statement, {}, options);
  if (!result.ok()) return result.status();
  std::vector<Value> row;
  while (true) {
    const absl::StatusOr<bool> more = (*result)->Next(&row);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
  }
}

int Run(const std::string& path, uint64_t bytes, const std::string& statement) {
  const absl::StatusOr<std::unique_ptr<Database>> database =
      Database::Open(path, {.durability = Durability::kBuffered, .cache_bytes = 32 << 20});
  if (!database.ok()) {
    std::printf("%s\n", database.status().ToString().c_str());
    return 1;
  }
  const Session session(**database);
  const absl::Status status = RunToTheEnd(session, statement, bytes);
  // Whoever asked too much disturbs nobody.
  const absl::Status after = RunToTheEnd(session, "MATCH (a:P) RETURN count(*)", bytes);
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const std::optional<QueryError> error = GetQueryError(status);
  std::printf("%s\n%s\n%ld\n",
              status.ok() ? "rows"
              : error     ? error->code.c_str()
                          : "?",
              after.ok() ? "goes on" : after.ToString().c_str(), usage.ru_maxrss);
  return 0;
}

}  // namespace
}  // namespace fasti

// PATH BYTES STATEMENT
int main(int argc, char** argv) {
  uint64_t bytes = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[2], &bytes)) {
    std::fprintf(stderr, "usage: %s PATH BYTES STATEMENT\n", argv[0]);
    return 2;
  }
  return fasti::Run(argv[1], bytes, argv[3]);
}
