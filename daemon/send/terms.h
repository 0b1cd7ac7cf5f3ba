#pragma once

#include <memory>

#include "send/courier.h"

namespace zegel::send {

/// Reads what the settings name (CA file, password file). Throws std::runtime_error with which and why.
[[nodiscard]] std::shared_ptr<const Terms> make_terms(std::shared_ptr<const config::Settings>, std::uint16_t mx_port);

}  // namespace zegel::send
