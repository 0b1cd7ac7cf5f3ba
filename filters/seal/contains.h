#pragma once

#include <algorithm>
#include <functional>

namespace zegel::seal {

/// std::ranges::contains, which libstdc++ 12 lacks.
template <class Range, class Value, class Projection = std::identity>
[[nodiscard]] bool contains(const Range& range, const Value& value, Projection projection = {}) {
  return std::ranges::find(range, value, projection) != std::ranges::end(range);
}

}  // namespace zegel::seal
