#include "tests/torture/reference_model.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace fasti::torture {

namespace {

constexpr char kNull[] = "null";

// Three-valued logic, as SQL has it.
std::optional<bool> NotOf(std::optional<bool> a) {
  if (!a.has_value()) return a;
  return !*a;
}

std::optional<bool> AllOf(const std::vector<std::optional<bool>>& values) {
  bool unknown = false;
  for (const std::optional<bool>& value : values) {
    if (value == false) return false;
    unknown |= !value.has_value();
  }
  if (unknown) return std::nullopt;
  return true;
}

std::string TextOf(const std::optional<int64_t>& number) {
  return number.has_value() ? absl::StrCat(*number) : kNull;
}

std::string TextOf(const View& view) {
  static constexpr const char* kWords[] = {"AT", "DURING", "BEFORE", "AFTER"};
  std::string text;
  if (view.valid.has_value()) {
    absl::StrAppend(&text, " ", kWords[static_cast<int>(view.valid->kind)], " ",
                    view.valid_of.value_or(Literal(view.valid->time)));
  }
  if (view.as_of.has_value()) absl::StrAppend(&text, " AS OF ", Literal(*view.as_of));
  if (view.as_recorded.has_value()) {
    absl::StrAppend(&text, " AS RECORDED ", Literal(*view.as_recorded));
  }
  return text;
}

std::string TextOf(const Condition& c) {
  static constexpr const char* kWords[] = {"OVERLAPS", "DURING", "BEFORE", "AFTER"};
  switch (c.kind) {
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr: {
      std::vector<std::string> parts;
      for (const Condition& part : c.parts) parts.push_back(TextOf(part));
      return absl::StrCat(
          "(", absl::StrJoin(parts, c.kind == Condition::Kind::kAnd ? " AND " : " OR "), ")");
    }
    case Condition::Kind::kNot:
      return absl::StrCat("NOT (", TextOf(c.parts[0]), ")");
    case Condition::Kind::kTime:
      return absl::StrCat(
          c.left, " ", kWords[static_cast<int>(c.relate)], " ",
          c.right.empty() ? Literal(c.time) : c.right,
          c.gap_days.has_value() ? absl::StrCat(" WITHIN @P", *c.gap_days, "D") : "");
    case Condition::Kind::kName:
      return absl::StrCat(c.left, ".name = '", c.text, "'");
    case Condition::Kind::kNames:
      return absl::StrCat(c.left, ".name < ", c.right, ".name");
    case Condition::Kind::kK:
      return absl::StrCat(c.left, ".k > ", c.number);
    case Condition::Kind::kKIsNull:
      return absl::StrCat(c.left, ".k IS NULL");
    case Condition::Kind::kSize:
      break;
  }
  return absl::StrCat(c.left, ".size < ", c.number);
}

std::string TextOf(const NodePattern& node) {
  return absl::StrCat(
      "(", node.variable, node.label.has_value() ? absl::StrCat(":", *node.label) : "",
      node.name.has_value() ? absl::StrCat(" {name: '", *node.name, "'}") : "", ")");
}

std::string TextOf(const EdgePattern& edge) {
  std::string inside = edge.variable;
  if (!edge.relations.empty()) absl::StrAppend(&inside, ":", absl::StrJoin(edge.relations, "|"));
  if (edge.k.has_value()) absl::StrAppend(&inside, " {k: ", *edge.k, "}");
  return absl::StrCat(edge.direction == EdgePattern::Direction::kIn ? "<-[" : "-[", inside,
                      edge.direction == EdgePattern::Direction::kOut ? "]->" : "]-");
}

std::string TextOf(const Match& match) {
  std::string text = match.is_optional ? "OPTIONAL MATCH " : "MATCH ";
  if (match.first > 0) absl::StrAppend(&text, "FIRST ", match.first, " ");
  if (match.first < 0) absl::StrAppend(&text, "LAST ", -match.first, " ");
  for (size_t i = 0; i < match.nodes.size(); ++i) {
    if (i > 0) absl::StrAppend(&text, TextOf(match.edges[i - 1]));
    absl::StrAppend(&text, TextOf(match.nodes[i]));
  }
  absl::StrAppend(&text, TextOf(match.view));
  if (match.where.has_value()) absl::StrAppend(&text, " WHERE ", TextOf(*match.where));
  return text;
}

std::string TextOf(const Item& item) {
  switch (item.kind) {
    case Item::Kind::kName:
      return absl::StrCat(item.variable, ".name");
    case Item::Kind::kValid:
      return absl::StrCat("valid(", item.variable, ")");
    case Item::Kind::kType:
      return absl::StrCat("type(", item.variable, ")");
    case Item::Kind::kK:
      return absl::StrCat(item.variable, ".k");
    case Item::Kind::kSize:
      return absl::StrCat(item.variable, ".size");
    case Item::Kind::kValue:
      return item.variable;
    case Item::Kind::kCount:
      return "count(*)";
    case Item::Kind::kCountNames:
      break;
  }
  return absl::StrCat("count(DISTINCT ", item.variable, ".name)");
}

bool IsAggregate(const Item& item) {
  return item.kind == Item::Kind::kCount || item.kind == Item::Kind::kCountNames;
}

// The view of a clause: its own, and for the clocks that it does not name the statement's.
View Merge(const View& prefix, const View& own) {
  View view = own;
  if (!view.valid.has_value()) view.valid = prefix.valid;
  if (!view.as_of.has_value()) view.as_of = prefix.as_of;
  if (!view.as_recorded.has_value()) view.as_recorded = prefix.as_recorded;
  return view;
}

bool Passes(const Told& valid, Dating dating, const Scope& scope) {
  switch (scope.kind) {
    case Scope::Kind::kAt:
      return Related(Relate::kOverlaps, valid, dating, scope.time, scope.dating) != false;
    case Scope::Kind::kDuring:
      return Related(Relate::kDuring, valid, dating, scope.time, scope.dating) == true;
    case Scope::Kind::kBefore:
      return Related(Relate::kBefore, valid, dating, scope.time, scope.dating) == true;
    case Scope::Kind::kAfter:
      break;
  }
  return Related(Relate::kAfter, valid, dating, scope.time, scope.dating) == true;
}

// Numbers as numbers; what is missing last.
std::tuple<bool, int64_t, std::string> SortKeyOf(const std::string& cell) {
  if (cell == kNull) return {true, 0, ""};
  if (cell[0] == '\'') return {false, 0, cell};
  return {false, std::stoll(cell), ""};
}

bool SortsBefore(const Cells& a, const Cells& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return SortKeyOf(a[i]) < SortKeyOf(b[i]);
  }
  return false;
}

}  // namespace

