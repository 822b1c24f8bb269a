#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "query/exec/edge_reader.h"
#include "query/exec/operator.h"
#include "query/exec/relations.h"

// Where rows get nodes and relationships from.

namespace fasti::exec {

// Whether a fact is among the relationships in some slots of a row, single ones or lists.
inline bool IsAmong(const Fact& fact, const std::vector<Slot>& slots, const Row& row) {
  bool found = false;
  ForEachFact(row, slots, [&](const Fact& other) { found |= other.lineage == fact.lineage; });
  return found;
}

// Rows that come in an order are read until there are enough.
inline size_t RowsAtFirst(const std::optional<StartOrder>& order) {
  return order.has_value() ? 4 : kBatchRows;
}

class NodeScanOperator : public FlatMap {
 public:
  NodeScanOperator(const plan::NodeScan& node, RunContext& context, OperatorPtr input, int width)
      : FlatMap(context, std::move(input), width), node_(node) {}
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  // The candidates that have the attribute's value; false if the index cannot tell them.
  absl::StatusOr<bool> Seek(const Row& row);
  absl::Status ScanAll(const Row& row);

  const plan::NodeScan& node_;
  std::vector<EntityId> entities_;
  bool scanned_ = false;  // `entities_` holds for every row
  size_t next_ = 0;
};

class RelationScanOperator : public FlatMap {
 public:
  RelationScanOperator(const plan::RelationScan& node, RunContext& context, OperatorPtr input,
                       int width)
      : FlatMap(context, std::move(input), width, RowsAtFirst(node.order)),
        node_(node),
        ends_suffice_(node.edge == kNoSlot && node.differs_from.empty() && !node.order.has_value()),
        facts_(node.order.has_value() ? EdgeReader(*node.order) : EdgeReader(nullptr)) {}
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  absl::StatusOr<bool> ProduceEnds(const Row& row, Batch* out);

  const plan::RelationScan& node_;
  const bool ends_suffice_;  // nobody asks for more of the facts
  EdgeReader facts_;         // is read, or
  EndsReader ends_;          // this one if ends suffice
};

class ExpandOperator : public FlatMap {
 public:
  ExpandOperator(const plan::Expand& node, RunContext& context, OperatorPtr input, int width)
      : FlatMap(context, std::move(input), width, RowsAtFirst(node.order)),
        node_(node),
        edges_(node.order.has_value()
                   ? EdgeReader(*node.order)
                   : EdgeReader(context.EdgeCacheOf(node.relations, node.direction, node.view))) {}
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  // Whether a fact from the row's node leads to where the row says.
  absl::StatusOr<bool> LeadsTo(const FactReader::Item& item, const Row& row) const;

  const plan::Expand& node_;
  EdgeReader edges_;
  View scope_;                  // of the row at hand
  std::optional<EntityId> to_;  // where it must lead, if that is bound
};

class StartCountOperator : public FlatMap {
 public:
  StartCountOperator(const plan::StartCount& node, RunContext& context, OperatorPtr input,
                     int width)
      : FlatMap(context, std::move(input), width), node_(node) {}
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  absl::Status Count(const FactScan& scan);
  void Add(Instant granule, uint64_t facts);
  void AddWithoutStart(uint64_t facts);

  const plan::StartCount& node_;
  struct Counted {
    Value start;
    uint64_t facts;
  };
  std::vector<Counted> counts_;
  size_t next_ = 0;
};

// Walks depth first; the relationships of a walk are all different.
class VarExpandOperator : public FlatMap {
 public:
  VarExpandOperator(const plan::VarExpand& node, RunContext& context, OperatorPtr input, int width)
      : FlatMap(context, std::move(input), width),
        node_(node),
        cache_(context.EdgeCacheOf(node.relations, node.direction, node.view)) {}
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  // A node of the walk and what has not been tried from there.
  struct Level {
    EntityId node = EntityId::kNone;
    EdgeReader edges;
  };

  void Enter(EntityId node);
  absl::StatusOr<bool> MayFollow(const Fact& fact, const Row& row);
  bool IsEnd() const;
  void Emit(const Row& row, Batch* out) const;

  const plan::VarExpand& node_;
  EdgeCache* const cache_;
  View view_;
  std::optional<EntityId> to_;  // where the walk must end, if that is bound
  std::vector<Level> levels_;
  std::vector<std::shared_ptr<const Fact>> walk_;
  bool entered_ = false;  // the last level has just been entered
};

class BoundEdgeOperator : public FlatMap {
 public:
  BoundEdgeOperator(const plan::BoundEdge& node, RunContext& context, OperatorPtr input, int width)
      : FlatMap(context, std::move(input), width), node_(node) {}

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  struct Ends {
    Value from, to;
  };
  // The ends of the walk through `facts` when it starts at `from`; nullopt if it is none.
  absl::StatusOr<std::optional<Ends>> Walk(const List& facts, const Value& from,
                                           const Relations& relations) const;

  // Whether the clause's own view, which need not be the one that bound them, shows all of them.
  absl::StatusOr<bool> AllVisible(const List& facts, const Row& row);

  const plan::BoundEdge& node_;
  std::vector<Ends> ends_;
  size_t next_ = 0;
};

class UnwindOperator : public FlatMap {
 public:
  UnwindOperator(const plan::Unwind& node, RunContext& context, OperatorPtr input, int width)
      : FlatMap(context, std::move(input), width), node_(node) {}
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  const plan::Unwind& node_;
  Value list_{List()};
  size_t next_ = 0;
};

}  // namespace fasti::exec
