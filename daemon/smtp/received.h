#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/time.h"

namespace zegel::smtp {

/// What a Received field says (RFC 5321 4.4).
struct Trace {
  std::string_view helo;      ///< as the client named itself; checked by the session
  std::string_view address;   ///< `192.0.2.1`, `::1`
  std::string_view hostname;  ///< ours
  std::string_view protocol;  ///< `ESMTPS`: RFC 3848, RFC 6531 4.3
  std::string_view tls;       ///< `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits)`, or empty
  std::string_view id;        ///< the transaction's reference
  Time at;
};

/// The field with its CRLF. No `for` clause: it would name Bcc recipients to the others.
[[nodiscard]] std::string received_field(const Trace&);

/// The protocol word: `SMTP`, `ESMTP`, `ESMTPS`, `ESMTPSA`, `UTF8SMTP`…
[[nodiscard]] std::string protocol_word(bool extended, bool tls, bool authenticated, bool utf8);

/// How many Received fields the header of `message` has: each hop adds one, so many mean a loop (RFC 5321 6.3).
[[nodiscard]] std::size_t count_received(std::string_view message);

}  // namespace zegel::smtp
