#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/terms.h"
#include "mail/mailbox.h"

namespace zegel::check {

/// Who can see whom: the outside recipients that To and Cc show to everybody.
struct Visible {
  std::size_t recipients = 0;  ///< different outside addresses in To and Cc
  std::size_t domains = 0;     ///< different domains among them, subdomains of one registrable domain counted once
};

/// `shown` are the addresses of To and Cc; `own_domains` the office's (folded A-labels; their subdomains count as own).
[[nodiscard]] Visible count_visible(std::span<const mail::Mailbox> shown, std::span<const std::string> own_domains);

/// Whether they should rather have gone in Bcc: more than `limit` of them, of more than three domains.
[[nodiscard]] bool should_be_bcc(const Visible&, std::size_t limit);

/// `34 recipients of 12 organisations can see each other's address: use Bcc`: one sentence, ASCII, fit for a reply.
[[nodiscard]] std::string explain(const Visible&, Language);

}  // namespace zegel::check
