#pragma once

#include <string>
#include <string_view>

namespace zegel::mail {

/// `caf%C3%A9` to its octets (RFC 2231 4, RFC 3986 2.1); a `%` that is no escape stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace zegel::mail
