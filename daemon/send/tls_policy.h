#pragma once

#include <string>

#include "core/result.h"
#include "core/terms.h"

/// What the line must be before a word of a message goes over it. Pure. What the policy demands and the peer cannot do
/// defers; nothing here ever weakens a demand.
namespace zegel::send {

/// What a TLS handshake came to.
struct Security {
  std::string version = {};  ///< `TLSv1.3`; empty: no TLS
  bool verified = false;     ///< chain and name hold (RFC 6125)
  std::string problem = {};  ///< what was wrong with them

  /// For the log: `TLSv1.3/verified`, `TLSv1.3/unverified`, `none`.
  [[nodiscard]] std::string text() const;
};

enum class Secure {
  now,    ///< say STARTTLS
  never,  ///< go on in clear
  defer,  ///< the policy wants TLS and the peer has none
};

/// After the first EHLO. `tls_failed`: a handshake with this host failed a moment ago, and the policy let us come back.
[[nodiscard]] Secure start_tls(Tls policy, bool offered, bool tls_failed);

/// Whether a line may be used as it is. Error: why it is deferred (never a code of the peer).
[[nodiscard]] Result<void> good_enough(Tls policy, const Security&);

/// Whether a failed handshake may be followed by a line in clear: only where TLS was a wish.
[[nodiscard]] constexpr bool may_fall_back(Tls policy) { return policy == Tls::opportunistic; }

/// Passwords go over TLS only, and where the policy is to verify, over verified TLS (good_enough sees to that).
[[nodiscard]] inline bool may_log_in(const Security& line) { return !line.version.empty(); }

}  // namespace zegel::send
