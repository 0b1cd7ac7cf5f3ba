#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace zegel::smtp {

/// What a client says of itself under AUTH.
struct Credentials {
  std::string name;
  Secret password;
};

/// What comes of them. Unavailable: nobody can tell just now (the users' file cannot be read), which is not the
/// client's fault.
enum class AuthVerdict : std::uint8_t { accepted, rejected, unavailable };

/// The message of SASL PLAIN (RFC 4616), in base64: `[authzid] NUL authcid NUL passwd`; an authzid must be the authcid.
/// Nothing: malformed, empty or oversize.
[[nodiscard]] std::optional<Credentials> decode_plain(std::string_view base64);

/// One answer under LOGIN, in base64. Nothing: malformed, empty, oversize, or with a NUL.
[[nodiscard]] std::optional<std::string> decode_login(std::string_view base64);

/// The prompts of LOGIN, in base64: `Username:`, `Password:`.
inline constexpr std::string_view login_name_prompt = "VXNlcm5hbWU6";
inline constexpr std::string_view login_password_prompt = "UGFzc3dvcmQ6";

}  // namespace zegel::smtp
