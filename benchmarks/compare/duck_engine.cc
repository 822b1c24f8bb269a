// DuckDB with three sorted copies of the facts, so that its zone maps make each question a short
// scan.  An analytical engine: it shines where much is read.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmarks/compare/duck_api.h"
#include "benchmarks/compare/engine.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

using Handle = DuckApi::Handle;

constexpr const char* kTables[] = {"out_fact", "in_fact", "rel_fact"};

// $1 entity, $2 relation, $3 and $4 the window.  Counts come as BIGINT and are cast, so that every
// column of every answer is an INTEGER.
const char* QueryOf(Kind kind) {
  switch (kind) {
    case Kind::kAt:
    case Kind::kHub:
      return "SELECT s, r, o, f, t FROM out_fact WHERE s = $1 AND r = $2 AND f <= $3 AND t > $3";
    case Kind::kEntity:
      return "SELECT s, r, o, f, t FROM out_fact WHERE s = $1 AND f < $3 AND t > $2 UNION ALL "
             "SELECT s, r, o, f, t FROM in_fact WHERE o = $1 AND s <> $1 AND f < $3 AND t > $2";
    case Kind::kTop:
      return "SELECT o, count(*)::INTEGER AS n FROM rel_fact WHERE r = $1 AND f < $3 AND t > $2 "
             "GROUP BY o ORDER BY n DESC, o LIMIT 10";
    case Kind::kMonths:
      return "SELECT ((extract('year' FROM m) - 1970) * 12 + extract('month' FROM m) - 1)::INTEGER,"
             " n::INTEGER FROM (SELECT date_trunc('month', DATE '1970-01-01' + f) AS m, "
             "count(*) AS n FROM rel_fact WHERE r = $1 GROUP BY m)";
    case Kind::kTwoHops:
      return "WITH a AS MATERIALIZED (SELECT * FROM out_fact WHERE s = $1 AND f <= $2 AND t > $2) "
             "SELECT a.o, b.o FROM a JOIN out_fact b ON b.s = a.o "
             "WHERE b.f <= $2 AND b.t > $2 AND NOT "
             "(b.s = a.s AND b.r = a.r AND b.o = a.o AND b.f = a.f AND b.t = a.t)";
    case Kind::kPaths:
      return "WITH w AS MATERIALIZED (SELECT * FROM out_fact WHERE s = $1 AND f >= $2 AND t <= $3)"
             " SELECT w.o, b.o, c.o FROM w JOIN out_fact b ON b.s = w.o JOIN out_fact c ON "
             "c.s = b.o WHERE b.f >= w.t AND b.f >= $2 AND b.t <= $3 AND c.f >= b.t AND "
             "c.f >= $2 AND c.t <= $3";
    case Kind::kLast:
      return "SELECT s, r, o, f, t FROM out_fact WHERE s = $1 AND r = $2 AND t <= $3 AND f = "
             "(SELECT max(f) FROM out_fact WHERE s = $1 AND r = $2 AND f < $3 AND t <= $3)";
  }
  return "";
}

std::vector<int32_t> ParametersOf(const Question& q) {
  const auto s = static_cast<int32_t>(q.subject), r = static_cast<int32_t>(q.relation);
  switch (q.kind) {
    case Kind::kEntity:
    case Kind::kPaths:
      return {s, q.from, q.to};
    case Kind::kTop:
      return {r, q.from, q.to};
    case Kind::kMonths:
      return {r};
    case Kind::kTwoHops:
      return {s, q.from};
    default:
      return {s, r, q.from};
  }
}

int ColumnsOf(Kind kind) {
  switch (kind) {
    case Kind::kTop:
    case Kind::kMonths:
    case Kind::kTwoHops:
      return 2;
    case Kind::kPaths:
      return 3;
    default:
      return 5;
  }
}

class DuckDatabase {
 public:
  static absl::StatusOr<std::unique_ptr<DuckDatabase>> Open(const DuckApi& api,
                                                            const std::string& path) {
    auto database = std::unique_ptr<DuckDatabase>(new DuckDatabase(api));
    if (api.open(path.c_str(), &database->handle_) != 0) {
      return absl::InternalError(absl::StrCat("DuckDB: cannot open ", path));
    }
    return database;
  }
  ~DuckDatabase() { api_.close(&handle_); }
  DuckDatabase(const DuckDatabase&) = delete;
  DuckDatabase& operator=(const DuckDatabase&) = delete;
  Handle handle() const { return handle_; }

 private:
  explicit DuckDatabase(const DuckApi& api) : api_(api) {}
  const DuckApi& api_;
  Handle handle_ = nullptr;
};

