#include <algorithm>
#include <cmath>
#include <string>

#include "core/text.h"
#include "seal/passphrase.h"
#include "seal/words.h"

/// How hard a password that a person chose is to guess, as a cracking program would go about it: words, years, runs and
/// repetitions cost it little, whatever their length.
namespace zegel::seal {

namespace {

constexpr double needed = 60;
constexpr double word_bits = 13;       // one of some thousands
constexpr double unlisted_bits = 2.5;  // a letter of a word that is in none of our lists
constexpr double year_bits = 7;
constexpr double repeat_bits = 1;  // aaaa, and the second hyphen

/// The letter that people write as this sign.
char plain(char c) {
  switch (text::lower(c)) {
    case '0':
      return 'o';
    case '1':
    case '!':
      return 'i';
    case '3':
      return 'e';
    case '4':
    case '@':
      return 'a';
    case '5':
    case '$':
      return 's';
    case '7':
      return 't';
    default:
      return text::lower(c);
  }
}

bool listed(std::string_view word) {
  return std::ranges::any_of(words_of_language, [word](const auto& language) {
    return std::ranges::binary_search(words_of(language.value), word);
  });
}

/// Length of the longest listed word that `rest` begins with; 0 if none. Words of three letters are no help to anyone.
std::size_t word_length(std::string_view rest) {
  for (std::size_t size = std::min<std::size_t>(rest.size(), 9); size >= 4; --size) {
    std::string folded(rest.substr(0, size));
    if (!std::ranges::any_of(folded, text::is_alpha)) continue;
    std::ranges::transform(folded, folded.begin(), plain);
    const bool found = listed(folded);
    wipe(folded.data(), folded.size());
    if (found) return size;
  }
  return 0;
}

bool is_year(std::string_view rest) {
  return rest.size() >= 4 && (rest.starts_with("19") || rest.starts_with("20")) && text::is_digit(rest[2]) &&
         text::is_digit(rest[3]);
}

/// Letters of one case from the start on.
std::size_t letters(std::string_view rest) {
  const auto same = [&](char c) {
    return text::is_alpha(c) && (text::lower(c) == c) == (text::lower(rest[0]) == rest[0]);
  };
  return static_cast<std::size_t>(std::ranges::find_if_not(rest, same) - rest.begin());
}

/// Signs from the start on of which each follows the one before in ASCII: `abcd`, `1234`.
std::size_t ascending(std::string_view rest) {
  std::size_t size = 1;
  while (size < rest.size() && rest[size] == rest[size - 1] + 1) ++size;
  return size;
}

double sign_bits(char c) { return text::is_alpha(c) ? std::log2(52) : text::is_digit(c) ? std::log2(10) : 5; }

double bits(std::string_view password) {
  double sum = 0;
  for (std::size_t i = 0; i < password.size();) {
    const std::string_view rest = password.substr(i);
    if (i > 0 && rest[0] == password[i - 1]) {
      sum += repeat_bits;
      i += 1;
    } else if (const std::size_t steps = ascending(rest); steps >= 4) {
      sum += sign_bits(rest[0]) + repeat_bits;
      i += steps;
    } else if (const std::size_t word = word_length(rest)) {
      sum += word_bits;
      i += word;
    } else if (is_year(rest)) {
      sum += year_bits;
      i += 4;
    } else if (const std::size_t run = letters(rest); run >= 3) {
      sum += unlisted_bits * static_cast<double>(run);
      i += run;
    } else {
      sum += password.substr(0, i).contains(rest[0]) && !text::is_alnum(rest[0]) ? repeat_bits : sign_bits(rest[0]);
      i += 1;
    }
  }
  return sum;
}

/// A phrase said twice is guessed once.
std::string_view once(std::string_view password) {
  for (std::size_t size = 1; size <= password.size() / 2; ++size) {
    if (password.substr(size) == password.substr(0, password.size() - size)) return password.substr(0, size);
  }
  return password;
}

}  // namespace

Result<void> strong_enough(std::string_view password) {
  constexpr std::size_t longest = 99;  // 7-Zip takes no more for a zip
  if (password.size() > longest) return fail("a password for zips may have at most 99 characters: 7-Zip takes no more");
  if (std::ranges::any_of(password, [](char c) { return c < ' ' || c > '~'; })) {
    return fail("a password for zips must be of plain ASCII: zip programs disagree about all other letters");
  }
  const double found = bits(once(password));
  if (found >= needed) return {};
  return fail("too easy to guess: worth about " + std::to_string(static_cast<int>(found)) +
              " bits where 60 are needed; five or more words drawn by chance would do");
}

}  // namespace zegel::seal
