#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zegel::check {

/// One way to read a local part as somebody's name.
struct NameReading {
  std::string given;    ///< `jan`, or the initial `j`
  std::string surname;  ///< run together, with its tussenvoegsel: `vandenberg`
  bool surname_first = false;
};

/// A local part taken apart: `jan.van.den.berg83` is jan · vandenberg · 83.
struct PersonName {
  std::string letters;             ///< all letters, run together
  std::string number;              ///< all digits; they tell people apart
  std::vector<std::string> words;  ///< as separators part them, without digits
  std::vector<NameReading> readings;

  [[nodiscard]] bool is_one_word() const { return words.size() == 1; }
};

/// `local` is folded. Letters beyond ASCII are kept as they are.
[[nodiscard]] PersonName read_person(std::string_view local);

/// `berg` of `vandenberg`: without van, de, den, der, ter, ten, te, 't. Names that merely begin so lose it too, which
/// does not matter as long as both sides do.
[[nodiscard]] std::string_view without_tussenvoegsel(std::string_view surname);

/// `info`, `boekhouding`, `secretariaat`: a function, not a person.
[[nodiscard]] bool is_role(std::string_view word);

/// Whether it is one of the given names that are common in the Netherlands and Belgium.
[[nodiscard]] bool is_given_name(std::string_view word);

}  // namespace zegel::check