class DuckConnection {
 public:
  DuckConnection(const DuckApi& api, const DuckDatabase& database) : api_(api) {
    api_.connect(database.handle(), &handle_);
  }
  ~DuckConnection() {
    for (Handle& statement : statements_) api_.destroy_prepare(&statement);
    api_.disconnect(&handle_);
  }
  DuckConnection(const DuckConnection&) = delete;
  DuckConnection& operator=(const DuckConnection&) = delete;

  absl::Status Run(const std::string& text) {
    DuckApi::Result result;
    const int code = api_.query(handle_, text.c_str(), &result);
    const absl::Status status = Check(code, &result);
    api_.destroy_result(&result);
    return status;
  }
  absl::StatusOr<Handle> Prepare(const char* text) {
    Handle statement = nullptr;
    const int code = api_.prepare(handle_, text, &statement);
    statements_.push_back(statement);
    if (code == 0) return statement;
    return absl::InternalError(absl::StrCat("DuckDB: ", api_.prepare_error(statement)));
  }
  // Runs a statement and calls visit(columns, row) for each row of 32-bit numbers.
  template <typename Visit>
  absl::Status Execute(Handle statement, const std::vector<int32_t>& parameters, int columns,
                       Visit visit) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      api_.bind_int32(statement, i + 1, parameters[i]);
    }
    DuckApi::Result result;
    const absl::Status status = Check(api_.execute_prepared(statement, &result), &result);
    while (status.ok()) {
      Handle chunk = api_.fetch_chunk(result);
      if (chunk == nullptr) break;
      std::vector<const int32_t*> data;
      for (int i = 0; i < columns; ++i) {
        data.push_back(static_cast<const int32_t*>(
            api_.vector_get_data(api_.data_chunk_get_vector(chunk, static_cast<uint64_t>(i)))));
      }
      const uint64_t rows = api_.data_chunk_get_size(chunk);
      for (uint64_t row = 0; row < rows; ++row) visit(data, row);
      api_.destroy_data_chunk(&chunk);
    }
    api_.destroy_result(&result);
    return status;
  }
  Handle handle() const { return handle_; }

 private:
  absl::Status Check(int code, DuckApi::Result* result) const {
    if (code == 0) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("DuckDB: ", api_.result_error(result)));
  }

  const DuckApi& api_;
  Handle handle_ = nullptr;
  std::vector<Handle> statements_;
};

class DuckWriter : public Writer {
 public:
  DuckWriter(const DuckApi& api, const DuckDatabase& database) : connection_(api, database) {}

  absl::Status Prepare() {
    for (const char* table : kTables) {
      FASTI_ASSIGN_OR_RETURN(
          const Handle insert,
          connection_.Prepare(
              absl::StrCat("INSERT INTO ", table, " VALUES ($1, $2, $3, $4, $5)").c_str()));
      inserts_.push_back(insert);
    }
    return absl::OkStatus();
  }

  absl::Status Commit(absl::Span<const FactRow> rows) override {
    FASTI_RETURN_IF_ERROR(connection_.Run("BEGIN"));
    for (const FactRow& row : rows) {
      for (const Handle insert : inserts_) {
        FASTI_RETURN_IF_ERROR(connection_.Execute(
            insert,
            {static_cast<int32_t>(row.subject), static_cast<int32_t>(row.relation),
             static_cast<int32_t>(row.object), row.from, row.to},
            0, [](const auto&, uint64_t) {}));
      }
    }
    return connection_.Run("COMMIT");
  }

 private:
  DuckConnection connection_;
  std::vector<Handle> inserts_;
};

class DuckEngine : public Engine {
 public:
  DuckEngine(const DuckApi& api, const std::string& directory)
      : api_(api), path_(absl::StrCat(directory, "/facts.duckdb")) {}

  absl::Status Load(const std::string& path) override {
    Facts facts;
    FASTI_RETURN_IF_ERROR(ReadFacts(path, &facts));
    FASTI_ASSIGN_OR_RETURN(const auto database, DuckDatabase::Open(api_, path_));
    DuckConnection connection(api_, *database);
    for (const char* table : {"entity", "relation"}) {
      FASTI_RETURN_IF_ERROR(
          connection.Run(absl::StrCat("CREATE TABLE ", table, "(id INTEGER, name VARCHAR)")));
    }
    FASTI_RETURN_IF_ERROR(AppendNames(connection, "entity", facts.entities));
    FASTI_RETURN_IF_ERROR(AppendNames(connection, "relation", facts.relations));
    FASTI_RETURN_IF_ERROR(Append(connection, "out_fact", &facts.rows, [](const FactRow& f) {
      return std::tie(f.subject, f.relation, f.from, f.object, f.to);
    }));
    FASTI_RETURN_IF_ERROR(Append(connection, "in_fact", &facts.rows, [](const FactRow& f) {
      return std::tie(f.object, f.from, f.relation, f.subject, f.to);
    }));
    FASTI_RETURN_IF_ERROR(Append(connection, "rel_fact", &facts.rows, [](const FactRow& f) {
      return std::tie(f.relation, f.from, f.object, f.subject, f.to);
    }));
    return connection.Run("CHECKPOINT");
  }

