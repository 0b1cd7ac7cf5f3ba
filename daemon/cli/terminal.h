#pragma once

#include <string>

#include "core/secret.h"

namespace zegel::cli {

/// Asks on the terminal without echo; where stdin is no terminal, its first line. Without the line end.
[[nodiscard]] Secret ask_secret(const std::string& prompt);

}  // namespace zegel::cli
