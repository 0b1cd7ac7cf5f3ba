#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/structure.h"
#include "mail/survey.h"

namespace zegel::mail {

/// What every line of a message must keep to (RFC 5322 2.1 and 2.3, RFC 5321 4.5.3.1.6): CRLF line ends, no CR, LF or
/// NUL of their own (fatal), at most `longest` octets a line (not fatal). `survey` is of the same octets and bound.
[[nodiscard]] std::vector<Flaw> check_octets(std::string_view bytes, const Survey& survey, std::size_t longest);

/// Whether any octet is over 127.
[[nodiscard]] bool has_8bit(std::string_view bytes);

/// Whether the octets in the range are base64 as RFC 2045 6.8 says: the alphabet, blanks and line ends, padding at the
/// end only.
[[nodiscard]] bool is_base64_body(std::string_view bytes, Range body, const Survey&);

/// Whether the body is quoted-printable as RFC 2045 6.7 says: no octet over 127, every `=` an escape or a soft break.
[[nodiscard]] bool is_quoted_printable_body(std::string_view body);

}  // namespace zegel::mail
