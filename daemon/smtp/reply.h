#pragma once

#include <string>
#include <string_view>

namespace zegel::smtp {

/// A reply of RFC 5321 4.2 with its enhanced status code (RFC 3463).
struct Reply {
  int code = 250;
  std::string enhanced = {};  ///< `2.1.0`, or empty where none belongs (220, 354, EHLO)
  std::string text = {};      ///< printable ASCII; LF separates lines of a multi-line reply

  /// As sent: CRLF line ends, continuation lines, no line over 512 octets.
  [[nodiscard]] std::string wire() const;
  [[nodiscard]] bool positive() const { return code < 400; }
  [[nodiscard]] bool transient() const { return code >= 400 && code < 500; }
};

}  // namespace zegel::smtp
