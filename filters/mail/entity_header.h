#pragma once

#include <string_view>
#include <vector>

#include "mail/parameters.h"
#include "mail/structure.h"

namespace zegel::mail {

/// Reads the Content-* fields of a header block into the part, and what is odd about the block. `in_digest`: the
/// default type is message/rfc822 (RFC 2046 5.1.5).
[[nodiscard]] std::vector<Oddity> read_entity_header(std::string_view header, bool in_digest, Part&);

/// What makes a multipart's boundary unfit (RFC 2046 5.1.1), or nothing.
[[nodiscard]] std::vector<Oddity> check_boundary(const Part& multipart);

}  // namespace zegel::mail
