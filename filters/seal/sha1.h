#pragma once

#include <string>
#include <string_view>

namespace zegel::seal {

/// 20 raw octets. Only where a format names SHA-1 (version 4 fingerprints, Web Key Directory): it protects nothing.
[[nodiscard]] std::string sha1(std::string_view bytes);

}  // namespace zegel::seal
