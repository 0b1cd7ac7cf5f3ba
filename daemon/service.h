#pragma once

/// What the daemon tells systemd (sd_notify(3), Type=notify). Nothing happens where nobody listens.
namespace zegel::service {

void ready();
void reloading();
void stopping();

}  // namespace zegel::service
