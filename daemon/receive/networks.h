#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.h"

namespace zegel::receive {

/// Networks in CIDR form, and whether an address lies in one of them.
class Networks {
 public:
  /// Throws std::runtime_error for a text that is no network (the config's loader has looked before).
  explicit Networks(const std::vector<config::Network>&);
  /// `address`: `192.0.2.1`, `::1`. Anything else lies in none.
  [[nodiscard]] bool contain(const std::string& address) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> prefix;  ///< IPv4 as v4-mapped
    unsigned bits;
  };
  std::vector<Network> networks_;
};

/// What counts as one client in limits: an IPv4 address, or the /64 that an IPv6 host may roam in (RFC 6177).
[[nodiscard]] std::string who_counts_as(const std::string& address);

}  // namespace zegel::receive
