#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "gtest/gtest.h"

namespace fasti::test {

// A database in memory and a session on it, whose answers are text: a row is its values with
// " | " between them, an error is its code and place, "SyntaxError.UndefinedVariable 1:8".
class Graph {
 public:
  using Rows = std::vector<std::string>;

  Graph() {
    Options options;
    options.clock = [] { return kNow; };
    absl::StatusOr<std::unique_ptr<Database>> opened = Database::Open(":memory:", options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    database_ = *std::move(opened);
    session_ = std::make_unique<Session>(*database_);
  }
  ~Graph() {
    session_.reset();
    EXPECT_TRUE(database_->Close().ok());
  }

  // 2025-11-21T12:00:00Z
  static constexpr Instant kNow = int64_t{1'763'726'400} * 1'000'000;

  Database& database() { return *database_; }
  const Session& session() const { return *session_; }

  Rows Run(absl::string_view text, const Parameters& parameters = {},
           const RunOptions& options = {}) {
    return RowsOf(session_->Run(text, parameters, options));
  }

  Rows RowsOf(absl::StatusOr<std::unique_ptr<Result>> result) {
    if (!result.ok()) return {ErrorText(result.status())};
    effects_ = (*result)->effects();
    Rows rows;
    std::vector<Value> row;
    while (true) {
      const absl::StatusOr<bool> more = (*result)->Next(&row);
      if (!more.ok()) {
        rows.push_back(ErrorText(more.status()));
        return rows;
      }
      if (!*more) return rows;
      rows.push_back(absl::StrJoin(row, " | ", [&](std::string* out, const Value& value) {
        absl::StrAppend(out, Text(**result, value));
      }));
    }
  }

  // Of the last statement that succeeded: "+2 nodes -1 labels".
  std::string EffectsText() const {
    std::vector<std::string> parts;
    const auto add = [&](int64_t count, absl::string_view what) {
      if (count != 0) parts.push_back(absl::StrCat(what.substr(0, 1), count, " ", what.substr(1)));
    };
    add(effects_.nodes_created, "+nodes");
    add(effects_.nodes_deleted, "-nodes");
    add(effects_.relationships_created, "+relationships");
    add(effects_.relationships_deleted, "-relationships");
    add(effects_.properties_set, "+properties");
    add(effects_.properties_removed, "-properties");
    add(effects_.labels_added, "+labels");
    add(effects_.labels_removed, "-labels");
    return absl::StrJoin(parts, " ");
  }

 private:
  static std::string ErrorText(const absl::Status& status) {
    const std::optional<QueryError> error = GetQueryError(status);
    if (!error.has_value()) return absl::StrCat("no QueryError: ", status.ToString());
    return absl::StrCat(error->code, " ", error->line, ":", error->column);
  }

  static std::string PropertiesText(const Map& properties) {
    return properties.empty() ? "" : absl::StrCat(" ", FormatValue(Value(properties)));
  }

  static std::string Text(const Result& result, const Value& value) {
    switch (value.kind()) {
      case Value::Kind::kNode: {
        const absl::StatusOr<NodeView> node = result.Node(value.as_node());
        if (!node.ok()) return node.status().ToString();
        const std::string labels = absl::StrJoin(node->labels, ":");
        return absl::StrCat("(", labels.empty() ? "" : ":", labels,
                            PropertiesText(node->properties), ")");
      }
      case Value::Kind::kFact: {
        const absl::StatusOr<RelationshipView> fact = result.Relationship(*value.as_fact());
        if (!fact.ok()) return fact.status().ToString();
        return absl::StrCat("[:", fact->type, PropertiesText(fact->properties), "]");
      }
      case Value::Kind::kList:
        return absl::StrCat("[",
                            absl::StrJoin(value.as_list(), ", ",
                                          [&](std::string* out, const Value& item) {
                                            absl::StrAppend(out, Text(result, item));
                                          }),
                            "]");
      default:
        return FormatValue(value);
    }
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
  Effects effects_;
};

}  // namespace fasti::test
