#pragma once

#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace zegel {

/// A file with a key or a password in it, read without a copy left behind. At most 16 MB. Error: `PATH: ` and the
/// system's reason.
[[nodiscard]] Result<Secret> read_secret(const std::string& path);

}  // namespace zegel
