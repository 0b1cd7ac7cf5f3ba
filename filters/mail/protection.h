#pragma once

#include <optional>
#include <string>

#include "mail/structure.h"

/// What a message already is, as far as its structure and the outermost bytes tell. Never by labels alone.
namespace zegel::mail {

/// RFC 3156 4: multipart/encrypted for PGP, of exactly two parts, the first saying `Version: 1`, the second a PGP
/// message that begins with encrypted session keys and goes on with one integrity-protected packet of data, and holds
/// nothing else. The structure must be sound.
[[nodiscard]] bool is_pgp_mime_encrypted(const Message&, const Structure&);

/// Whether binary OpenPGP packets (RFC 9580 4.2) are an encrypted message: PKESK and SKESK, then SEIPD to the end.
[[nodiscard]] bool is_encrypted_packets(std::string_view packets);

/// ASCII armour of a PGP MESSAGE (RFC 9580 6.2) that is the whole text but for blanks: the bytes in it. Nothing when it
/// is anything else.
[[nodiscard]] std::optional<std::string> dearmored_message(std::string_view text);

/// The CMS bytes of a message whose root is application/pkcs7-mime (or x-pkcs7-mime) of a sound structure, transfer
/// encoding undone. Whoever knows CMS must look whether they are enveloped or signed data.
[[nodiscard]] std::optional<std::string> pkcs7_mime_bytes(const Message&, const Structure&);

/// RFC 1847: multipart/signed of exactly two parts whose second has the type that `protocol` names.
[[nodiscard]] bool is_multipart_signed(const Part&, const Structure&);

}  // namespace zegel::mail
