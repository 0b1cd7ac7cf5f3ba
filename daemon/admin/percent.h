#pragma once

#include <string>
#include <string_view>

namespace zegel::admin {

/// RFC 3986 2.1: everything but unreserved characters as %HH, so that an address or a Message-ID is one word of a path.
[[nodiscard]] std::string percent_encode(std::string_view);
/// The reverse; a malformed %HH stays as it is.
[[nodiscard]] std::string percent_decode(std::string_view);

}  // namespace zegel::admin
