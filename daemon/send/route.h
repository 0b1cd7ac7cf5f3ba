#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "store/store.h"

namespace zegel::send {

/// Where a copy goes, and how the line there must be.
struct Destination {
  std::vector<config::HostPort> hosts;  ///< tried in order
  std::string mx_of;                    ///< a domain: the hosts are its MX
  Tls tls = Tls::verified;
  bool login = false;  ///< AUTH as delivery.user

  /// Equal for copies that may share a line.
  [[nodiscard]] std::string key() const;
};

/// The recipients of a copy that share a destination.
struct Leg {
  Destination destination;
  std::vector<mail::Recipient> recipients;
};

/// Pure: delivery.relay takes all in one leg; delivery.direct makes one per recipient domain; what is for the office
/// itself goes to office.relay, else to port 25 of the client it came from, with TLS where offered.
[[nodiscard]] std::vector<Leg> route(const store::QueuedCopy&, const config::Settings&);

}  // namespace zegel::send
