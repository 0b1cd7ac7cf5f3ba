#pragma once

#include "mail/message.h"
#include "mail/structure.h"

namespace zegel::seal {

/// Whether the whole message is a CMS EnvelopedData or AuthEnvelopedData with a recipient, down to the last octet: what
/// its label says counts for nothing. The structure is sound.
[[nodiscard]] bool is_smime_encrypted(const mail::Message&, const mail::Structure&);

/// Whether it is PGP/MIME (RFC 3156 4) of exactly its two parts with nothing readable around them, the second of them
/// an OpenPGP message that is encrypted and integrity-protected. A body that merely holds such a block is not.
[[nodiscard]] bool is_pgp_encrypted(const mail::Message&, const mail::Structure&);

}  // namespace zegel::seal
