#pragma once

#include <string_view>
#include <vector>

#include "check/verdict.h"
#include "check/weights.h"

namespace zegel::check {

/// Longer texts are never aligned: no DNS label, nor a local part, has more octets than this.
inline constexpr std::size_t longest_alignment = 80;

/// The least that it costs to mistype `meant` as `given`, both lower-case ASCII: weighted edits of one or two letters,
/// swaps and look-alike pairs (rn for m). Gives up (and answers `limit` or more) once that much is spent.
[[nodiscard]] float misspelling_cost(std::string_view given, std::string_view meant, const Weights&, float limit);

/// The same, with what was done, in the order of the letters; for explanations. None where that costs `limit` or more;
/// the nearer the limit is to what it costs, the less is tried.
[[nodiscard]] std::vector<Difference> misspellings(std::string_view given, std::string_view meant, const Weights&,
                                                   float limit = 1e5F);

}  // namespace zegel::check
