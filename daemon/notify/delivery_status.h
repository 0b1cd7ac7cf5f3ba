#pragma once

#include <string>

#include "notify/notify.h"

namespace zegel::notify {

/// The message/delivery-status part of RFC 3464: fields about the message, and a group for each recipient. ASCII, CRLF.
[[nodiscard]] std::string delivery_status(const Letterhead&, const Report&);

/// `rfc822; jan@x.nl`, or `utf-8; jos\x{E9}@x.nl` (RFC 6533 3).
[[nodiscard]] std::string typed_address(std::string_view address);

}  // namespace zegel::notify
