#pragma once

#include <string_view>

#include "config/settings.h"
#include "core/result.h"

/// How addresses of machines and people are written in a config. Every error reads `"x" is not …; write …`.
namespace zegel::config {

/// An IPv4 or IPv6 address, without brackets.
[[nodiscard]] bool is_ip(std::string_view);

/// `mail.kantoor.nl`, `localhost`: letters, digits, hyphens and underscores in labels, IDN turned into A-labels,
/// folded.
[[nodiscard]] Result<std::string> parse_host(std::string_view);

/// `host:port`, port 1 to 65535.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view);

/// `address:port` to listen on: an IP address, no name; port 0 is any free one.
[[nodiscard]] Result<HostPort> parse_listen(std::string_view);

/// `192.0.2.0/24`, `2001:db8::/32`, or one address. Error also where bits beyond the prefix are set.
[[nodiscard]] Result<Network> parse_network(std::string_view);

/// `jan@x.nl`, `x.nl`, `.x.nl` or `*`.
[[nodiscard]] Result<Pattern> parse_pattern(std::string_view);

/// 127.0.0.0/8, ::1 or `localhost`: what never leaves the machine.
[[nodiscard]] bool is_loopback(const HostPort&);

}  // namespace zegel::config
