#pragma once

#include <string>
#include <string_view>

#include "check/shape.h"

namespace zegel::check {

/// A domain as the eye reads it: letters beyond ASCII replaced by what they look like.
struct Folded {
  std::string_view registrable;  ///< of the text as it was given
  std::string_view suffix;
  std::string name;            ///< `nl.abnamro`: all but the ending
  std::string label;           ///< `abnamro`
  bool international = false;  ///< an A-label was in it: `shape` says what
  Shape shape = {};
};

/// `label` and `suffix` are the lengths that split_domain gave.
[[nodiscard]] Folded fold(std::string_view domain, std::size_t label, std::size_t suffix);

}  // namespace zegel::check
