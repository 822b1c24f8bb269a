// SQLite as somebody who knows it would keep such facts: a table without row ids under its natural
// key, indexes that cover every question, and one more set of indexes for the few facts that are
// longer than a month, so that "holds at t" is a short range for all others.

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmarks/compare/engine.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

constexpr int kBusyMilliseconds = 60'000;

constexpr char kTables[] = R"(
CREATE TABLE entity(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE relation(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE fact(s INTEGER NOT NULL, r INTEGER NOT NULL, f INTEGER NOT NULL, o INTEGER NOT NULL,
                  t INTEGER NOT NULL, PRIMARY KEY(s, r, f, o, t)) WITHOUT ROWID;
)";
constexpr char kIndexes[] = R"(
CREATE INDEX entity_name ON entity(name);
CREATE INDEX by_s ON fact(s, f, t, r, o);
CREATE INDEX by_o ON fact(o, f, t, r, s);
CREATE INDEX by_r ON fact(r, f, t, o, s);
CREATE INDEX long_sr ON fact(s, r, t, f, o) WHERE t - f > 31;
CREATE INDEX long_s ON fact(s, t, f, r, o) WHERE t - f > 31;
CREATE INDEX long_o ON fact(o, t, f, r, s) WHERE t - f > 31;
CREATE INDEX long_r ON fact(r, t, f, o, s) WHERE t - f > 31;
)";

// Each names its indexes, so no statistics are gathered: with them the planner puts a filter over a
// whole index in front of a walk of two steps.
// ?1 entity, ?2 relation, ?3 and ?4 the window [from, to).  What is at most 31 days long and holds
// in it begins less than 31 days before it.
constexpr char kAtQuery[] = R"(
SELECT s, r, o, f, t FROM fact
 WHERE s = ?1 AND r = ?2 AND f > ?3 - 31 AND f <= ?3 AND t > ?3 AND t - f <= 31
UNION ALL
SELECT s, r, o, f, t FROM fact INDEXED BY long_sr
 WHERE s = ?1 AND r = ?2 AND t > ?3 AND f <= ?3 AND t - f > 31)";

constexpr char kEntityQuery[] = R"(
SELECT s, r, o, f, t FROM fact INDEXED BY by_s
 WHERE s = ?1 AND f > ?3 - 31 AND f < ?4 AND t > ?3 AND t - f <= 31
UNION ALL
SELECT s, r, o, f, t FROM fact INDEXED BY long_s WHERE s = ?1 AND t > ?3 AND f < ?4 AND t - f > 31
UNION ALL
SELECT s, r, o, f, t FROM fact INDEXED BY by_o
 WHERE o = ?1 AND s <> ?1 AND f > ?3 - 31 AND f < ?4 AND t > ?3 AND t - f <= 31
UNION ALL
SELECT s, r, o, f, t FROM fact INDEXED BY long_o
 WHERE o = ?1 AND s <> ?1 AND t > ?3 AND f < ?4 AND t - f > 31)";

constexpr char kTopQuery[] = R"(
SELECT o, count(*) AS n FROM (
  SELECT o FROM fact INDEXED BY by_r
   WHERE r = ?2 AND f > ?3 - 31 AND f < ?4 AND t > ?3 AND t - f <= 31
  UNION ALL
  SELECT o FROM fact INDEXED BY long_r WHERE r = ?2 AND t > ?3 AND f < ?4 AND t - f > 31)
 GROUP BY o ORDER BY n DESC, o LIMIT 10)";

// Days are counted in the index; months are made of days by the caller.
constexpr char kMonthsQuery[] =
    "SELECT f, count(*) FROM fact INDEXED BY by_r WHERE r = ?2 GROUP BY f";

constexpr char kTwoHopsQuery[] = R"(
WITH a(s, r, o, f, t) AS MATERIALIZED (
  SELECT s, r, o, f, t FROM fact INDEXED BY by_s
   WHERE s = ?1 AND f > ?3 - 31 AND f <= ?3 AND t > ?3 AND t - f <= 31
  UNION ALL
  SELECT s, r, o, f, t FROM fact INDEXED BY long_s
   WHERE s = ?1 AND t > ?3 AND f <= ?3 AND t - f > 31)
SELECT a.o, b.o FROM a CROSS JOIN fact b INDEXED BY by_s
 WHERE b.s = a.o AND b.f > ?3 - 31 AND b.f <= ?3 AND b.t > ?3 AND b.t - b.f <= 31
   AND NOT (b.s = a.s AND b.r = a.r AND b.o = a.o AND b.f = a.f AND b.t = a.t)
UNION ALL
SELECT a.o, b.o FROM a CROSS JOIN fact b INDEXED BY long_s
 WHERE b.s = a.o AND b.t > ?3 AND b.f <= ?3 AND b.t - b.f > 31
   AND NOT (b.s = a.s AND b.r = a.r AND b.o = a.o AND b.f = a.f AND b.t = a.t))";

