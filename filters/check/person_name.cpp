#include "check/person_name.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/text.h"

namespace zegel::check {

namespace {

constexpr std::string_view roles =
#include "check/roles.inc"
    ;

constexpr std::string_view names =
#include "check/given_names.inc"
    ;

/// A list of words, made once from a text with blanks between; immutable afterwards.
class WordList {
 public:
  explicit WordList(std::string_view text) : words_(text::split(text, ' ')) { std::ranges::sort(words_); }
  [[nodiscard]] bool has(std::string_view word) const { return std::ranges::binary_search(words_, word); }

 private:
  std::vector<std::string_view> words_;
};

constexpr bool parts(char c) { return c == '.' || c == '_' || c == '-'; }

constexpr std::array<std::string_view, 13> prefixes = {"vanden", "vander", "vande", "van", "vd", "van't", "den",
                                                       "der",    "de",     "ter",   "ten", "te", "t"};

void add_readings(PersonName& name) {
  if (name.words.size() < 2) return;
  NameReading forward{.given = name.words.front(), .surname = {}, .surname_first = false};
  for (auto word = name.words.begin() + 1; word != name.words.end(); ++word) forward.surname += *word;
  NameReading backward{.given = name.words.back(), .surname = {}, .surname_first = true};
  for (auto word = name.words.begin(); word + 1 != name.words.end(); ++word) backward.surname += *word;
  name.readings = {std::move(forward), std::move(backward)};
}

}  // namespace

PersonName read_person(std::string_view local) {
  PersonName name;
  bool open = false;
  for (const char c : local) {
    if (text::is_digit(c)) {
      name.number += c;
      continue;
    }
    if (parts(c)) {
      open = false;
      continue;
    }
    if (!open) name.words.emplace_back();
    open = true;
    name.words.back() += c;
    name.letters += c;
  }
  add_readings(name);
  return name;
}

std::string_view without_tussenvoegsel(std::string_view surname) {
  for (const auto prefix : prefixes) {
    if (surname.size() >= prefix.size() + 3 && surname.starts_with(prefix)) return surname.substr(prefix.size());
  }
  return surname;
}

bool is_role(std::string_view word) {
  static const WordList list(roles);
  return list.has(word);
}

bool is_given_name(std::string_view word) {
  static const WordList list(names);
  return list.has(word);
}

}  // namespace zegel::check
