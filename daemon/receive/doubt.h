#pragma once

#include <string>

#include "check/verdict.h"
#include "config/settings.h"
#include "mail/mailbox.h"
#include "smtp/reply.h"

namespace zegel::receive {

/// What recipients.on_typo and on_unknown say of a verdict. A hint about a person only ever asks: where the config says
/// refuse or hold, it confirms.
[[nodiscard]] OnDoubt what_to_do(const check::Verdict&, const config::Recipients&);

/// The reply at RCPT for `confirm` and `refuse`: `550 5.1.2 <jan@gmial.com>: did you mean jan@gmail.com? If not, send
/// it again within 30 minutes [REF]`. ASCII, one line.
[[nodiscard]] smtp::Reply doubt_reply(const mail::Mailbox&, const check::Verdict&, OnDoubt, seconds confirm_window,
                                      std::string_view reference);

/// `30 minutes`, `2 hours`: for people.
[[nodiscard]] std::string spoken(seconds);

}  // namespace zegel::receive
