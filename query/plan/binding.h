#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "query/parse/ast.h"
#include "query/plan/logical_plan.h"

// The inside of the binder, shared by its files: bind_query (clauses), bind_pattern,
// bind_projection, bind_write, bind_expression.  Users include binder.h.

namespace fasti::plan {

// What a name stands for.
struct Variable {
  enum class Kind : uint8_t { kNode, kRelationship, kRelationships, kPath, kValue };
  Kind kind = Kind::kValue;
  Slot slot = kNoSlot;
  bool is_local = false;   // of a comprehension; `slot` is its number
  ViewPtr view = nullptr;  // in which its properties are read; null: that of the statement
};
using Scope = std::map<std::string, Variable, std::less<>>;

// The rows of one plan while it is being bound.  A subplan has rows of its own, into which it
// imports what it uses of the rows around it.
struct Frame {
  Frame* outer = nullptr;
  Scope scope;
  std::vector<std::pair<std::string, Variable>> locals;  // innermost last
  NodePtr chain;                                         // bound so far
  int width = 0;
  std::vector<ExpressionPtr> imports;  // in terms of `outer`
  std::vector<Slot> import_slots;      // their places here

  Slot NewSlot() { return width++; }
};

absl::Status BindError(absl::string_view code, const ast::Position& position,
                       absl::string_view message);
// The calls with OVER within the values, as a node that computes them into slots, which take their
// places; null if there are none.
NodePtr TakeWindows(Frame& frame, std::vector<Assignment>* values);
bool HasWindow(const Expression& expression);

absl::Status NotSupportedYet(const ast::Position& position, absl::string_view what);
inline Place PlaceOf(const ast::Position& position) {
  return {position.line, position.column};
}

class Binder {
 public:
  absl::StatusOr<Plan> BindStatement(const ast::Query& query);

 private:
  struct Output {
    std::vector<std::string> columns;
    std::vector<Slot> slots;
  };

  // bind_query.cc
  absl::StatusOr<Output> BindQuery(const ast::Query& query, bool is_subquery);
  absl::StatusOr<Output> BindSingle(const ast::SingleQuery& query, bool is_subquery);
  absl::Status BindMatch(const ast::Match& match);
  absl::Status BindUnwind(const ast::Unwind& unwind);

  // bind_pattern.cc
  struct NamedChain {
    const ast::Chain* chain = nullptr;
    const ast::Name* path = nullptr;  // may be null
    ast::Selector selector = ast::Selector::kNone;
  };
  // What a pattern brought into the scope.
  struct PatternSlots {
    std::vector<Slot> added;          // nodes, relationships and paths that were not bound before
    std::vector<Slot> edges;          // all its relationships
    std::vector<PathChoice> choices;  // of the paths with a selector
  };
  // Makes a Match node on top of `frame_->chain`, seen in `view`.
  absl::StatusOr<PatternSlots> BindPattern(const std::vector<NamedChain>& chains,
                                           const ast::Expression* where, const ViewPtr& view,
                                           const ast::Expression* valid_is = nullptr);
  absl::StatusOr<PatternSlots> BindPattern(const ast::Pattern& pattern,
                                           const ast::Expression* where, const ViewPtr& view);
  // The view of a clause: the scopes written there, and on every axis they leave open those of
  // `base`.  Operands that differ from row to row are computed into slots by a Project node.
  absl::StatusOr<ViewPtr> BindView(const ast::View& view, const ViewPtr& base);

  // bind_window.cc
  absl::StatusOr<ExpressionPtr> BindWindow(const ast::Call& call,
                                           const function::Function& function,
                                           const ast::Position& position);

  // bind_projection.cc
  absl::StatusOr<Output> BindProjection(const ast::Projection& projection,
                                        const ast::Expression* where,
                                        const ast::Position& position);

  // bind_write.cc
  absl::Status BindCreate(const ast::Create& create);
  absl::Status BindMerge(const ast::Merge& merge);
  absl::Status BindSet(const ast::Set& set);
  absl::Status BindRemove(const ast::Remove& remove);
  absl::Status BindDelete(const ast::Delete& clause);
  absl::Status BindCreatePath(const ast::PathPattern& path, std::vector<CreateNode>* nodes,
                              std::vector<CreateEdge>* edges, std::vector<Assignment>* paths);
  absl::StatusOr<ExpressionPtr> BindProperties(const ast::ExpressionPtr& properties);
  absl::Status BindSetItems(const std::vector<ast::SetItem>& items, std::vector<SetItem>* out);
  absl::StatusOr<WriteScope> BindWriteScope(const ast::WriteScope& scope);

  // bind_expression.cc
  absl::StatusOr<ExpressionPtr> BindExpression(const ast::Expression& expression);
  absl::StatusOr<std::vector<ExpressionPtr>> BindAll(
      const std::vector<ast::ExpressionPtr>& expressions);
  absl::StatusOr<ExpressionPtr> BindCall(const ast::Call& call, const ast::Position& position);
  absl::StatusOr<ExpressionPtr> BindComprehension(const ast::ListComprehension& comprehension,
                                                  const ast::Position& position);
  absl::StatusOr<ExpressionPtr> BindQuantifier(const ast::Quantifier& quantifier,
                                               const ast::Position& position);
  absl::StatusOr<ExpressionPtr> BindPatternComprehension(
      const ast::PatternComprehension& comprehension, const ast::Position& position);
  absl::StatusOr<ExpressionPtr> BindExists(const ast::Exists& exists,
                                           const ast::Position& position);
  absl::StatusOr<ExpressionPtr> BindPatternPredicate(const ast::PatternPredicate& predicate,
                                                     const ast::Position& position);
  absl::StatusOr<ExpressionPtr> BindCase(const ast::Case& expression,
                                         const ast::Position& position);
  // The view in which properties of the value of this expression are read.
  ViewPtr ViewOf(const ast::Expression& expression);

  // A variable by its name, imported into the current frame if it lives around it; null if there
  // is none.
  const Variable* Find(absl::string_view name);
  const Variable* FindIn(Frame& frame, absl::string_view name);
  Slot ImportSlot(Frame& frame, const Variable& outer);
  ViewPtr ImportView(Frame& frame, const ViewPtr& view);
  ExpressionPtr Reference(absl::string_view name, const Variable& variable,
                          const ast::Position& position) const;

  // Runs `bind` in a frame of its own and makes a subplan expression of what it left there.
  template <typename Bind>
  absl::StatusOr<ExpressionPtr> InSubplan(Expression::Kind kind, const ast::Position& position,
                                          const Bind& bind);

  void Append(NodePtr node) {
    node->input = std::move(frame_->chain);
    frame_->chain = std::move(node);
  }

  Frame* frame_ = nullptr;
  ViewPtr statement_view_;
  ViewPtr view_;  // of the clause being bound: of patterns in its expressions
  bool aggregates_allowed_ = false;
  std::vector<std::string> parameters_;
  int locals_ = 0;
  int views_ = 0;
  bool writes_ = false;
  std::vector<std::shared_ptr<Subplan>> subplans_;
};

}  // namespace fasti::plan
