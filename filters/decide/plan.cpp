#include "decide/plan.h"

#include <algorithm>

namespace zegel::decide {

namespace {

template <class Outcome>
const Decision* first(const std::vector<Decision>& decisions) {
  const auto found = std::ranges::find_if(
      decisions, [](const Decision& decision) { return std::holds_alternative<Outcome>(decision.what); });
  return found == decisions.end() ? nullptr : &*found;
}

}  // namespace

const Decision* Plan::refused() const { return first<Refuse>(decisions); }

const Decision* Plan::held() const { return first<Hold>(decisions); }

}  // namespace zegel::decide
