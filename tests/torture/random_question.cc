#include "tests/torture/random_question.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fasti::torture {

namespace {

constexpr int kMonths[] = {1, 2, 6, 12};
constexpr int kDays[] = {1, 2, 15, 28};

class Asker {
 public:
  Asker(Dice& dice, Micros begin, Micros now, bool is_large)
      : dice_(dice), begin_(begin), now_(now), is_large_(is_large) {}

  Question Ask() {
    Question question;
    if (dice_.OneIn(4)) question.prefix = RandomView(/*operands=*/false);
    // Properties of nodes are read in the view of their clause; the manual tells what that means
    // for AT and where no valid time is asked for.
    question.matches.push_back(RandomMatch());
    if (!is_large_ && dice_.OneIn(3)) {
      question.matches.push_back(RandomMatch());
      // Of a pattern of known facts nothing else is asked: two clauses may have met the same one.
      if (sure_relationships_.size() >= 2 && dice_.OneIn(2)) {
        binds_again_ = true;
        question.matches.push_back(RandomMatch());
      }
    }
    AddItems(&question);
    return question;
  }

 private:
  View RandomView(bool operands) {
    View view;
    if (dice_.OneIn(2)) {
      view.valid = Scope{static_cast<Scope::Kind>(dice_.Below(4)), dice_.Span(false)};
      if (operands && !sure_facts_.empty() && dice_.OneIn(2)) {
        view.valid_of = dice_.Pick(sure_facts_);
      }
    }
    if (dice_.OneIn(4)) view.as_of = dice_.Granule();
    if (dice_.OneIn(4)) {
      const auto at = [&] {
        const auto seconds = static_cast<uint64_t>((now_ - begin_) / 1'000'000 + 10);
        const Micros second = begin_ + static_cast<Micros>(dice_.Below(seconds)) * 1'000'000;
        // Commits are made one microsecond after a second.
        return dice_.OneIn(2) ? ToldSecond(second)
                              : ToldMicrosecond(second + static_cast<Micros>(dice_.Below(3)));
      };
      const Told a = at();
      const Told b = at();
      view.as_recorded = dice_.OneIn(2) || b.from < a.from ? a : ToldRange(a, b);
    }
    return view;
  }

  std::string NewVariable(const char* prefix) { return absl::StrCat(prefix, ++variables_); }

  NodePattern RandomNode() {
    NodePattern node;
    if (binds_again_) return node;
    if (!nodes_.empty() && dice_.OneIn(3)) {
      node.variable = dice_.Pick(nodes_);
    } else if (!dice_.OneIn(4)) {
      node.variable = NewVariable("n");
      new_nodes_.push_back(node.variable);
    }
    if (dice_.OneIn(3)) node.name = dice_.Name();
    if (dice_.OneIn(5)) node.label = std::string(1, dice_.OneIn(2) ? 'A' : 'B');
    return node;
  }

  EdgePattern::Direction RandomDirection() {
    return static_cast<EdgePattern::Direction>(dice_.Below(3));
  }

  Match RandomMatch() {
    Match match;
    match.is_optional = !sure_facts_.empty() && dice_.OneIn(3);
    if (dice_.OneIn(4)) {
      match.first = static_cast<int>(1 + dice_.Below(2)) * (dice_.OneIn(2) ? 1 : -1);
    }
    match.view = RandomView(/*operands=*/true);
    std::vector<std::string> new_facts, new_relationships, values;
    match.nodes.push_back(RandomNode());
    std::vector<std::string> bound = sure_relationships_;
    for (uint64_t i = is_large_ ? 1 : dice_.Below(5) / 3; i <= 1; ++i) {
      EdgePattern edge;
      if (!bound.empty() && (binds_again_ || dice_.OneIn(6))) {
        edge.variable = dice_.Pick(bound);
        std::erase(bound, edge.variable);
        edge.direction = RandomDirection();
        match.edges.push_back(edge);
        match.nodes.push_back(RandomNode());
        continue;
      }
      edge.variable = NewVariable("f");
      new_facts.push_back(edge.variable);
      // An attribute ends the chain.
      const bool is_attribute = dice_.OneIn(6);
      if (is_attribute) {
        edge.relations = {kSize};
        NodePattern value;
        value.variable = NewVariable("v");
        values.push_back(value.variable);
        match.edges.push_back(edge);
        match.nodes.push_back(value);
        break;
      }
      for (uint64_t n = dice_.Below(3); n > 0; --n) {
        const std::string relation = dice_.Relation();
        if (std::count(edge.relations.begin(), edge.relations.end(), relation) == 0) {
          edge.relations.push_back(relation);
        }
      }
      new_relationships.push_back(edge.variable);
      edge.direction = RandomDirection();
      if (dice_.OneIn(8)) edge.k = static_cast<int64_t>(dice_.Below(3));
      match.edges.push_back(edge);
      match.nodes.push_back(RandomNode());
    }
    if (!match.is_optional) {
      sure_facts_.insert(sure_facts_.end(), new_facts.begin(), new_facts.end());
      sure_relationships_.insert(sure_relationships_.end(), new_relationships.begin(),
                                 new_relationships.end());
    }
    facts_.insert(facts_.end(), new_facts.begin(), new_facts.end());
    nodes_.insert(nodes_.end(), new_nodes_.begin(), new_nodes_.end());
    if (!match.is_optional) {
      sure_nodes_.insert(sure_nodes_.end(), new_nodes_.begin(), new_nodes_.end());
    }
    new_nodes_.clear();
    values_.insert(values_.end(), values.begin(), values.end());
    if (dice_.OneIn(3)) match.where = RandomCondition(2);
    // What a later clause binds again must be there.
    nodes_ = sure_nodes_;
    return match;
  }

