#pragma once

#include <string_view>

namespace zegel::smtp {

enum class Verb {
  ehlo,
  helo,
  mail,
  rcpt,
  data,
  rset,
  noop,
  quit,
  help,
  starttls,
  auth,
  bdat,
  vrfy,
  expn,
  other_protocol,  ///< GET, POST …: a web browser made to speak to us
  unknown
};

/// One command line, taken apart at its first blank (RFC 5321 4.1.1). Views into the line.
struct Command {
  Verb verb = Verb::unknown;
  std::string_view argument;  ///< without blanks at its ends
};

/// `line` without its CRLF.
[[nodiscard]] Command parse_command(std::string_view line);

/// How many octets a line that begins like this may have, CRLF included: 512 (RFC 5321 4.5.3.1.4), more where
/// extensions say so (RFC 1870, 3461, 6531 for MAIL and RCPT; RFC 4954 for AUTH). `start`: as much as has come in.
[[nodiscard]] std::size_t longest_line(std::string_view start);

constexpr std::size_t longest_auth_line = 12288;  ///< RFC 4954 4

}  // namespace zegel::smtp
