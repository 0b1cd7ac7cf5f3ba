#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace zegel::mail {

/// Whether the octets may be signed as they are: 7bit, lines of at most 998 octets.
[[nodiscard]] bool is_canonical(std::string_view bytes);

/// The entity (header fields, blank line, body; CRLF ends) in the form that may be signed and sent on by any relay
/// (RFC 8551 3.1): 7bit leaves and lines of at most 998 octets. Leaves that are so already keep their bytes, and so
/// does all of a multipart/signed. Text becomes quoted-printable, everything else base64. Error: an entity that must
/// change but whose structure is not sound, or that holds a signed part which must not change and is not 7bit.
[[nodiscard]] Result<std::string> canonical_for_signing(std::string_view entity);

}  // namespace zegel::mail
