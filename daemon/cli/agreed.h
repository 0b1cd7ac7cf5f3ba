#pragma once

#include <functional>
#include <optional>

#include "cli/session.h"
#include "core/secret.h"
#include "mail/mailbox.h"

namespace zegel::cli {

/// `only_whether`: for explain, which needs none; a made-up password stands for each.
enum class Passwords { only_whether, themselves };

/// The passwords agreed with recipients, asked of the daemon or the store: as receive::World wants them. `session` must
/// outlive the answer.
[[nodiscard]] std::function<std::optional<Secret>(const mail::Mailbox&)> agreed_passwords(const Session&, Passwords);

}  // namespace zegel::cli