std::string Literal(const Told& told) {
  const std::string text = TextOf(told);
  const bool is_fine =
      told.from_grain == Grain::kMicrosecond || told.to_grain == Grain::kMicrosecond;
  if (is_fine || absl::StrContains(text, '?')) return absl::StrCat("period('", text, "')");
  return absl::StrCat("@", text);
}

std::string TextOf(const Question& question) {
  std::vector<std::string> parts;
  const std::string prefix = TextOf(question.prefix);
  if (!prefix.empty()) parts.push_back(prefix.substr(1));
  for (const Match& match : question.matches) parts.push_back(TextOf(match));
  std::vector<std::string> items, columns;
  for (size_t i = 0; i < question.items.size(); ++i) {
    columns.push_back(absl::StrCat("c", i));
    items.push_back(absl::StrCat(TextOf(question.items[i]), " AS ", columns.back()));
  }
  parts.push_back(
      absl::StrCat("RETURN ", question.is_distinct ? "DISTINCT " : "", absl::StrJoin(items, ", ")));
  if (question.is_ordered) {
    const char* const between = question.is_descending ? " DESC, " : ", ";
    parts.push_back(absl::StrCat("ORDER BY ", absl::StrJoin(columns, between),
                                 question.is_descending ? " DESC" : ""));
  }
  if (question.limit.has_value()) parts.push_back(absl::StrCat("LIMIT ", *question.limit));
  return absl::StrJoin(parts, " ");
}

