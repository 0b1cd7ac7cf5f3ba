#pragma once

#include <functional>
#include <map>
#include <optional>

#include "cli/session.h"
#include "mail/mailbox.h"
#include "store/store.h"

namespace zegel::cli {

/// With whom passwords are agreed, and since when: out of the answer to GET /passwords.
[[nodiscard]] std::map<std::string, Time> agreed_in(const std::string& json);

/// `only_whether`: for explain, which needs none; a made-up password stands for each.
enum class Passwords { only_whether, themselves };

/// The passwords agreed with recipients, asked of the daemon or the store: as receive::World wants them. `session` must
/// outlive the answer.
[[nodiscard]] std::function<std::optional<store::AgreedPassword>(const mail::Mailbox&)> agreed_passwords(const Session&,
                                                                                                         Passwords);

}  // namespace zegel::cli
