#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

/// Character sets, by ICU.
namespace zegel::mail {

/// Text in the IANA charset to UTF-8. Empty and `us-ascii` are read strictly. Error: unknown charset, or octets that
/// are malformed in it.
[[nodiscard]] Result<std::string> to_utf8(std::string_view bytes, std::string_view charset);

/// Octets of unknown charset for showing to people: UTF-8 where they are, else read as windows-1252.
[[nodiscard]] std::string as_utf8(std::string_view bytes);

}  // namespace zegel::mail
