#include <string>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/substitute.h"
#include "fasti/status_macros.h"
#include "query/parse/parser.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/small_world.h"
#include "tests/fuzz/target.h"

// Conditions: whatever one says, a pattern has as many rows as the condition, its negation and its
// being unknown give together; and it does not matter whether rows are tested where they are found
// or behind.
// After M. Rigger and Z. Su, Finding Bugs in Database Systems via Query Partitioning (2020).

namespace fasti::fuzz {
namespace {

struct Source {
  absl::string_view pattern;  // $0: the name of an entity
  bool has_view = false;      // properties are read in the view of their own clause
};
constexpr Source kSources[] = {
    {"(a {name: '$0'})-[f]->(b)"},
    {"(a {name: '$0'})-[f]-(b)"},
    {"(a {name: '$0'})-[f:met|leads]->(b)"},
    {"(a {name: '$0'})-[f:.*]->(b)"},
    {"(a {name: '$0'})-[f:leads]->(b)-[g:met]->(c)"},
    {"(a {name: '$0'})-[f]->(b) AT @2021", true},
    {"(a {name: '$0'})-[f]->(b) AT @2020-06 AS OF @2022-04", true},
    {"(a {name: '$0'})<-[f]-(b:B) DURING @2020..2022", true},
    {"(a:B), (b {name: '$0'})"},
};

// Whether `text`, in parentheses, is one expression that says the same whenever it is asked.
bool IsCondition(absl::string_view text) {
  const absl::StatusOr<ast::Statement> statement =
      Parse(absl::StrCat("RETURN (\n", text, "\n) AS p"));
  if (!statement.ok()) return false;
  const auto* query = std::get_if<ast::Query>(&statement->body);
  if (query == nullptr || query->parts.size() != 1 || query->parts[0].clauses.size() != 1) {
    return false;
  }
  const ast::Projection& projection = std::get<ast::Return>(query->parts[0].clauses[0]).projection;
  return projection.items.size() == 1 && projection.order_by.empty() &&
         projection.skip == nullptr && projection.limit == nullptr && !projection.distinct &&
         !absl::StrContains(absl::AsciiStrToLower(text), "rand");
}

// What only says that the question was refused, or took too much.
constexpr int64_t kNoAnswer = -1;

int64_t Count(absl::string_view match, absl::string_view condition) {
  return CountOf(absl::StrCat("MATCH ", match, " WHERE ", condition, " RETURN count(*)"))
      .value_or(kNoAnswer);
}

}  // namespace

absl::Status FuzzPredicate(absl::string_view input) {
  Draw draw(input);
  const Source& source = kSources[draw.Below(std::size(kSources))];
  const std::string match = absl::Substitute(source.pattern, absl::StrCat("e", draw.Below(8)));
  const absl::string_view text = draw.Rest();
  if (!IsCondition(text)) return absl::OkStatus();
  const std::string condition = absl::StrCat("(\n", text, "\n)");
  const int64_t is_true = Count(match, condition);
  if (is_true == kNoAnswer) return absl::OkStatus();
  const int64_t is_false = Count(match, absl::StrCat("NOT ", condition));
  const int64_t is_unknown = Count(match, absl::StrCat(condition, " IS NULL"));
  if (is_false == kNoAnswer || is_unknown == kNoAnswer) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const int64_t all,
                         CountOf(absl::StrCat("MATCH ", match, " RETURN count(*)")));
  if (is_true + is_false + is_unknown != all) {
    return Broken(match, " WHERE ", condition, ": ", is_true, " + ", is_false, " + ", is_unknown,
                  " of ", all, " rows");
  }
  if (source.has_view) return absl::OkStatus();
  const int64_t behind =
      CountOf(absl::StrCat("MATCH ", match, " WITH * WHERE ", condition, " RETURN count(*)"))
          .value_or(kNoAnswer);
  if (behind == kNoAnswer || behind == is_true) return absl::OkStatus();
  return Broken(match, " WHERE ", condition, ": ", is_true, " rows, and ", behind, " behind WITH");
}

}  // namespace fasti::fuzz
