#include "query/plan/check_type.h"

#include <utility>
#include <vector>

#include "absl/strings/str_join.h"

namespace fasti::plan {

StaticType StaticType::ListOf(StaticType element) {
  return {kLists, std::make_shared<const StaticType>(std::move(element))};
}

std::string StaticType::Describe() const {
  if (kinds == function::Kinds::Any()) return "a value";
  std::vector<absl::string_view> names;
  for (int i = 0; i < static_cast<int>(Value::Kind::kNull); ++i) {
    const auto kind = static_cast<Value::Kind>(i);
    if (kinds.Has(kind)) names.push_back(KindName(kind));
  }
  return names.empty() ? "null" : absl::StrJoin(names, " or ");
}

StaticType Either(const StaticType& a, const StaticType& b) {
  StaticType both{a.kinds | b.kinds, nullptr};
  const bool a_has_lists = a.kinds.Meets(kLists);
  const bool b_has_lists = b.kinds.Meets(kLists);
  if (!b_has_lists) {
    both.element = a.element;
  } else if (!a_has_lists) {
    both.element = b.element;
  } else if (a.element != nullptr && b.element != nullptr) {
    both.element = std::make_shared<const StaticType>(Either(*a.element, *b.element));
  }
  return both;
}

}  // namespace fasti::plan
