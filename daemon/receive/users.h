#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

/// Who may AUTH: a file of `name:hash` lines (server.users); `#` begins a comment. The hash is scrypt (RFC 7914) in the
/// PHC string format: `$scrypt$ln=15,r=8,p=1$SALT$HASH`, base64 without padding.
namespace zegel::receive {

/// Slow on purpose: 32 MB and some 80 ms. `cost` is log2 N.
[[nodiscard]] std::string hash_password(std::string_view password, unsigned cost = 15);

/// Whether `hash` is of `password`. A hash that is malformed, or costs more than 1 GB, is of none.
[[nodiscard]] bool verify_password(std::string_view hash, std::string_view password);

/// Whether the file has that name with that password. Takes as long for a name that it has not. Throws
/// std::runtime_error when the file cannot be read.
[[nodiscard]] bool password_matches(const std::string& file, std::string_view name, std::string_view password);

/// In the file's order. A file that is not there has none. Throws as password_matches.
[[nodiscard]] std::vector<std::string> list_users(const std::string& file);

/// Adds a user, or gives one a new password. The file is replaced as a whole, and readable by its owner (and, where it
/// was, the group) only. Error: a name or a password that cannot be, or the file cannot be written.
[[nodiscard]] Result<void> add_user(const std::string& file, std::string_view name, std::string_view password);

/// Error: no such user, or the file cannot be written.
[[nodiscard]] Result<void> remove_user(const std::string& file, std::string_view name);

}  // namespace zegel::receive
