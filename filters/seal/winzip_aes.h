#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

/// The data of one zip entry under WinZip's AES: salt ‖ password check ‖ AES-256-CTR ciphertext ‖ HMAC-SHA-1-80, with
/// keys of PBKDF2-HMAC-SHA-1, 1,000 rounds. libzip does the same one block at a time, ten times slower (docs/decisions:
/// nested zips); here the cipher gets its blocks in batches.
namespace zegel::seal::winzip_aes {

inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t check_size = 2;
inline constexpr std::size_t mac_size = 10;
inline constexpr std::size_t before = salt_size + check_size;  ///< octets ahead of the ciphertext
inline constexpr std::size_t overhead = before + mac_size;

/// `data` holds the plaintext from `begin` on to `end`, with room of `before` octets ahead and mac_size after it.
/// Encrypts in place, under a new salt. Throws std::runtime_error when OpenSSL cannot.
void lock(std::string& data, std::size_t begin, std::size_t end, const Secret& password);

/// Takes an entry's data apart again, in place: the plaintext, a view into `entry`. Error, and `entry` as it was:
/// another password, or not the octets that lock wrote.
[[nodiscard]] Result<std::string_view> unlock(std::string& entry, const Secret& password);

}  // namespace zegel::seal::winzip_aes
