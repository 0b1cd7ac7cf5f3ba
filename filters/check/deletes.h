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

/// Hashes of a short text and of what is left of it when letters are left out, each in a few sums: with c the letters'
/// values and B odd, c0 + c1 B + c2 B² + …, where what comes after a hole is divided by B.
class HashesWithout {
 public:
  explicit HashesWithout(std::string_view text) : size_(std::min(text.size(), longest)) {
    std::uint64_t power = 1;
    for (std::size_t i = 0; i < size_; ++i, power *= base) {
      front_[i + 1] = front_[i] + mix(static_cast<unsigned char>(text[i]) + 1ULL) * power;
    }
  }
  static constexpr std::size_t longest = 24;

  [[nodiscard]] std::uint64_t whole() const { return finished(front_[size_], size_); }
  [[nodiscard]] std::uint64_t without(std::size_t i) const {
    return finished(front_[i] + between(i + 1, size_) * inverse, size_ - 1);
  }
  /// `i` before `j`.
  [[nodiscard]] std::uint64_t without(std::size_t i, std::size_t j) const {
    const auto tail = between(j + 1, size_) * inverse;
    return finished(front_[i] + (between(i + 1, j) + tail) * inverse, size_ - 2);
  }

 private:
  static constexpr std::uint64_t base = 0x9E3779B97F4A7C15ULL;
  static constexpr std::uint64_t inverse = [] {  // modulo 2^64, by Newton: each step doubles the bits that are right
    std::uint64_t x = base;
    for (int i = 0; i < 6; ++i) x *= 2 - base * x;
    return x;
  }();
  static_assert(base * inverse == 1);

  static std::uint64_t finished(std::uint64_t sum, std::size_t size) { return mix(sum ^ (size << 56)); }
  [[nodiscard]] std::uint64_t between(std::size_t from, std::size_t to) const { return front_[to] - front_[from]; }

  std::size_t size_;
  std::array<std::uint64_t, longest + 1> front_{};  // of the first i letters
};

/// Calls `use(hash)` for the name and for every way to leave out up to `reach.deletes` of its first letters: two names
/// within that edit distance share at least one hash (the SymSpell idea).
template <class Use>
void each_delete(std::string_view name, Reach reach, Use use) {
  const std::string_view text = name.substr(0, reach.prefix);
  const HashesWithout hashes(text);
  use(hashes.whole());
  if (text.size() < 2) return;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && text[i] == text[i - 1]) continue;  // the same as the one before
    use(hashes.without(i));
    if (reach.deletes < 2 || text.size() < 3) continue;
    for (std::size_t j = i + 1; j < text.size(); ++j) {
      if (j > i + 1 && text[j] == text[j - 1]) continue;
      use(hashes.without(i, j));
    }
  }
}

/// The hashes of each_delete in one place.
class DeleteHashes {
 public:
  static constexpr std::size_t most = 160;  // 1 + 12 + 66 with two deletes, 1 + 20 with one

  DeleteHashes(std::string_view name, Reach reach) {
    each_delete(name, reach, [&](std::uint64_t hash) {
      if (size_ < hashes_.size()) hashes_[size_++] = hash;
    });
  }
  [[nodiscard]] std::span<const std::uint64_t> all() const { return {hashes_.data(), size_}; }

 private:
  std::array<std::uint64_t, most> hashes_;
  std::size_t size_ = 0;
};

}  // namespace zegel::check
