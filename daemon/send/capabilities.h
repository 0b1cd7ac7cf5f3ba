#pragma once

#include <cstdint>
#include <string>

#include "smtp/reply.h"

namespace zegel::send {

/// What a next hop offered in its reply to EHLO.
struct Capabilities {
  bool pipelining = false;     ///< RFC 2920
  bool eight_bit = false;      ///< RFC 6152
  bool utf8 = false;           ///< RFC 6531
  bool dsn = false;            ///< RFC 3461
  bool start_tls = false;      ///< RFC 3207
  bool size = false;           ///< RFC 1870
  std::uint64_t max_size = 0;  ///< 0: not said
  bool auth_plain = false;     ///< RFC 4616
  bool auth_login = false;
};

/// Reads the 250 to EHLO; keywords in any case, unknown ones ignored.
[[nodiscard]] Capabilities capabilities(const smtp::Reply& ehlo);

}  // namespace zegel::send