constexpr char kPathsQuery[] = R"(
SELECT a.o, b.o, c.o
  FROM fact a INDEXED BY by_s CROSS JOIN fact b INDEXED BY by_s CROSS JOIN fact c INDEXED BY by_s
 WHERE a.s = ?1 AND a.f >= ?3 AND a.f < ?4 AND a.t <= ?4
   AND b.s = a.o AND b.f >= a.t AND b.f < ?4 AND b.t <= ?4
   AND c.s = b.o AND c.f >= b.t AND c.f < ?4 AND c.t <= ?4)";

constexpr char kLastQuery[] = R"(
SELECT s, r, o, f, t FROM fact
 WHERE s = ?1 AND r = ?2 AND t <= ?3 AND f = (
   SELECT f FROM fact WHERE s = ?1 AND r = ?2 AND f < ?3 AND t <= ?3 ORDER BY f DESC LIMIT 1))";

const char* QueryOf(Kind kind) {
  switch (kind) {
    case Kind::kAt:
    case Kind::kHub:
      return kAtQuery;
    case Kind::kEntity:
      return kEntityQuery;
    case Kind::kTop:
      return kTopQuery;
    case Kind::kMonths:
      return kMonthsQuery;
    case Kind::kTwoHops:
      return kTwoHopsQuery;
    case Kind::kPaths:
      return kPathsQuery;
    case Kind::kLast:
      return kLastQuery;
  }
  return "";
}

// A connection; SQLite's calls as Statuses.
class Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open(path.c_str(), &handle);
    auto connection = std::unique_ptr<Connection>(new Connection(handle));
    FASTI_RETURN_IF_ERROR(connection->Check(code));
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    return connection;
  }
  ~Connection() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  absl::Status Run(const std::string& script) {
    return Check(sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr));
  }
  // A statement that lives as long as the connection.
  absl::StatusOr<sqlite3_stmt*> Prepare(const char* text) {
    sqlite3_stmt* statement = nullptr;
    FASTI_RETURN_IF_ERROR(Check(
        sqlite3_prepare_v3(handle_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr)));
    statements_.push_back(statement);
    return statement;
  }
  // Runs a statement of which no rows are wanted.
  absl::Status Step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? absl::OkStatus() : Check(code);
  }
  absl::Status Check(int code) const {
    if (code == SQLITE_OK) return absl::OkStatus();
    return absl::InternalError(absl::StrCat("SQLite: ", sqlite3_errmsg(handle_)));
  }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  sqlite3* const handle_;
  std::vector<sqlite3_stmt*> statements_;
};

std::string CacheSetting() {
  return absl::StrCat("PRAGMA cache_size=-", kCacheBytes / 1024,
                      ";PRAGMA temp_store=MEMORY;PRAGMA mmap_size=", kCacheBytes * 4, ";");
}

void BindRow(const FactRow& row, sqlite3_stmt* insert) {
  sqlite3_bind_int64(insert, 1, row.subject);
  sqlite3_bind_int64(insert, 2, row.relation);
  sqlite3_bind_int64(insert, 3, row.from);
  sqlite3_bind_int64(insert, 4, row.object);
  sqlite3_bind_int64(insert, 5, row.to);
}
constexpr char kInsert[] = "INSERT INTO fact(s, r, f, o, t) VALUES (?1, ?2, ?3, ?4, ?5)";

class SqliteWriter : public Writer {
 public:
  static absl::StatusOr<std::unique_ptr<Writer>> Create(const std::string& path,
                                                        Engine::Mode mode) {
    auto writer = std::unique_ptr<SqliteWriter>(new SqliteWriter);
    FASTI_ASSIGN_OR_RETURN(writer->connection_, Connection::Open(path));
    FASTI_RETURN_IF_ERROR(writer->connection_->Run(
        mode == Engine::Mode::kServe ? "PRAGMA synchronous=FULL;"
                                     : "PRAGMA synchronous=NORMAL;PRAGMA wal_autocheckpoint=0;"));
    FASTI_ASSIGN_OR_RETURN(writer->begin_, writer->connection_->Prepare("BEGIN IMMEDIATE"));
    FASTI_ASSIGN_OR_RETURN(writer->insert_, writer->connection_->Prepare(kInsert));
    FASTI_ASSIGN_OR_RETURN(writer->commit_, writer->connection_->Prepare("COMMIT"));
    return writer;
  }

  absl::Status Commit(absl::Span<const FactRow> rows) override {
    FASTI_RETURN_IF_ERROR(connection_->Step(begin_));
    for (const FactRow& row : rows) {
      BindRow(row, insert_);
      FASTI_RETURN_IF_ERROR(connection_->Step(insert_));
    }
    return connection_->Step(commit_);
  }

 private:
  std::unique_ptr<Connection> connection_;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
};

class SqliteEngine : public Engine {
 public:
  explicit SqliteEngine(std::string directory) : path_(absl::StrCat(directory, "/facts.db")) {}

