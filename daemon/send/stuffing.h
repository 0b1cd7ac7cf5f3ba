#pragma once

#include <string_view>
#include <vector>

namespace zegel::send {

/// The message as it goes after 354 (RFC 5321 4.5.2): a dot before each line that begins with one, a CRLF at the end
/// where there is none, and the final dot line. Views into `message` and constants, nothing copied: mostly the message
/// in one piece and its end.
[[nodiscard]] std::vector<std::string_view> stuffed(std::string_view message);

/// Whether any octet has its high bit set.
[[nodiscard]] bool is_eight_bit(std::string_view bytes);

/// The header block of a message: up to its blank line, or all of it.
[[nodiscard]] std::string_view header_of(std::string_view message);

}  // namespace zegel::send
