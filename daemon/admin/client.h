#pragma once

#include <optional>
#include <string>

#include "admin/desk.h"

namespace zegel::admin {

/// Asks a running daemon; waits at most three minutes. Nothing: no daemon listens at this socket. 403: this
/// user may not ask. Throws std::runtime_error when it listens but does not answer.
[[nodiscard]] std::optional<Response> ask(const std::string& socket, const Request&);

}  // namespace zegel::admin
