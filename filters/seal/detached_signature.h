#pragma once

#include <cstdint>

#include "mail/message.h"
#include "mail/structure.h"

namespace zegel::seal {

/// Whether the part is the second of a multipart/signed (RFC 1847 2.1) and holds a detached signature, down to the last
/// octet: CMS SignedData without content, or OpenPGP signatures. What its label says counts for nothing: another file
/// in that place is an attachment like any other.
[[nodiscard]] bool is_detached_signature(const mail::Message&, const mail::Structure&, std::uint32_t part);

}  // namespace zegel::seal
