#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace zegel::base64 {

/// Without line ends.
[[nodiscard]] std::string encode(std::string_view bytes);

/// Lines of 76 characters, each ended by CRLF (RFC 2045 6.8), the last one too.
[[nodiscard]] std::string encode_lines(std::string_view bytes);

/// Strict: the alphabet and right padding only, nothing else, no line ends. Error: not base64.
[[nodiscard]] Result<std::string> decode(std::string_view text);

/// The same with line ends and blanks wherever they stand (RFC 2045 6.8), which is how mail has it. Quick for lines
/// that hold whole groups of four.
[[nodiscard]] Result<std::string> decode_lines(std::string_view text);

}  // namespace zegel::base64
