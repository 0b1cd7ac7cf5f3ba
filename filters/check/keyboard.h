#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace zegel::check {

namespace keyboard {

inline constexpr std::array<std::string_view, 4> rows = {"1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"};
/// How far each row is shifted to the right, in quarters of a key.
inline constexpr std::array<int, 4> shifts = {0, 2, 3, 5};

struct Place {
  int row = -9;
  int quarter = 0;
};

constexpr Place place(char letter) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto at = rows[row].find(letter);
    if (at != std::string_view::npos) return {static_cast<int>(row), static_cast<int>(at) * 4 + shifts[row]};
  }
  return {};
}

constexpr bool beside(Place a, Place b) {
  const int across = a.quarter > b.quarter ? a.quarter - b.quarter : b.quarter - a.quarter;
  const int down = a.row > b.row ? a.row - b.row : b.row - a.row;
  return a.row >= 0 && b.row >= 0 && ((down == 0 && across == 4) || (down == 1 && across < 4));
}

}  // namespace keyboard

/// For each pair of lower-case letters, digits and hyphen: whether their keys touch on a QWERTY keyboard, which is what
/// Dutch offices use.
inline constexpr auto neighbouring_keys = [] {
  std::array<std::array<bool, 128>, 128> table{};
  for (const auto row : keyboard::rows) {
    for (const char a : row) {
      for (const auto other : keyboard::rows) {
        for (const char b : other) {
          table[static_cast<unsigned char>(a)][static_cast<unsigned char>(b)] =
              keyboard::beside(keyboard::place(a), keyboard::place(b));
        }
      }
    }
  }
  return table;
}();

constexpr bool are_neighbours(char a, char b) {
  return neighbouring_keys[static_cast<unsigned char>(a) & 127U][static_cast<unsigned char>(b) & 127U];
}

}  // namespace zegel::check
