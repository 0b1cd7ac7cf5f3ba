#pragma once

#include <string_view>

#include "check/weights.h"

namespace zegel::check {

/// What it costs to write one ending for another: `con` for `com` little, `de` for `nl` much. `exists`: `given` is a
/// real ending. `single`: a provider that has no other than `meant`.
[[nodiscard]] float ending_cost(std::string_view given, std::string_view meant, bool exists, bool single,
                                const Weights&);

}  // namespace zegel::check
