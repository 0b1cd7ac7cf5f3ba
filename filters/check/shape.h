#pragma once

#include <string>
#include <string_view>

namespace zegel::check {

/// What a name with letters beyond ASCII looks like to a hurried eye.
struct Shape {
  std::string text;        ///< lower-case ASCII; `?` for what looks like nothing of it
  unsigned marked = 0;     ///< Latin letters with a mark or stroke: é, ł
  unsigned disguised = 0;  ///< letters that pass for another one: Cyrillic а, small capital ᴄ
  unsigned foreign = 0;    ///< of another script than Latin
  bool mixed = false;      ///< Latin and another script in one label
  bool everyday = true;    ///< all that is not ASCII is an ordinary letter of a language under that ending (ü in .de)
};

/// `name` is UTF-8 without its ending, dots and hyphens stay; `ending` is the last label, ASCII.
[[nodiscard]] Shape shape_of(std::string_view name, std::string_view ending);

}  // namespace zegel::check
