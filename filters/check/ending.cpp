#include "check/ending.h"

#include <algorithm>
#include <array>

#include "check/alignment.h"

namespace zegel::check {

namespace {

/// Real endings that people seldom mean and often hit.
constexpr std::array<std::string_view, 6> seldom = {"co", "cm", "om", "ml", "ne", "nf"};

}  // namespace

float ending_cost(std::string_view given, std::string_view meant, bool exists, bool single, const Weights& weights) {
  if (given == meant) return 0;
  Weights evenly = weights;
  evenly.first_letter = 0;  // endings are mistyped at either end
  const float letters = std::min(misspelling_cost(given, meant, evenly, 4.0F), 4.0F);
  if (!exists) return static_cast<float>(weights.tld_absent) + static_cast<float>(weights.tld_absent_share) * letters;
  double cost = single ? weights.tld_single : weights.tld_other;
  const bool near = letters < 1.0F;
  if (near && !single) cost -= weights.tld_near;
  if (near && std::ranges::find(seldom, given) != seldom.end()) cost = std::min(cost, weights.tld_slip);
  return static_cast<float>(cost);
}

}  // namespace zegel::check