  absl::Status Open(Mode /*mode*/) override {
    FASTI_ASSIGN_OR_RETURN(database_, DuckDatabase::Open(api_, path_));
    connection_ = std::make_unique<DuckConnection>(api_, *database_);
    return connection_->Run(
        absl::StrCat("SET threads = 1; SET memory_limit = '", (kCacheBytes * 4) >> 20, "MiB'"));
  }

  absl::Status Ask(const Question& question, Answer* answer) override {
    Handle& statement = statements_[question.kind];
    if (statement == nullptr) {
      FASTI_ASSIGN_OR_RETURN(statement, connection_->Prepare(QueryOf(question.kind)));
    }
    const int columns = ColumnsOf(question.kind);
    return connection_->Execute(
        statement, ParametersOf(question), columns,
        [&](const std::vector<const int32_t*>& data, uint64_t row) {
          const auto at = [&](size_t i) {
            return i < data.size() ? static_cast<uint64_t>(int64_t{data[i][row]}) : 0;
          };
          answer->Add(at(0), at(1), at(2), at(3), at(4));
        });
  }

  absl::StatusOr<std::unique_ptr<Writer>> NewWriter() override {
    auto writer = std::make_unique<DuckWriter>(api_, *database_);
    FASTI_RETURN_IF_ERROR(writer->Prepare());
    return writer;
  }

  absl::Status Close() override {
    statements_.clear();
    connection_.reset();
    database_.reset();
    return absl::OkStatus();
  }

 private:
  absl::Status AppendNames(const DuckConnection& connection, const char* table,
                           const Names& names) {
    Handle appender = nullptr;
    int failures = api_.appender_create(connection.handle(), nullptr, table, &appender);
    for (uint32_t i = 0; i < names.size(); ++i) {
      failures |= api_.append_int32(appender, static_cast<int32_t>(i));
      failures |= api_.append_varchar_length(appender, names[i].data(), names[i].size());
      failures |= api_.appender_end_row(appender);
    }
    failures |= api_.appender_destroy(&appender);
    return failures == 0 ? absl::OkStatus() : absl::InternalError("DuckDB: cannot append names");
  }

  template <typename KeyOf>
  absl::Status Append(DuckConnection& connection, const char* table, std::vector<FactRow>* rows,
                      KeyOf key_of) {
    FASTI_RETURN_IF_ERROR(connection.Run(absl::StrCat(
        "CREATE TABLE ", table, "(s INTEGER, r INTEGER, o INTEGER, f INTEGER, t INTEGER)")));
    std::sort(rows->begin(), rows->end(),
              [&](const FactRow& a, const FactRow& b) { return key_of(a) < key_of(b); });
    Handle appender = nullptr;
    int failures = api_.appender_create(connection.handle(), nullptr, table, &appender);
    for (const FactRow& row : *rows) {
      failures |= api_.append_int32(appender, static_cast<int32_t>(row.subject));
      failures |= api_.append_int32(appender, static_cast<int32_t>(row.relation));
      failures |= api_.append_int32(appender, static_cast<int32_t>(row.object));
      failures |= api_.append_int32(appender, row.from);
      failures |= api_.append_int32(appender, row.to);
      failures |= api_.appender_end_row(appender);
    }
    failures |= api_.appender_destroy(&appender);
    return failures == 0 ? absl::OkStatus() : absl::InternalError("DuckDB: cannot append facts");
  }

  const DuckApi& api_;
  const std::string path_;
  std::unique_ptr<DuckDatabase> database_;
  std::unique_ptr<DuckConnection> connection_;
  std::map<Kind, Handle> statements_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> MakeDuckEngine(const std::string& directory) {
  FASTI_ASSIGN_OR_RETURN(const DuckApi* const api, LoadDuckApi());
  return std::make_unique<DuckEngine>(*api, directory);
}

}  // namespace fasti::bench
