#pragma once

#include <memory>

#include "config/settings.h"
#include "net/tls.h"
#include "receive/networks.h"
#include "smtp/session.h"

namespace zegel::receive {

/// What the config means for those who come to the door. Immutable; a session keeps the one it began with.
struct Doorstep {
  /// Throws std::runtime_error: a certificate or a network that cannot be used.
  explicit Doorstep(std::shared_ptr<const config::Settings> all);

  std::shared_ptr<const config::Settings> settings;
  Networks trusted;
  net::TlsContext::Shared tls;  ///< null: none
  std::shared_ptr<const smtp::Terms> terms;
};

}  // namespace zegel::receive
