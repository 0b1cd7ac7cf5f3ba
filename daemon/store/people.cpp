#include "store/people.h"

#include "core/text.h"
#include "store/trail.h"

namespace zegel::store {

namespace {

std::string password_context(RowId message, std::size_t number) {
  return "password " + std::to_string(message) + "." + std::to_string(number);
}

std::string agreed_context(const std::string& whom) { return "agreed " + whom; }

}  // namespace

std::string fold(std::string_view address) { return text::lower(text::trim(address)); }

void add_learned(Database& db, const LearnedRecipient& recipient) {
  db.run(
      "INSERT INTO learned(address, mails, last) VALUES(?, ?, ?) "
      "ON CONFLICT(address) DO UPDATE SET mails = mails + excluded.mails, last = max(last, excluded.last)",
      recipient.address, recipient.mails, to_stored(recipient.last));
}

std::vector<LearnedRecipient> read_learned(Database& db) {
  std::vector<LearnedRecipient> all;
  Rows rows = db.query("SELECT address, mails, last FROM learned");
  while (rows.next()) {
    all.push_back({rows.text(0), static_cast<std::uint64_t>(rows.integer(1)), from_stored(rows.integer(2))});
  }
  return all;
}

Confirmation confirmation_of(const Keyring& keyring, std::string_view sender, std::string_view recipient) {
  const std::string from = fold(sender);
  const std::string to = fold(recipient);
  return {.pair = keyring.pseudonym("pair " + from + '\n' + to),
          .sender = keyring.pseudonym("one " + from),
          .recipient = keyring.pseudonym("one " + to)};
}

void write_confirmation(Database& db, const Confirmation& asked, Time until) {
  db.run("INSERT OR REPLACE INTO confirmation(pair, sender, recipient, until) VALUES(?, ?, ?, ?)", Blob{asked.pair},
         Blob{asked.sender}, Blob{asked.recipient}, to_stored(until));
}

bool has_confirmation(Database& db, const Confirmation& asked, Time now) {
  return db.number("SELECT 1 FROM confirmation WHERE pair = ? AND until >= ?", Blob{asked.pair}, to_stored(now))
      .has_value();
}

std::size_t erase_confirmations(Database& db, const Keyring& keyring, std::string_view address) {
  const std::string one = keyring.pseudonym("one " + fold(address));
  return db.run("DELETE FROM confirmation WHERE sender = ?1 OR recipient = ?1", Blob{one});
}

LockedPassword lock_password(const Keyring& keyring, RowId message, std::size_t number,
                             const MessagePassword& password) {
  return {.number = number,
          .recipient = fold(password.recipient),
          .locked = keyring.lock_password(password.password, password_context(message, number)),
          .expires = password.expires};
}

void write_password(Database& db, RowId message, const LockedPassword& password) {
  db.run("INSERT INTO password(message, n, recipient, expires, locked) VALUES(?, ?, ?, ?, ?)", message, password.number,
         password.recipient, to_stored(password.expires), Blob{password.locked});
}

std::vector<MessagePassword> read_passwords(Database& db, const Keyring& keyring, std::string_view reference) {
  std::vector<MessagePassword> found;
  for (const MessageRow& message : find_messages(db, reference)) {
    Rows rows = db.query("SELECT n, recipient, expires, locked FROM password WHERE message = ? ORDER BY n", message.id);
    while (rows.next()) {
      auto password = keyring.unlock_password(rows.view(3),
                                              password_context(message.id, static_cast<std::size_t>(rows.integer(0))));
      if (password) found.push_back({rows.text(1), std::move(*password), from_stored(rows.integer(2))});
    }
  }
  return found;
}

void write_agreed(Database& db, const Keyring& keyring, const std::string& whom, const Secret& password, Time since) {
  const std::string locked = keyring.lock_password(password, agreed_context(whom));
  db.run("INSERT OR REPLACE INTO agreed(whom, since, locked) VALUES(?, ?, ?)", whom, to_stored(since), Blob{locked});
}

Result<std::optional<AgreedPassword>> read_agreed(Database& db, const Keyring& keyring, const std::string& whom) {
  Rows rows = db.query("SELECT locked, since FROM agreed WHERE whom = ?", whom);
  if (!rows.next()) return std::nullopt;
  auto password = keyring.unlock_password(rows.view(0), agreed_context(whom));
  if (!password) return std::unexpected(password.error());
  return AgreedPassword{std::move(*password), whom, from_stored(rows.integer(1))};
}

std::size_t erase_passwords(Database& db, const std::string& address) {
  return db.run("DELETE FROM password WHERE recipient = ?", address) +
         db.run("DELETE FROM agreed WHERE whom = ?", address);
}

}  // namespace zegel::store
