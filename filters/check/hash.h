#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace zegel::check {

/// A quick, good mix for tables within one process; never stored, never sent.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93ULL;
  x ^= x >> 32;
  x *= 0xD6E8FEB86659FD93ULL;
  return x ^ (x >> 32);
}

[[nodiscard]] inline std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 0) {
  std::uint64_t h = seed ^ (text.size() * 0x9E3779B97F4A7C15ULL);
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    h = mix(h ^ word) + 0x9E3779B97F4A7C15ULL;
    text.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return mix(h ^ rest);
}

}  // namespace zegel::check
