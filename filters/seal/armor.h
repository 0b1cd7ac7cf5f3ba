#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

/// ASCII armour of OpenPGP (RFC 4880 6).
namespace zegel::seal::pgp {

/// Appends `-----BEGIN PGP MESSAGE-----` and so on, lines of 76 with CRLF. With the checksum, which
/// RFC 9580 6.1 would leave out: gpg 2.2 needs it when the data need no padding.
void armor(std::string_view binary, std::string& out);

/// The octets of the one armoured block with that label ("MESSAGE", "PUBLIC KEY BLOCK"). Blank lines may stand around
/// it, nothing else; in a MESSAGE no armour headers but known ones. Error: none, another, broken, or a wrong checksum.
[[nodiscard]] Result<std::string> dearmor(std::string_view text, std::string_view label);

}  // namespace zegel::seal::pgp
