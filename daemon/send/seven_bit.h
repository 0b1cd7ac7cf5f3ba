#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zegel::send {

/// The same message for a next hop without 8BITMIME: each 8-bit leaf as quoted-printable or base64 (RFC 2045), all
/// else as it was. Nothing: its bytes must not change (signed), or it has no sound structure, or its header itself is
/// not ASCII.
[[nodiscard]] std::optional<std::string> to_seven_bit(std::string_view message);

}  // namespace zegel::send
