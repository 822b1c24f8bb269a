#pragma once

#include <atomic>
#include <istream>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fasti/database.h"

// The shell for programs: one JSON object per line each way (docs/json_lines.md).
//
//   {"id":7,"q":"RETURN $x AS x","params":{"x":1}}
//   {"id":7,"ok":true,"columns":["x"],"rows":[[1]],"effects":{}}

namespace fasti::shell {

class JsonLines {
 public:
  // `path` is what the database was opened as: only ":memory:" can be reset.
  // `cancelled` ends the running statement when set; it is cleared before each.
  JsonLines(std::unique_ptr<Database> database, absl::string_view path,
            std::atomic<bool>& cancelled);

  // Answers one request.  Never fails: what is wrong is told in the reply.
  std::string Answer(absl::string_view line);

  // Answers every line of `in` until its end, flushing after each, then closes the database.
  absl::Status Run(std::istream& in, std::ostream& out);

 private:
  absl::Status Reset();

  std::unique_ptr<Database> database_;
  std::string path_;
  std::atomic<bool>& cancelled_;
};

}  // namespace fasti::shell
