#pragma once

#include <algorithm>

namespace zegel::seal {

/// std::ranges::contains, which libstdc++ 12 lacks.
[[nodiscard]] bool contains(const auto& range, const auto& value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

}  // namespace zegel::seal
