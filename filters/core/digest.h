#pragma once

#include <string>
#include <string_view>

namespace zegel {

/// 32 raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);

/// HMAC-SHA-256, 32 raw bytes: a keyed hash, so that a stored value cannot be guessed at without the key.
[[nodiscard]] std::string keyed_hash(std::string_view key, std::string_view bytes);

/// In constant time for equal lengths.
[[nodiscard]] bool equal_secretly(std::string_view a, std::string_view b);

}  // namespace zegel
