#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "mail/envelope.h"
#include "smtp/reply.h"

namespace zegel::smtp {

/// ESMTP parameters of MAIL (RFC 1870, 6152, 6531, 3461; AUTH= of RFC 4954 is read and forgotten).
struct MailParameters {
  std::optional<std::uint64_t> size;
  bool body_8bit = false;
  bool smtputf8 = false;
  std::string envelope_id;  ///< decoded
};

/// ESMTP parameters of RCPT (RFC 3461 4.1, 4.2).
struct RcptParameters {
  mail::Notify notify;
  std::string original;  ///< `rfc822;jan@x.nl`, decoded
};

/// Error: the reply to send: 501 5.5.4 malformed or given twice, 555 5.5.4 unknown.
[[nodiscard]] std::expected<MailParameters, Reply> parse_mail_parameters(std::string_view);
[[nodiscard]] std::expected<RcptParameters, Reply> parse_rcpt_parameters(std::string_view);

}  // namespace zegel::smtp
