#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

/// Transfer encodings of RFC 2045 6 (and the older uuencode), both ways. Base64 is in core.
namespace zegel::mail {

/// Base64 as a body or an encoded word holds it: line ends and blanks between the characters are let go.
/// Error: any other character, wrong padding, or bytes after the padding.
[[nodiscard]] Result<std::string> decode_base64(std::string_view body);

/// Quoted-printable (RFC 2045 6.7), line ends kept as they stand. Error: `=` that is no escape, octets over 126.
[[nodiscard]] Result<std::string> decode_quoted_printable(std::string_view body);

/// Quoted-printable of a text whose line ends are CRLF: they stay line ends; lines of at most 76. Blanks at the end of
/// a line, `From `, a dot and two dashes at its beginning are encoded too, so that no relay and no signature minds them
/// and no soft break makes a delimiter.
[[nodiscard]] std::string encode_quoted_printable(std::string_view text);

/// One uuencoded file in a text body: `begin 644 name` … `end`.
struct Uuencoded {
  std::string_view name;
  std::size_t begin;  ///< of the `begin` line in the body
  std::size_t end;    ///< past the `end` line
};

/// The first uuencoded block at or after `from`: a begin line, and a line that may be data under it.
[[nodiscard]] std::optional<Uuencoded> find_uuencoded(std::string_view body, std::size_t from = 0);

/// Error: a line that is not what its length says, no `end`.
[[nodiscard]] Result<std::string> decode_uuencoded(std::string_view block);

/// Whether the body is one uuencoded file and nothing else.
[[nodiscard]] bool is_uuencoded_body(std::string_view body);

}  // namespace zegel::mail