Dating ReferenceModel::DatingOf(const std::string& relation) {
  return relation == "met" ? Dating::kEvent : Dating::kState;
}

bool ReferenceModel::IsSeen(const Row& row, const View& view) const {
  if (view.as_recorded.has_value()) {
    if (row.recorded_from >= view.as_recorded->to || row.recorded_to <= view.as_recorded->from) {
      return false;
    }
  } else if (row.recorded_to != kEnd) {
    return false;
  }
  if (view.as_of.has_value()) {
    if (row.known_from >= view.as_of->to || row.known_to <= view.as_of->from) return false;
  } else if (row.known_from > now || row.known_to <= now) {
    return false;
  }
  return !view.valid.has_value() || Passes(row.valid, DatingOf(row.relation), *view.valid);
}

bool ReferenceModel::BindNode(const NodePattern& pattern, int node, const View& view,
                              Bindings* bindings) const {
  if (pattern.name.has_value() && names_[static_cast<size_t>(node)] != *pattern.name) return false;
  if (pattern.label.has_value() && labels_[static_cast<size_t>(node)] != *pattern.label) {
    return false;
  }
  if (pattern.variable.empty()) return true;
  const auto [bound, is_new] = bindings->try_emplace(pattern.variable, Bound{node, nullptr, view});
  return is_new || bound->second.node == node;
}

void ReferenceModel::Extend(
    const Match& match, const View& view, size_t step, Bindings* bindings,
    std::vector<const Row*>* path,
    std::vector<std::pair<Bindings, std::vector<const Row*>>>* found) const {
  if (step == match.edges.size()) {
    found->emplace_back(*bindings, *path);
    return;
  }
  const EdgePattern& edge = match.edges[step];
  const int here = bindings->at("#here").node;
  const auto known = bindings->find(edge.variable);
  // Without a view a clause takes a relationship that is bound as it is.
  const bool has_view =
      view.valid.has_value() || view.as_of.has_value() || view.as_recorded.has_value();
  for (const Row& row : rows) {
    if (known != bindings->end() && known->second.row != &row) continue;
    const bool is_attribute = row.relation[0] == '.';
    if (edge.relations.empty() ? is_attribute
                               : std::find(edge.relations.begin(), edge.relations.end(),
                                           row.relation) == edge.relations.end()) {
      continue;
    }
    if (edge.k.has_value() && row.k != edge.k) continue;
    if (row.subject != here && (is_attribute || std::get<int>(row.object) != here)) continue;
    if ((known == bindings->end() || has_view) && !IsSeen(row, view)) continue;
    // A relationship is met once in a pattern, whichever of its versions.
    if (std::any_of(path->begin(), path->end(),
                    [&row](const Row* other) { return other->lineage == row.lineage; })) {
      continue;
    }
    const auto take = [&](int from, int to) {
      if (from != here) return;
      Bindings next = *bindings;
      if (!edge.variable.empty()) next[edge.variable] = {-1, &row, view};
      if (is_attribute) {
        next[match.nodes[step + 1].variable] = {-1, &row, view};
      } else {
        if (!BindNode(match.nodes[step + 1], to, view, &next)) return;
        next["#here"].node = to;
      }
      path->push_back(&row);
      Extend(match, view, step + 1, &next, path, found);
      path->pop_back();
    };
    if (is_attribute) {
      take(row.subject, -1);
      continue;
    }
    const int object = std::get<int>(row.object);
    if (edge.direction != EdgePattern::Direction::kIn) take(row.subject, object);
    if (edge.direction == EdgePattern::Direction::kIn ||
        (edge.direction == EdgePattern::Direction::kBoth && row.subject != object)) {
      take(object, row.subject);
    }
  }
}