  // Rows in the order of their key, indexes afterwards: the fastest way in.
  absl::Status Load(const std::string& path) override {
    Facts facts;
    FASTI_RETURN_IF_ERROR(ReadFacts(path, &facts));
    std::sort(facts.rows.begin(), facts.rows.end(), [](const FactRow& a, const FactRow& b) {
      return std::tie(a.subject, a.relation, a.from, a.object, a.to) <
             std::tie(b.subject, b.relation, b.from, b.object, b.to);
    });
    FASTI_ASSIGN_OR_RETURN(const auto connection, Connection::Open(path_));
    FASTI_RETURN_IF_ERROR(connection->Run(
        absl::StrCat("PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;", CacheSetting(), kTables)));
    FASTI_RETURN_IF_ERROR(connection->Run("BEGIN"));
    FASTI_RETURN_IF_ERROR(
        InsertNames(*connection, "INSERT INTO entity VALUES (?1, ?2)", facts.entities));
    FASTI_RETURN_IF_ERROR(
        InsertNames(*connection, "INSERT INTO relation VALUES (?1, ?2)", facts.relations));
    FASTI_ASSIGN_OR_RETURN(sqlite3_stmt* const insert, connection->Prepare(kInsert));
    for (const FactRow& row : facts.rows) {
      BindRow(row, insert);
      FASTI_RETURN_IF_ERROR(connection->Step(insert));
    }
    FASTI_RETURN_IF_ERROR(connection->Run("COMMIT"));
    FASTI_RETURN_IF_ERROR(connection->Run(kIndexes));
    // Durable once, at the end.
    return connection->Run("PRAGMA synchronous=FULL;PRAGMA journal_mode=WAL;");
  }

  absl::Status Open(Mode mode) override {
    FASTI_ASSIGN_OR_RETURN(connection_, Connection::Open(path_));
    FASTI_RETURN_IF_ERROR(connection_->Run(CacheSetting()));
    mode_ = mode;
    return absl::OkStatus();
  }

  absl::Status Ask(const Question& question, Answer* answer) override {
    sqlite3_stmt*& statement = statements_[question.kind];
    if (statement == nullptr) {
      FASTI_ASSIGN_OR_RETURN(statement, connection_->Prepare(QueryOf(question.kind)));
    }
    sqlite3_bind_int64(statement, 1, question.subject);
    if (sqlite3_bind_parameter_count(statement) >= 2) {
      sqlite3_bind_int64(statement, 2, question.relation);
    }
    sqlite3_bind_int64(statement, 3, question.from);
    sqlite3_bind_int64(statement, 4, question.to);
    std::map<int32_t, uint64_t> months;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      AddRow(question.kind, statement, &months, answer);
    }
    sqlite3_reset(statement);
    for (const auto& [month, count] : months) answer->Add(static_cast<uint64_t>(month), count);
    return code == SQLITE_DONE ? absl::OkStatus() : connection_->Check(code);
  }

  absl::StatusOr<std::unique_ptr<Writer>> NewWriter() override {
    return SqliteWriter::Create(path_, mode_);
  }

  absl::Status Close() override {
    statements_.clear();
    connection_.reset();
    return absl::OkStatus();
  }

 private:
  static absl::Status InsertNames(Connection& connection, const char* insert, const Names& names) {
    FASTI_ASSIGN_OR_RETURN(sqlite3_stmt* const statement, connection.Prepare(insert));
    for (uint32_t i = 0; i < names.size(); ++i) {
      sqlite3_bind_int64(statement, 1, i);
      sqlite3_bind_text(statement, 2, names[i].data(), static_cast<int>(names[i].size()),
                        SQLITE_STATIC);
      FASTI_RETURN_IF_ERROR(connection.Step(statement));
    }
    return absl::OkStatus();
  }

  static void AddRow(Kind kind, sqlite3_stmt* statement, std::map<int32_t, uint64_t>* months,
                     Answer* answer) {
    const auto column = [statement](int i) {
      return static_cast<uint64_t>(sqlite3_column_int64(statement, i));
    };
    switch (kind) {
      case Kind::kTop:
      case Kind::kTwoHops:
        return answer->Add(column(0), column(1));
      case Kind::kMonths:
        (*months)[MonthOf(static_cast<Day>(column(0)))] += column(1);
        return;
      case Kind::kPaths:
        return answer->Add(column(0), column(1), column(2));
      default:
        return answer->Add(column(0), column(1), column(2), column(3), column(4));
    }
  }

  const std::string path_;
  std::unique_ptr<Connection> connection_;
  std::map<Kind, sqlite3_stmt*> statements_;
  Mode mode_ = Mode::kServe;
};

}  // namespace

std::unique_ptr<Engine> MakeSqliteEngine(const std::string& directory) {
  return std::make_unique<SqliteEngine>(directory);
}

}  // namespace fasti::bench
