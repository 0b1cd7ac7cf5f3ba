#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

/// AES-256-GCM with a random 96-bit nonce per call: nonce ‖ ciphertext ‖ 16-byte tag.
namespace zegel::aead {

inline constexpr std::size_t key_size = 32;
/// Bytes that lock adds.
inline constexpr std::size_t overhead = 12 + 16;

/// `context` is authenticated, not stored: the same must be given to unlock (a row's id, so that rows cannot be
/// swapped).
[[nodiscard]] std::string lock(const Secret& key, std::string_view plain, std::string_view context);

/// Error: changed bytes, another key or another context.
[[nodiscard]] Result<std::string> unlock(const Secret& key, std::string_view locked, std::string_view context);

}  // namespace zegel::aead
