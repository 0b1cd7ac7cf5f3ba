#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

/// ASCII armour of OpenPGP (RFC 4880 6).
namespace zegel::seal::pgp {

/// Appends `-----BEGIN PGP MESSAGE-----` and so on, lines of 76 with CRLF. Without the checksum: it is
/// optional (RFC 4880 6), not to be made any more (RFC 9580 6.1), and the message has better ones within.
void armor(std::string_view binary, std::string& out);

/// The octets of the one armoured block with that label ("MESSAGE", "PUBLIC KEY BLOCK"). Blank lines may stand around
/// it, nothing else. Error: none, another, broken, or a wrong checksum.
[[nodiscard]] Result<std::string> dearmor(std::string_view text, std::string_view label);

}  // namespace zegel::seal::pgp
