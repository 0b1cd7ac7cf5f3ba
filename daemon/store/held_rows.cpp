#include "store/held_rows.h"

#include "store/codec.h"
#include "store/pieces.h"
#include "store/trail.h"

namespace zegel::store {

namespace {

std::string context(RowId id) { return "held " + std::to_string(id); }

std::string pack(const HeldEntry& entry) {
  Packer packer;
  packer.text(entry.reference);
  packer.envelope(entry.envelope);
  packer.text(entry.client);
  packer.text(entry.message_id);
  packer.text(entry.why);
  packer.text(entry.suggestion);
  packer.number(entry.size);
  packer.number(static_cast<std::uint64_t>(to_stored(entry.received)));
  return packer.bytes();
}

HeldEntry unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  HeldEntry entry;
  entry.reference = unpacker.text();
  entry.envelope = unpacker.envelope();
  entry.client = unpacker.text();
  entry.message_id = unpacker.text();
  entry.why = unpacker.text();
  entry.suggestion = unpacker.text();
  entry.size = unpacker.number();
  entry.received = from_stored(static_cast<std::int64_t>(unpacker.number()));
  return entry;
}

}  // namespace

LockedHeld lock_held(const Keyring& keyring, RowId id, HeldEntry entry, mail::Message message) {
  LockedHeld held{.id = id, .entry = std::move(entry), .message = std::move(message), .key = new_key()};
  held.wrapped_key = keyring.wrap(held.key, id);
  held.details = aead::lock(held.key, pack(held.entry), context(id));
  held.first_piece = lock_first_piece(held.key, id, held.message.bytes());
  return held;
}

void write_held(Database& db, const LockedHeld& held) {
  db.run("INSERT INTO held(id, expires, key, details) VALUES(?, ?, ?, ?)", held.id, to_stored(held.entry.expires),
         Blob{held.wrapped_key}, Blob{held.details});
  write_pieces(db, held.key, held.id, held.message.bytes(), held.first_piece);
}

Result<std::optional<HeldRow>> read_held(Database& db, const Keyring& keyring, RowId id) {
  Rows rows = db.query("SELECT expires, key, details FROM held WHERE id = ?", id);
  if (!rows.next()) return std::nullopt;
  auto key = keyring.unwrap(rows.view(1), id);
  if (!key) return std::unexpected(key.error());
  const auto details = aead::unlock(*key, rows.view(2), context(id));
  if (!details) return std::unexpected(details.error());
  try {
    HeldRow row{.id = id, .entry = unpack(*details), .key = std::move(*key)};
    row.entry.expires = from_stored(rows.integer(0));
    return row;
  } catch (const BadRow& bad) { return fail(bad.what()); }
}

Result<mail::Message> read_held_message(Database& db, const HeldRow& row) {
  auto octets = read_pieces(db, row.key, row.id, row.entry.size);
  if (!octets) return std::unexpected(octets.error());
  return mail::Message(std::move(*octets));
}

bool erase_held(Database& db, RowId id) {
  if (db.run("DELETE FROM held WHERE id = ?", id) == 0) return false;
  erase_pieces(db, id);
  return true;
}

std::vector<RowId> held_ids(Database& db, std::optional<Time> before) {
  std::vector<RowId> ids;
  Rows rows = db.query("SELECT id FROM held WHERE expires < ? ORDER BY id", to_stored(before.value_or(Time::max())));
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

std::optional<RowId> held_id(Database& db, std::string_view reference) {
  for (const MessageRow& message : find_messages(db, reference)) {
    if (message.reference == reference && db.number("SELECT 1 FROM held WHERE id = ?", message.id)) return message.id;
  }
  return std::nullopt;
}

}  // namespace zegel::store
