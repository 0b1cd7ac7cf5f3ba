#pragma once

#include <string>
#include <string_view>

#include "config/settings.h"

namespace zegel::log {

/// A value as logfmt: bare where it can be, else quoted; `"` and `\` escaped, control characters and bytes that are not
/// UTF-8 as \xHH, cut at 1,000 octets. One line, whatever comes in.
[[nodiscard]] std::string logfmt_value(std::string_view);

/// `jan@klant.nl` as it is, as `@klant.nl`, or as twelve hex digits of a keyed hash.
[[nodiscard]] std::string shorten_address(std::string_view address, config::LogAddresses, std::string_view hash_key);

}  // namespace zegel::log