std::vector<ReferenceModel::Bindings> ReferenceModel::Apply(const Match& match, const View& prefix,
                                                            const Bindings& before) const {
  View view = Merge(prefix, match.view);
  if (match.view.valid_of.has_value()) {
    const Row* const operand = before.at(*match.view.valid_of).row;
    view.valid->time = operand->valid;
    view.valid->dating = DatingOf(operand->relation);
  }
  std::vector<std::pair<Bindings, std::vector<const Row*>>> found;
  for (size_t node = 0; node < names_.size(); ++node) {
    Bindings bindings = before;
    if (!BindNode(match.nodes[0], static_cast<int>(node), view, &bindings)) continue;
    bindings["#here"].node = static_cast<int>(node);
    std::vector<const Row*> path;
    Extend(match, view, 0, &bindings, &path, &found);
  }
  if (match.where.has_value()) {
    std::erase_if(found, [&](const auto& each) { return Test(*match.where, each.first) != true; });
  }
  // The moment at which all of it had begun.
  using Moment = std::pair<Micros, Micros>;
  std::vector<Moment> moments;
  for (const auto& [bindings, path] : found) {
    Moment moment{kBegin, kBegin};
    for (const Row* row : path) moment = std::max(moment, StartOrderOf(row->valid));
    moments.push_back(moment);
  }
  std::vector<Bindings> kept;
  for (size_t i = 0; i < found.size(); ++i) {
    const auto ahead = std::count_if(moments.begin(), moments.end(), [&](const Moment& other) {
      return match.first > 0 ? other < moments[i] : other > moments[i];
    });
    if (match.first != 0 && ahead >= std::abs(match.first)) continue;
    kept.push_back(found[i].first);
  }
  if (kept.empty() && match.is_optional) kept.push_back(before);
  return kept;
}

std::optional<int64_t> ReferenceModel::SizeOf(const Bound& node) const {
  // With a valid scope what may hold there, else what began before now: of these the latest.
  using Rank = std::tuple<std::pair<Micros, Micros>, int64_t>;
  std::optional<Rank> best;
  for (const Row& row : rows) {
    if (row.subject != node.node || row.relation != ".size" || !IsSeen(row, node.view)) continue;
    if (!node.view.valid.has_value() && row.valid.from > now) continue;
    const Rank rank = {StartOrderOf(row.valid), std::get<int64_t>(row.object)};
    if (!best.has_value() || rank > *best) best = rank;
  }
  if (!best.has_value()) return std::nullopt;
  return std::get<int64_t>(*best);
}

std::optional<bool> ReferenceModel::Test(const Condition& c, const Bindings& bindings) const {
  const auto bound = [&](const std::string& variable) -> const Bound* {
    const auto found = bindings.find(variable);
    return found == bindings.end() ? nullptr : &found->second;
  };
  const Bound* const left = bound(c.left);
  const Bound* const right = bound(c.right);
  switch (c.kind) {
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr: {
      std::vector<std::optional<bool>> values;
      const bool is_or = c.kind == Condition::Kind::kOr;
      for (const Condition& part : c.parts) {
        const std::optional<bool> value = Test(part, bindings);
        values.push_back(is_or ? NotOf(value) : value);
      }
      return is_or ? NotOf(AllOf(values)) : AllOf(values);
    }
    case Condition::Kind::kNot:
      return NotOf(Test(c.parts[0], bindings));
    case Condition::Kind::kTime: {
      if (left == nullptr || (right == nullptr && !c.right.empty())) return std::nullopt;
      std::optional<Micros> gap;
      if (c.gap_days.has_value()) gap = *c.gap_days * kDayMicros;
      return Related(c.relate, left->row->valid, DatingOf(left->row->relation),
                     right == nullptr ? c.time : right->row->valid,
                     right == nullptr ? Dating::kExact : DatingOf(right->row->relation), gap);
    }
    case Condition::Kind::kName:
      if (left == nullptr) return std::nullopt;
      return names_[static_cast<size_t>(left->node)] == c.text;
    case Condition::Kind::kNames:
      if (left == nullptr || right == nullptr) return std::nullopt;
      return names_[static_cast<size_t>(left->node)] < names_[static_cast<size_t>(right->node)];
    case Condition::Kind::kK:
      if (left == nullptr || !left->row->k.has_value()) return std::nullopt;
      return *left->row->k > c.number;
    case Condition::Kind::kKIsNull:
      return left == nullptr || !left->row->k.has_value();
    case Condition::Kind::kSize:
      break;
  }
  const std::optional<int64_t> size = left == nullptr ? std::nullopt : SizeOf(*left);
  if (!size.has_value()) return std::nullopt;
  return *size < c.number;
}

