#include <algorithm>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/text.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "query/parse/parser.h"
#include "query/parse/printer.h"
#include "tests/fuzz/small_world.h"
#include "tests/fuzz/target.h"

// Statements: any bytes are prepared as a plan, or refused with a code and a place within them;
// what only reads runs to rows that can be printed, or to an error with a code.

namespace fasti::fuzz {
namespace {

absl::Status CheckError(absl::string_view text, const absl::Status& status) {
  const std::optional<QueryError> error = GetQueryError(status);
  if (!error.has_value()) return Broken("an error without a code: ", status.ToString());
  if (error->code.empty() || error->message.empty()) return Broken("an error that says nothing");
  if (FindInvalidUtf8(error->message).has_value()) return Broken("a message that is not UTF-8");
  const auto lines = static_cast<uint32_t>(1 + std::count(text.begin(), text.end(), '\n'));
  if (error->line > lines || error->column > text.size() + 1) {
    return Broken("an error at ", error->line, ":", error->column, " of ", lines, " lines");
  }
  return absl::OkStatus();
}

// The tree is printed, and SplitScript agrees with Parse about where the statement ends.
absl::Status CheckTree(absl::string_view text, const ast::Statement& statement) {
  if (FormatTree(statement).empty() || FormatTreeInline(statement).empty()) {
    return Broken("a statement without a tree");
  }
  const absl::StatusOr<std::vector<std::string>> parts = SplitScript(text);
  if (!parts.ok()) return Broken("a statement that cannot be split: ", parts.status().ToString());
  if (parts->size() != 1) return Broken("a statement that is split in ", parts->size());
  const absl::StatusOr<ast::Statement> again = Parse(parts->front());
  if (again.ok() && FormatTreeInline(*again) == FormatTreeInline(statement)) {
    return absl::OkStatus();
  }
  return Broken("a statement that is another when it is split");
}

absl::Status ReadRows(absl::string_view text, Result& result) {
  std::vector<Value> row;
  while (true) {
    const absl::StatusOr<bool> more = result.Next(&row);
    if (!more.ok()) return CheckError(text, more.status());
    if (!*more) return absl::OkStatus();
    if (row.size() != result.columns().size()) return Broken("a row of ", row.size(), " cells");
    for (const Value& value : row) {
      if (FindInvalidUtf8(FormatValue(value)).has_value()) return Broken("a cell that is no text");
      if (value.is(Value::Kind::kNode)) {
        FASTI_RETURN_IF_ERROR(result.Node(value.as_node()).status());
      } else if (value.is(Value::Kind::kFact)) {
        FASTI_RETURN_IF_ERROR(result.Relationship(*value.as_fact()).status());
      }
    }
  }
}

}  // namespace

absl::Status FuzzStatement(absl::string_view input) {
  const absl::StatusOr<ast::Statement> statement = Parse(input);
  if (!statement.ok()) return CheckError(input, statement.status());
  FASTI_RETURN_IF_ERROR(CheckTree(input, *statement));
  const absl::StatusOr<std::unique_ptr<Prepared>> prepared = SmallWorld().Prepare(input);
  if (!prepared.ok()) return CheckError(input, prepared.status());
  if ((*prepared)->writes()) return absl::OkStatus();
  const Parameters parameters = {{"p", Value(3)}, {"name", Value("e3")}};
  const absl::StatusOr<std::unique_ptr<Result>> result =
      (*prepared)->Run(parameters, SmallLimits());
  return result.ok() ? ReadRows(input, **result) : CheckError(input, result.status());
}

}  // namespace fasti::fuzz
