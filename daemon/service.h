#pragma once

#include <chrono>
#include <optional>
#include <string_view>

/// What the daemon tells systemd (sd_notify(3), Type=notify). Nothing happens where nobody listens.
namespace zegel::service {

/// Whether somebody listens at $NOTIFY_SOCKET.
[[nodiscard]] bool is_listening();
/// Within which time systemd wants a sign of life (WatchdogSec=, sd_watchdog_enabled(3)); nothing when it wants none.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_period();

void ready();
void reloading();  ///< to be followed by ready()
void stopping();
void alive();
/// One line for `systemctl status`.
void status(std::string_view);

}  // namespace zegel::service
