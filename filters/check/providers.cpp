#include "check/providers.h"

#include <algorithm>
#include <array>

namespace zegel::check {

namespace {

constexpr auto table = std::to_array<Provider>({
#include "check/providers.inc"
});

}  // namespace

std::span<const Provider> providers() { return table; }

bool has_all_endings_listed(std::string_view label) {
  const auto* found = std::ranges::find(table, label, &Provider::name);
  return found != table.end() && found->complete;
}

}  // namespace zegel::check
