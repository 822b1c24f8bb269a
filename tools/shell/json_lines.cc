#include "tools/shell/json_lines.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "tools/shell/json_read.h"
#include "tools/shell/json_value.h"

namespace fasti::shell {
namespace {

std::string ErrorReply(absl::string_view id, const absl::Status& status) {
  const QueryError error = GetQueryError(status).value_or(
      QueryError{.code = absl::StrCat("EngineError.", absl::StatusCodeToString(status.code())),
                 .at_runtime = true,
                 .message = std::string(status.message())});
  std::string place;
  if (error.line > 0) {
    place = absl::StrCat(",\"line\":", error.line, ",\"column\":", error.column);
  }
  return absl::StrCat("{\"id\":", id, ",\"ok\":false,\"error\":{\"code\":", JsonString(error.code),
                      ",\"phase\":", error.at_runtime ? "\"runtime\"" : "\"compile\"",
                      ",\"message\":", JsonString(error.message), place, "}}");
}

std::string EffectsJson(const Effects& effects) {
  std::vector<std::string> parts;
  auto add = [&parts](absl::string_view name, int64_t count) {
    if (count != 0) parts.push_back(absl::StrCat("\"", name, "\":", count));
  };
  add("+nodes", effects.nodes_created);
  add("-nodes", effects.nodes_deleted);
  add("+relationships", effects.relationships_created);
  add("-relationships", effects.relationships_deleted);
  add("+properties", effects.properties_set);
  add("-properties", effects.properties_removed);
  add("+labels", effects.labels_added);
  add("-labels", effects.labels_removed);
  return absl::StrCat("{", absl::StrJoin(parts, ","), "}");
}

absl::StatusOr<std::string> RowsJson(Result& result) {
  std::string out = "[";
  std::vector<Value> row;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, result.Next(&row));
    if (!more) return absl::StrCat(out, "]");
    absl::StrAppend(&out, out.size() > 1 ? ",[" : "[");
    for (size_t i = 0; i < row.size(); ++i) {
      FASTI_ASSIGN_OR_RETURN(const std::string text, JsonValue(result, row[i]));
      absl::StrAppend(&out, i > 0 ? "," : "", text);
    }
    out += ']';
  }
}

absl::StatusOr<std::string> RunStatement(Database& database, const JsonRequest& request,
                                         const std::atomic<bool>& cancelled) {
  FASTI_ASSIGN_OR_RETURN(
      const std::unique_ptr<Result> result,
      Session(database).Run(request.statement, request.parameters, {.cancelled = &cancelled}));
  std::vector<std::string> columns;
  for (const std::string& column : result->columns()) columns.push_back(JsonString(column));
  FASTI_ASSIGN_OR_RETURN(const std::string rows, RowsJson(*result));
  return absl::StrCat("{\"id\":", request.id, ",\"ok\":true,\"columns\":[",
                      absl::StrJoin(columns, ","), "],\"rows\":", rows,
                      ",\"effects\":", EffectsJson(result->effects()),
                      ",\"sequence\":", result->sequence(), "}");
}

}  // namespace

JsonLines::JsonLines(std::unique_ptr<Database> database, absl::string_view path,
                     std::atomic<bool>& cancelled)
    : database_(std::move(database)), path_(path), cancelled_(cancelled) {}

absl::Status JsonLines::Reset() {
  if (path_ != ":memory:") {
    return absl::FailedPreconditionError(
        absl::StrCat("reset empties scratch databases only (:memory:), not ", path_));
  }
  FASTI_ASSIGN_OR_RETURN(database_, Database::Open(path_, {}));
  return absl::OkStatus();
}

std::string JsonLines::Answer(absl::string_view line) {
  const absl::StatusOr<JsonRequest> request = ReadJsonRequest(line);
  if (!request.ok()) return ErrorReply("null", request.status());
  cancelled_ = false;
  if (request->reset) {
    if (const absl::Status status = Reset(); !status.ok()) return ErrorReply(request->id, status);
    return absl::StrCat("{\"id\":", request->id,
                        ",\"ok\":true,\"columns\":[],\"rows\":[],\"effects\":{}}");
  }
  absl::StatusOr<std::string> reply = RunStatement(*database_, *request, cancelled_);
  return reply.ok() ? *std::move(reply) : ErrorReply(request->id, reply.status());
}

absl::Status JsonLines::Run(std::istream& in, std::ostream& out) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    out << Answer(line) << '\n' << std::flush;
  }
  return database_->Close();
}

}  // namespace fasti::shell
