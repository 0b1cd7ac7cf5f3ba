#pragma once

#include <optional>
#include <string>

#include "config/settings.h"
#include "mail/message.h"

namespace zegel::receive {

/// More outside recipients than recipients.visible can see each other in To and Cc.
struct VisibleDoubt {
  std::string key;  ///< stands for this set of recipients, whatever their order: what a confirmation is asked for
  std::string
      say;  ///< `34 recipients of 12 organisations …: use Bcc. If it is meant so, send it again within 30 minutes`
};

/// Nothing when all is well, or when To and Cc cannot be read (which is for others to refuse).
[[nodiscard]] std::optional<VisibleDoubt> visible_doubt(const mail::Message&, const config::Settings&);

}  // namespace zegel::receive
