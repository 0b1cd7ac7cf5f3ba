#pragma once

#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"
#include "mail/mailbox.h"

namespace zegel::receive {

/// Runs zip.command (an SMS gateway): `PROGRAM recipient reference`, the password and a newline on its stdin, nothing
/// of it in argv or the environment, stdout and stderr to /dev/null, no other file of ours open. Blocks; at the
/// deadline its whole process group is killed. Error: it cannot be started, ends with anything but 0, or takes too
/// long. The message is then held.
[[nodiscard]] Result<void> hand_over_password(const std::string& program, const mail::Mailbox& recipient,
                                              const std::string& reference, const Secret& password, seconds deadline);

}  // namespace zegel::receive
