#pragma once

#include <string>
#include <string_view>

#include "check/shape.h"

namespace zegel::check {

/// A domain as the eye reads it: letters beyond ASCII replaced by what they look like. Views into the domain, or into
/// `shape` where it is international; so it must not be moved about.
struct Folded {
  /// `label` and `suffix` are the lengths that split_domain gave; `domain` must outlive this.
  Folded(std::string_view domain, std::size_t label, std::size_t suffix);
  Folded(const Folded&) = delete;
  Folded& operator=(const Folded&) = delete;

  std::string_view registrable;  ///< of the text as it was given
  std::string_view suffix;
  std::string_view name;       ///< `nl.abnamro`: all but the ending
  std::string_view label;      ///< `abnamro`
  bool international = false;  ///< an A-label was in it: `shape` says what
  Shape shape;
};

}  // namespace zegel::check