  Condition RandomCondition(int depth) {
    Condition c{.kind = Condition::Kind::kTime};
    const uint64_t kind = dice_.Below(depth > 0 ? 8 : 5);
    if (kind >= 5) {
      c.kind = kind == 5   ? Condition::Kind::kAnd
               : kind == 6 ? Condition::Kind::kOr
                           : Condition::Kind::kNot;
      c.parts.push_back(RandomCondition(depth - 1));
      if (kind != 7) c.parts.push_back(RandomCondition(depth - 1));
      return c;
    }
    c.left = dice_.Pick(facts_);
    if (kind == 0 && nodes_.size() >= 2) {
      c.kind = Condition::Kind::kNames;
      c.left = dice_.Pick(nodes_);
      c.right = dice_.Pick(nodes_);
    } else if (kind == 1 && !nodes_.empty()) {
      c.kind = Condition::Kind::kName;
      c.left = dice_.Pick(nodes_);
      c.text = dice_.Name();
    } else if (kind == 2) {
      c.kind = dice_.OneIn(2) ? Condition::Kind::kK : Condition::Kind::kKIsNull;
      c.number = static_cast<int64_t>(dice_.Below(3));
    } else {
      c.relate = static_cast<Relate>(dice_.Below(4));
      if (dice_.OneIn(2)) {
        c.right = dice_.Pick(facts_);
      } else {
        c.time = dice_.Span(false);
      }
      const bool has_gap = c.relate == Relate::kBefore || c.relate == Relate::kAfter;
      if (has_gap && dice_.OneIn(2)) c.gap_days = static_cast<int>(dice_.Below(400));
    }
    return c;
  }

  void AddItems(Question* question) {
    bool has_times = false;
    for (uint64_t i = dice_.Below(3); i < 3; ++i) {
      Item item{Item::Kind::kType, dice_.Pick(facts_)};
      switch (dice_.Below(6)) {
        case 0:
          item.kind = Item::Kind::kValid;
          has_times = true;
          break;
        case 1:
          item.kind = Item::Kind::kK;
          break;
        case 2:
          if (!values_.empty()) item = {Item::Kind::kValue, dice_.Pick(values_)};
          break;
        default:
          if (!nodes_.empty()) item = {Item::Kind::kName, dice_.Pick(nodes_)};
      }
      question->items.push_back(item);
    }
    if (dice_.OneIn(4)) {
      question->items.push_back({Item::Kind::kCount, ""});
      if (!nodes_.empty()) question->items.push_back({Item::Kind::kCountNames, dice_.Pick(nodes_)});
    } else {
      question->is_distinct = dice_.OneIn(4);
    }
    if (has_times || dice_.OneIn(2)) return;
    question->is_ordered = true;
    question->is_descending = dice_.OneIn(3);
    if (dice_.OneIn(2)) question->limit = dice_.Below(6);
  }

  Dice& dice_;
  const Micros begin_, now_;
  const bool is_large_;
  bool binds_again_ = false;
  int variables_ = 0;
  std::vector<std::string> facts_, sure_facts_, sure_relationships_;
  std::vector<std::string> nodes_, sure_nodes_, new_nodes_;
  std::vector<std::string> values_;
};

}  // namespace

uint64_t Dice::Next() {
  if (random_.has_value()) return (*random_)();
  uint64_t number = 0;
  for (const char byte : bytes_.substr(0, 2)) number = number << 8 | static_cast<uint8_t>(byte);
  bytes_.remove_prefix(std::min<size_t>(bytes_.size(), 2));
  return number;
}

Told Dice::Granule() {
  const int year = 2019 + static_cast<int>(Below(4));
  switch (Below(3)) {
    case 0:
      return ToldYear(year);
    case 1:
      return ToldMonth(year, Pick(kMonths));
    default:
      return Day();
  }
}

Told Dice::Day() {
  if (OneIn(12)) return ToldDay(2020, 2, 29);
  return ToldDay(2019 + static_cast<int>(Below(4)), Pick(kMonths), Pick(kDays));
}

Told Dice::Span(bool is_event) {
  Told span = Granule();
  if (OneIn(2)) {
    const Told other = Granule();
    if (span.from < other.to) span = ToldRange(span, other);
  }
  if (OneIn(5)) {
    span.to = kEnd;
    span.to_grain = is_event || OneIn(3) ? Grain::kUnknown : Grain::kOpen;
  }
  if (OneIn(8)) {
    span.from = kBegin;
    span.from_grain = is_event || OneIn(3) ? Grain::kUnknown : Grain::kOpen;
  }
  return span;
}

Told Dice::Days() {
  Told span = Day();
  if (OneIn(3)) {
    span.to = kEnd;
    span.to_grain = Grain::kOpen;
    return span;
  }
  const Told other = Day();
  return span.from < other.to ? ToldRange(span, other) : span;
}

Question RandomQuestion(Dice& dice, Micros begin, Micros now, bool is_large) {
  return Asker(dice, begin, now, is_large).Ask();
}

}  // namespace fasti::torture