std::string ReferenceModel::CellOf(const Item& item, const Bindings& bindings) const {
  const auto found = bindings.find(item.variable);
  if (found == bindings.end()) return kNull;
  const Bound& bound = found->second;
  switch (item.kind) {
    case Item::Kind::kName:
    case Item::Kind::kCountNames:
      return absl::StrCat("'", names_[static_cast<size_t>(bound.node)], "'");
    case Item::Kind::kValid:
      return TextOf(bound.row->valid);
    case Item::Kind::kType:
      return absl::StrCat("'", absl::StripPrefix(bound.row->relation, "."), "'");
    case Item::Kind::kK:
      return TextOf(bound.row->k);
    case Item::Kind::kSize:
      return TextOf(SizeOf(bound));
    case Item::Kind::kValue:
      return absl::StrCat(std::get<int64_t>(bound.row->object));
    case Item::Kind::kCount:
      break;
  }
  return "";
}

std::vector<Cells> ReferenceModel::Answer(const Question& question) const {
  std::vector<Bindings> all = {{}};
  for (const Match& match : question.matches) {
    std::vector<Bindings> next;
    for (const Bindings& each : all) {
      for (Bindings& bindings : Apply(match, question.prefix, each)) {
        next.push_back(std::move(bindings));
      }
    }
    all = std::move(next);
  }
  const bool is_aggregate = std::any_of(question.items.begin(), question.items.end(), IsAggregate);
  // By the items that are no aggregates: the number of rows, and for each aggregate what it saw.
  std::map<Cells, std::pair<uint64_t, std::vector<std::set<std::string>>>> groups;
  std::vector<Cells> answer;
  for (const Bindings& bindings : all) {
    Cells cells, keys;
    for (const Item& item : question.items) {
      cells.push_back(CellOf(item, bindings));
      if (!IsAggregate(item)) keys.push_back(cells.back());
    }
    if (!is_aggregate) {
      answer.push_back(cells);
      continue;
    }
    auto& [count, seen] = groups[keys];
    ++count;
    seen.resize(cells.size());
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] != kNull) seen[i].insert(cells[i]);
    }
  }
  // Without keys there is one group, be it empty.
  const bool has_keys = !std::all_of(question.items.begin(), question.items.end(), IsAggregate);
  if (is_aggregate && !has_keys) groups[{}].second.resize(question.items.size());
  for (const auto& [keys, group] : groups) {
    Cells cells;
    auto key = keys.begin();
    for (size_t i = 0; i < question.items.size(); ++i) {
      const Item& item = question.items[i];
      if (!IsAggregate(item)) {
        cells.push_back(*key++);
      } else {
        cells.push_back(
            absl::StrCat(item.kind == Item::Kind::kCount ? group.first : group.second[i].size()));
      }
    }
    answer.push_back(cells);
  }
  if (question.is_distinct) {
    std::sort(answer.begin(), answer.end());
    answer.erase(std::unique(answer.begin(), answer.end()), answer.end());
  }
  if (question.is_ordered) {
    std::sort(answer.begin(), answer.end(), SortsBefore);
    if (question.is_descending) std::reverse(answer.begin(), answer.end());
  }
  if (question.limit.has_value() && answer.size() > *question.limit) {
    answer.resize(*question.limit);
  }
  return answer;
}

}  // namespace fasti::torture
