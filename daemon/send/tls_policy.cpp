#include "send/tls_policy.h"

namespace zegel::send {

std::string Security::text() const {
  if (version.empty()) return "none";
  return version + (verified ? "/verified" : "/unverified");
}

Secure start_tls(Tls policy, bool offered, bool tls_failed) {
  switch (policy) {
    case Tls::none:
      return Secure::never;
    case Tls::opportunistic:
      return offered && !tls_failed ? Secure::now : Secure::never;
    case Tls::required:
    case Tls::verified:
      return offered ? Secure::now : Secure::defer;
  }
  return Secure::defer;
}

Result<void> good_enough(Tls policy, const Security& line) {
  if (policy == Tls::none || policy == Tls::opportunistic) return {};
  if (line.version.empty()) return fail("the next hop offers no TLS, which delivery.tls demands");
  if (policy == Tls::required) return {};
  if (!line.verified) return fail("the next hop's certificate does not hold: " + line.problem);
  return {};
}

}  // namespace zegel::send
