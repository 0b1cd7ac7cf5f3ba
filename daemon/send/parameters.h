#pragma once

#include <string>
#include <string_view>

#include "mail/envelope.h"

/// What MAIL and RCPT carry beside an address when the next hop offers DSN (RFC 3461).
namespace zegel::send {

/// RFC 3461 4: printable ASCII but `+` and `=`, all else as +HH.
[[nodiscard]] std::string xtext(std::string_view);

/// ` RET=HDRS ENVID=…`: a report never needs the body.
[[nodiscard]] std::string mail_parameters(std::string_view envelope_id);

/// ` NOTIFY=… ORCPT=…`, each only where the sender gave it.
[[nodiscard]] std::string rcpt_parameters(const mail::Recipient&);

}  // namespace zegel::send
