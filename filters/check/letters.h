#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

/// Which letters are taken for each other, by eye and by ear. Lower-case ASCII.
namespace zegel::check {

using LetterPair = std::pair<char, char>;

/// By eye, in the sans-serif faces of mail programs.
inline constexpr std::array looks = {
    LetterPair{'0', 'o'}, LetterPair{'1', 'l'}, LetterPair{'1', 'i'}, LetterPair{'i', 'l'}, LetterPair{'u', 'v'},
    LetterPair{'c', 'e'}, LetterPair{'5', 's'}, LetterPair{'8', 'b'}, LetterPair{'2', 'z'}, LetterPair{'9', 'g'},
    LetterPair{'g', 'q'}, LetterPair{'3', 'e'}, LetterPair{'4', 'a'}, LetterPair{'i', 'j'}, LetterPair{'m', 'n'},
    LetterPair{'h', 'n'}, LetterPair{'6', 'b'}, LetterPair{'v', 'y'}, LetterPair{'n', 'r'}, LetterPair{'0', 'd'}};

/// By ear, in Dutch.
inline constexpr std::array sounds = {LetterPair{'c', 'k'}, LetterPair{'s', 'z'}, LetterPair{'d', 't'},
                                      LetterPair{'f', 'v'}, LetterPair{'c', 's'}, LetterPair{'i', 'y'},
                                      LetterPair{'v', 'w'}, LetterPair{'g', 'k'}, LetterPair{'b', 'p'}};

/// Two letters that look like one: the pair, and the one.
inline constexpr std::array<std::pair<std::string_view, char>, 8> glyphs = {
    {{"rn", 'm'}, {"nr", 'm'}, {"vv", 'w'}, {"cl", 'd'}, {"nn", 'm'}, {"rr", 'm'}, {"ci", 'd'}, {"ii", 'u'}}};

/// Spellings of the same sound that differ in length or in more than one letter.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 10> same_sounds = {{{"ij", "y"},
                                                                                               {"ij", "ei"},
                                                                                               {"ks", "x"},
                                                                                               {"ph", "f"},
                                                                                               {"ch", "g"},
                                                                                               {"ck", "k"},
                                                                                               {"ou", "au"},
                                                                                               {"th", "t"},
                                                                                               {"uw", "w"},
                                                                                               {"qu", "kw"}}};

namespace letters {

using Table = std::array<std::array<bool, 128>, 128>;

template <std::size_t N>
constexpr Table table_of(const std::array<LetterPair, N>& pairs) {
  Table table{};
  for (const auto& [a, b] : pairs) {
    table[static_cast<unsigned char>(a)][static_cast<unsigned char>(b)] = true;
    table[static_cast<unsigned char>(b)][static_cast<unsigned char>(a)] = true;
  }
  return table;
}

inline constexpr Table by_eye = table_of(looks);
inline constexpr Table by_ear = table_of(sounds);

constexpr bool in(const Table& table, char a, char b) {
  return table[static_cast<unsigned char>(a) & 127U][static_cast<unsigned char>(b) & 127U];
}

}  // namespace letters

constexpr bool look_alike(char a, char b) { return letters::in(letters::by_eye, a, b); }
constexpr bool sound_alike(char a, char b) { return letters::in(letters::by_ear, a, b); }
constexpr bool is_vowel(char c) { return std::string_view("aeiouy").contains(c); }
constexpr bool are_vowels(char a, char b) { return is_vowel(a) && is_vowel(b); }
/// A pair of letters as a place in a table; anything but a–z is 0.
constexpr std::size_t letter_number(char c) { return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') + 1 : 0; }

/// What a pair of letters, or the last letter of one, can stand for: bit k for the first side of same_sounds[k], bit
/// 16 + k for its second side.
using Sounds = std::uint32_t;

namespace letters {

constexpr Sounds ends_in(std::string_view ending, char before, char last, Sounds bit) {
  const bool fits = ending.size() == 1 ? ending[0] == last : ending[0] == before && ending[1] == last;
  return fits ? bit : 0;
}

inline constexpr auto sounds_by_pair = [] {
  std::array<std::array<Sounds, 27>, 27> table{};
  for (std::size_t before = 0; before < 27; ++before) {
    for (std::size_t last = 1; last < 27; ++last) {
      const auto first_letter = before == 0 ? '\0' : static_cast<char>('a' + before - 1);
      const auto second_letter = static_cast<char>('a' + last - 1);
      for (std::size_t k = 0; k < same_sounds.size(); ++k) {
        table[before][last] |= ends_in(same_sounds[k].first, first_letter, second_letter, 1U << k);
        table[before][last] |= ends_in(same_sounds[k].second, first_letter, second_letter, 1U << (16 + k));
      }
    }
  }
  return table;
}();

inline constexpr auto glyph_by_pair = [] {
  std::array<std::array<char, 27>, 27> table{};
  for (const auto& [two, one] : glyphs) table[letter_number(two[0])][letter_number(two[1])] = one;
  return table;
}();

}  // namespace letters

/// What the text can sound as up to and with its letter `last`.
constexpr Sounds sounds_at(std::string_view text, std::size_t last) {
  return letters::sounds_by_pair[last == 0 ? 0 : letter_number(text[last - 1])][letter_number(text[last])];
}

/// `m` for `rn`, or NUL.
constexpr char glyph_of(char first, char second) {
  return letters::glyph_by_pair[letter_number(first)][letter_number(second)];
}

}  // namespace zegel::check
