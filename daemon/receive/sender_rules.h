#pragma once

#include <optional>

#include "config/settings.h"
#include "core/result.h"
#include "mail/mailbox.h"
#include "mail/message.h"
#include "mail/structure.h"

namespace zegel::receive {

/// Whether this mailbox is of the office: its domain is one of office.domains, exactly.
[[nodiscard]] bool of_office(const mail::Mailbox&, const config::Settings&);

/// MAIL FROM: of the office, or null. Error: `say` goes behind "550 5.7.1 ".
[[nodiscard]] Result<void> may_send(const std::optional<mail::Mailbox>& reverse_path, const config::Settings&);

/// From: (RFC 5322 3.6.2): there must be exactly one field, its every address of the office; display names that look
/// like an address of another domain do not count. Error: as may_send.
[[nodiscard]] Result<void> may_sign_as(const mail::Message&, const mail::Structure&, const config::Settings&);

}  // namespace zegel::receive
