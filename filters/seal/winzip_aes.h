#pragma once

#include <cstddef>
#include <memory>
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

/// An entry's data, opened with the password: read from anywhere, decrypted on the way, without a copy of the whole.
class Reader {
 public:
  /// Authenticates all of `entry`, which must outlive this. Error: another password, or not the octets that lock wrote.
  [[nodiscard]] static Result<Reader> open(std::string_view entry, const Secret& password);
  Reader(Reader&&) noexcept;
  ~Reader();

  [[nodiscard]] std::size_t size() const { return ciphertext_.size(); }
  /// Plaintext from octet `at` on into `to`; at + size must not be over size().
  void read(std::size_t at, char* to, std::size_t size);

 private:
  class KeyStream;
  friend void lock(std::string&, std::size_t, std::size_t, const Secret&);
  Reader(std::string_view ciphertext, std::string_view key);

  std::string_view ciphertext_;
  std::unique_ptr<KeyStream> stream_;
};

}  // namespace zegel::seal::winzip_aes
