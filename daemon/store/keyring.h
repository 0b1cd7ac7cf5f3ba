#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/aead.h"
#include "core/secret.h"

/// Keys: one per message, wrapped by one made of the store key. A deleted message's key exists nowhere.
namespace zegel::store {

using RowId = std::int64_t;

/// The store key, and what is made of it. Immutable, safe between threads.
class Keyring {
 public:
  explicit Keyring(const Secret& store_key);

  [[nodiscard]] std::string wrap(const Secret& key, RowId row) const;
  [[nodiscard]] Result<Secret> unwrap(std::string_view wrapped, RowId row) const;

  /// Passwords: `whose` says which row it belongs to.
  [[nodiscard]] std::string lock_password(const Secret& password, std::string_view whose) const;
  [[nodiscard]] Result<Secret> unlock_password(std::string_view locked, std::string_view whose) const;

  /// A name that cannot be turned back, nor guessed at, without the store key.
  [[nodiscard]] std::string pseudonym(std::string_view of) const;

 private:
  Secret wrapping_, passwords_, pseudonyms_;
};

/// A new message key.
[[nodiscard]] Secret new_key();

/// `dir`/store.key (64 hexadecimal digits, 0600). Made when `may_make`; Error: missing, unreadable, readable by others,
/// not a key.
[[nodiscard]] Result<Secret> load_store_key(const std::string& dir, bool may_make);

/// 32 raw bytes, or 64 hexadecimal digits with or without a line end. Error: neither.
[[nodiscard]] Result<Secret> parse_store_key(std::string_view);

}  // namespace zegel::store
