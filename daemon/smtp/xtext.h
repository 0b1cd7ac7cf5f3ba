#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zegel::smtp {

/// Decodes xtext (RFC 3461 4): `+HH` for what is not printable ASCII, `+` or `=`. Nothing: it is no xtext, or decodes
/// to a control character.
[[nodiscard]] std::optional<std::string> decode_xtext(std::string_view);

}  // namespace zegel::smtp
