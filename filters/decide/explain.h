#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "mail/mailbox.h"

namespace zegel::decide {

/// One rule beside the others, for `zegel explain`.
struct Considered {
  std::string rule;  ///< `zegel.toml:41`
  bool matches = false;
  bool won = false;
  std::string why;  ///< `to klant.nl beats to * of zegel.toml:12`, `to does not match`, …
};

/// Every rule in the order written, with why it won or not. Choosing is what decide does.
[[nodiscard]] std::vector<Considered> explain_choice(const config::Settings&, const std::optional<mail::Mailbox>& from,
                                                     const mail::Mailbox& to);

}  // namespace zegel::decide
