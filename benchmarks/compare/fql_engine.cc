// Fasti asked in its query language, through prepared statements: what most programs will do.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "benchmarks/compare/fasti_engine.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

// $s is an entity, $t a period; REL stands for the quoted name of a relation.
const char* StatementOf(Kind kind) {
  switch (kind) {
    case Kind::kAt:
    case Kind::kHub:
      return "WITH $s AS s MATCH (s)-[f:REL]->(o) AT $t RETURN f";
    case Kind::kEntity:
      return "WITH $s AS s MATCH (s)-[f]-(o) AT $t RETURN f";
    case Kind::kTop:
      return "MATCH ()-[f:REL]->(o) AT $t RETURN o, count(*) AS n ORDER BY n DESC, id(o) LIMIT 10";
    case Kind::kMonths:
      return "MATCH ()-[f:REL]->() RETURN date.truncate('month', valid(f).start) AS m, "
             "count(*) AS n";
    case Kind::kTwoHops:
      return "WITH $s AS s MATCH (s)-->(a)-->(b) AT $t RETURN a, b";
    case Kind::kPaths:
      return "WITH $s AS s MATCH (s)-[f]->(a)-[g]->(b)-[h]->(c) DURING $t "
             "WHERE g AFTER f AND h AFTER g RETURN a, b, c";
    case Kind::kLast:
      return "WITH $s AS s MATCH LAST (s)-[f:REL]->(o) BEFORE $t RETURN f";
  }
  return "";
}

class FqlEngine : public FastiEngine {
 public:
  using FastiEngine::FastiEngine;

  absl::Status Load(const std::string& /*facts*/) override {
    return absl::UnimplementedError("the statements ask the database that the calls have made");
  }

  absl::Status Open(Mode mode) override {
    FASTI_RETURN_IF_ERROR(FastiEngine::Open(mode));
    session_.emplace(database());
    const auto snapshot = database().GetSnapshot();
    for (const RelationInfo& relation : snapshot->Relations()) names_[relation.id] = relation.name;
    return absl::OkStatus();
  }

  absl::Status Ask(const Question& question, Answer* answer) override {
    FASTI_ASSIGN_OR_RETURN(const Prepared* const prepared, Statement(question));
    parameters_["s"] = Value(EntityOf(question.subject));
    parameters_["t"] = Value(DaysPeriod(question.from, question.to));
    FASTI_ASSIGN_OR_RETURN(const auto result, prepared->Run(parameters_, options_));
    while (true) {
      FASTI_ASSIGN_OR_RETURN(const bool more, result->Next(&row_));
      if (!more) return absl::OkStatus();
      AddRow(question.kind, answer);
    }
  }

  absl::Status Close() override {
    statements_.clear();
    session_.reset();
    return FastiEngine::Close();
  }

 private:
  absl::StatusOr<const Prepared*> Statement(const Question& question) {
    auto& prepared = statements_[{question.kind, question.relation}];
    if (prepared == nullptr) {
      const std::string& name = names_[RelationOf(question.relation)];
      const std::string quoted = absl::StrCat("`", absl::StrReplaceAll(name, {{"`", "``"}}), "`");
      FASTI_ASSIGN_OR_RETURN(prepared, session_->Prepare(absl::StrReplaceAll(
                                           StatementOf(question.kind), {{"REL", quoted}})));
    }
    return prepared.get();
  }

  void AddRow(Kind kind, Answer* answer) const {
    const auto entity = [this](size_t i) { return NumberOf(row_[i].as_node()); };
    switch (kind) {
      case Kind::kTop:
        return answer->Add(entity(0), static_cast<uint64_t>(row_[1].as_int()));
      case Kind::kMonths:
        return answer->Add(static_cast<uint64_t>(MonthOf(static_cast<Day>(row_[0].as_date().days))),
                           static_cast<uint64_t>(row_[1].as_int()));
      case Kind::kTwoHops:
        return answer->Add(entity(0), entity(1));
      case Kind::kPaths:
        return answer->Add(entity(0), entity(1), entity(2));
      default:
        return answer->AddFact(RowOf(*row_[0].as_fact()));
    }
  }

  std::optional<Session> session_;
  absl::flat_hash_map<RelationId, std::string> names_;
  absl::flat_hash_map<std::pair<Kind, uint32_t>, std::unique_ptr<Prepared>> statements_;
  const RunOptions options_;
  Parameters parameters_;
  std::vector<Value> row_;
};

}  // namespace

std::unique_ptr<Engine> MakeFqlEngine(const std::string& directory) {
  return std::make_unique<FqlEngine>(directory);
}

}  // namespace fasti::bench
