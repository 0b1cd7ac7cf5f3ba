#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/database.h"
#include "store/keyring.h"
#include "store/store.h"

/// What is remembered of people: learned recipients, confirmations, passwords.
namespace zegel::store {

/// `mails` more of them.
void add_learned(Database&, const LearnedRecipient&);
[[nodiscard]] std::vector<LearnedRecipient> read_learned(Database&);

/// A confirmation as it is kept: who is in it cannot be told without the store key.
struct Confirmation {
  std::string pair, sender, recipient;
};
[[nodiscard]] Confirmation confirmation_of(const Keyring&, std::string_view sender, std::string_view recipient);
void write_confirmation(Database&, const Confirmation&, Time until);
[[nodiscard]] bool has_confirmation(Database&, const Confirmation&, Time now);
std::size_t erase_confirmations(Database&, const Keyring&, std::string_view address);

/// A per-message password, locked.
struct LockedPassword {
  std::size_t number = 0;
  std::string recipient, locked;
  Time expires;
};
[[nodiscard]] LockedPassword lock_password(const Keyring&, RowId message, std::size_t number, const MessagePassword&);
void write_password(Database&, RowId message, const LockedPassword&);
[[nodiscard]] std::vector<MessagePassword> read_passwords(Database&, const Keyring&, std::string_view reference);

void write_agreed(Database&, const Keyring&, const std::string& whom, const Secret&, Time since);
/// Error: it was changed.
[[nodiscard]] Result<std::optional<AgreedPassword>> read_agreed(Database&, const Keyring&, const std::string& whom);

/// Per-message and agreed ones of this address (or domain).
std::size_t erase_passwords(Database&, const std::string& address);

/// A–Z folded: addresses and domains as they are compared.
[[nodiscard]] std::string fold(std::string_view address);

}  // namespace zegel::store
