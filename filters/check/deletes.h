#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "check/hash.h"

namespace zegel::check {

/// How far apart names may be to meet, in letters left out, and how many of the first letters are looked at.
struct Reach {
  unsigned deletes;
  std::size_t prefix;
};

/// Two deletes find nearly everything that people mistype; among very many names they would take gigabytes.
[[nodiscard]] constexpr Reach reach_for(std::size_t names) {
  return names <= 100'000 ? Reach{.deletes = 2, .prefix = 12} : Reach{.deletes = 1, .prefix = 20};
}

/// Calls `use(hash)` for the name and for every way to leave out up to `reach.deletes` of its first letters: two names
/// within that edit distance share at least one hash (the SymSpell idea).
template <class Use>
void each_delete(std::string_view name, Reach reach, Use use) {
  std::array<char, 32> buffer{};
  const std::string_view whole = name.substr(0, reach.prefix);
  const auto without = [&](std::string_view text, std::size_t at, char* out) {
    std::copy_n(text.begin(), at, out);
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, text.end(), out + at);
    return std::string_view(out, text.size() - 1);
  };
  use(hash_of(whole));
  if (whole.size() < 2) return;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && whole[i] == whole[i - 1]) continue;  // the same as the one before
    const auto once = without(whole, i, buffer.data());
    use(hash_of(once));
    if (reach.deletes < 2 || once.size() < 2) continue;
    std::array<char, 32> second{};
    for (std::size_t j = i; j < once.size(); ++j) {
      if (j > i && once[j] == once[j - 1]) continue;
      use(hash_of(without(once, j, second.data())));
    }
  }
}

/// The hashes of each_delete in one place.
class DeleteHashes {
 public:
  DeleteHashes(std::string_view name, Reach reach) {
    each_delete(name, reach, [&](std::uint64_t hash) {
      if (size_ < hashes_.size()) hashes_[size_++] = hash;
    });
  }
  [[nodiscard]] std::span<const std::uint64_t> all() const { return {hashes_.data(), size_}; }

 private:
  std::array<std::uint64_t, 160> hashes_;  // 1 + 12 + 66 with two deletes, 1 + 20 with one
  std::size_t size_ = 0;
};

}  // namespace zegel::check
