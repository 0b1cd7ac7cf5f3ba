#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/structure.h"

namespace zegel::mail {

/// Something in a MIME field that readers understand differently.
struct Oddity {
  std::string_view name;  ///< as Flaw::name
  std::string_view what;  ///< for the sender: "two boundary parameters"
};

/// Content-Type or Content-Disposition, taken apart (RFC 2045 5.1, RFC 2183, RFC 2231).
struct MimeValue {
  std::string token;  ///< lower case: `text/plain`, `attachment`
  std::vector<Parameter> parameters;
  std::vector<Oddity> oddities;
};

/// At most so many parameters; more are an oddity and left out.
inline constexpr std::size_t most_parameters = 100;

/// Parses an unfolded value. Always answers; what cannot be read is an oddity. Time linear in the value.
[[nodiscard]] MimeValue parse_mime_value(std::string_view value);

}  // namespace zegel::mail
