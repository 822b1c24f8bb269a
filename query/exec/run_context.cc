#include "query/exec/run_context.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "fasti/result.h"
#include "query/exec/changes.h"
#include "query/exec/subplan.h"

namespace fasti::exec {

namespace {

constexpr int kUntimedChecks = 4;

}  // namespace

RunContext::RunContext(const plan::Plan& plan, Changes* changes)
    : changes_(changes),
      parameter_names_(plan.parameters),
      parameters_(plan.parameters.size()),
      views_(plan.views),
      locals_(plan.locals) {}

RunContext::~RunContext() = default;

void RunContext::Begin(const Snapshot& snapshot, const Parameters& parameters,
                       const RunLimits& limits, const Interrupt& interrupt) {
  snapshot_ = &snapshot;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const auto it = parameters.find(parameter_names_[i]);
    if (it != parameters.end()) parameters_[i] = it->second;
  }
  memory_bytes_max_ = limits.memory_bytes;
  interrupt_ = interrupt;
  now_ = snapshot.now();
  charged_max_ = charged_;
  if (snapshot.sequence() != relations_of_) {
    relations_.clear();
    relations_of_ = snapshot.sequence();
  }
}

void RunContext::End() {
  for (const auto& [subplan, runner] : runners_) runner->Rewind();
  for (std::optional<View>& view : views_) view.reset();
  for (Value& local : locals_) local = Value();
  for (SharedEdges& edges : edges_) edges.cache->Clear();
  view_ = &default_view_;
  snapshot_ = nullptr;
  for (std::optional<Value>& parameter : parameters_) parameter.reset();
  interrupt_.reset();
  interrupt_checks_ = 0;
}

Instant RunContext::wall_clock() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

double RunContext::Random() const {
  if (!random_.has_value()) random_.emplace(std::random_device{}());
  return std::uniform_real_distribution<double>(0.0, 1.0)(*random_);
}

bool RunContext::IsDeleted(EntityId node) const {
  return changes_ != nullptr && changes_->IsDeleted(node);
}

bool RunContext::IsDeleted(const Fact& fact) const {
  return changes_ != nullptr && changes_->IsDeleted(fact);
}

absl::StatusOr<Value> RunContext::Parameter(const plan::Expression& expression) const {
  const std::optional<Value>& value = parameters_[expression.slot];
  if (value.has_value()) return *value;
  return RunError(
      "ParameterMissing.MissingParameter", expression.place,
      absl::StrCat("the statement uses $", expression.name, ", which was not given to this run"));
}

SubplanRunner& RunContext::RunnerOf(const plan::Subplan& subplan) {
  std::unique_ptr<SubplanRunner>& runner = runners_[&subplan];
  if (runner == nullptr) runner = std::make_unique<SubplanRunner>(subplan, *this);
  return *runner;
}

const Relations& RunContext::RelationsOf(const plan::RelationFilter& filter) {
  const auto [it, is_new] = relations_.try_emplace(&filter);
  // A statement that writes may bring the name itself.
  if (is_new || changes_ != nullptr) it->second = FindRelations(*snapshot_, filter);
  return it->second;
}

EdgeCache* RunContext::EdgeCacheOf(const plan::RelationFilter& relations, plan::Direction direction,
                                   const plan::ViewPtr& view) {
  if (changes_ != nullptr || (view != nullptr && view->cache < 0)) return nullptr;
  for (const SharedEdges& edges : edges_) {
    if (edges.relations == relations && edges.direction == direction && edges.view == view) {
      return edges.cache.get();
    }
  }
  edges_.push_back({relations, direction, view, std::make_unique<EdgeCache>(*this)});
  return edges_.back().cache.get();
}

absl::Status RunContext::CheckInterrupt() const {
  // Many runs end after a few batches, sooner than they could look at the clock.
  return ++interrupt_checks_ <= kUntimedChecks ? interrupt_->CheckCancelled() : interrupt_->Check();
}

absl::Status RunContext::Charge(size_t bytes) {
  charged_ += bytes;
  charged_max_ = std::max(charged_max_, charged_);
  if (charged_ <= memory_bytes_max_) return absl::OkStatus();
  return RunError(
      "LimitError.Memory", {},
      absl::StrCat("the query needs more than ", memory_bytes_max_, " bytes of memory"));
}

bool RunContext::ChargeIfSpare(size_t bytes) {
  if (charged_ + bytes > memory_bytes_max_ / 2) return false;
  charged_ += bytes;
  charged_max_ = std::max(charged_max_, charged_);
  return true;
}

absl::Status RunError(absl::string_view code, const plan::Place& place, absl::string_view message) {
  QueryError error;
  error.code = std::string(code);
  error.at_runtime = true;
  error.message = std::string(message);
  error.line = place.line;
  error.column = place.column;
  return MakeQueryError(error);
}

absl::Status Located(absl::Status status, const plan::Place& place) {
  std::optional<QueryError> error = GetQueryError(status);
  if (!error.has_value()) {
    error.emplace();
    error->code = absl::StrCat("EngineError.", absl::StatusCodeToString(status.code()));
    error->at_runtime = true;
    error->message = std::string(status.message());
  }
  if (error->line != 0) return status;
  error->line = place.line;
  error->column = place.column;
  return MakeQueryError(*error);
}

}  // namespace fasti::exec
