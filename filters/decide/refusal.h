#pragma once

#include <span>
#include <string>

#include "decide/ladder.h"

namespace zegel::decide {

/// Refuse::say for a ladder of which no rung could be climbed. ASCII; however long the reasons, the reply line
/// `550 5.7.5 <address>: … [REF]` stays within the 512 octets of RFC 5321 4.5.3.1.5, and each rung is named.
[[nodiscard]] std::string say_refused(std::span<const Attempt>, const mail::Mailbox& recipient);

/// The same at length, for the log.
[[nodiscard]] std::string why_refused(std::span<const Attempt>);

}  // namespace zegel::decide
