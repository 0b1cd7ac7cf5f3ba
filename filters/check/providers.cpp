#include "check/providers.h"

#include <algorithm>
#include <array>
#include <vector>

namespace zegel::check {

namespace {

constexpr auto table = std::to_array<Provider>({
#include "check/providers.inc"
});

}  // namespace

std::span<const Provider> providers() { return table; }

bool has_all_endings_listed(std::string_view label) {
  static const std::vector<std::string_view> complete = [] {
    std::vector<std::string_view> names;
    for (const auto& provider : table) {
      if (provider.complete) names.push_back(provider.name);
    }
    return names;
  }();
  return std::ranges::find(complete, label) != complete.end();
}

}  // namespace zegel::check
