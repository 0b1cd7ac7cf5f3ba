#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "cli/inspect.h"
#include "send/resolver.h"

namespace zegel::cli {

/// Where the other ends are looked for.
struct Network {
  std::function<std::shared_ptr<send::Resolver>(const boost::asio::any_io_executor&)> resolver = {};  ///< the system's
  std::uint16_t mx_port = 25;
};

/// The next hops (with delivery.direct the MX of one recipient domain stands for all) and office.relay: connects, says
/// EHLO, demands the TLS and logs in as a delivery would; clamd. Sends no mail. Half a minute at most for each.
void inspect_lines(const config::Settings&, Problems&, const Network& = {});

}  // namespace zegel::cli
