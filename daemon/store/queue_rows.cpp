#include "store/queue_rows.h"

#include "store/codec.h"
#include "store/pieces.h"
#include "store/schema.h"
#include "store/trail.h"

namespace zegel::store {

namespace {

std::string context(CopyId id) { return "copy " + std::to_string(id); }

std::string pack(const QueuedCopy& copy) {
  Packer packer;
  packer.text(copy.reference);
  packer.mailbox(copy.from);
  packer.text(copy.envelope_id);
  packer.recipients(copy.recipients);
  packer.number(static_cast<std::uint64_t>(copy.via));
  packer.number(static_cast<std::uint64_t>(copy.method));
  packer.number(static_cast<std::uint64_t>(copy.tls));
  packer.number(static_cast<std::uint64_t>(copy.language));
  packer.number((copy.notice ? 1U : 0U) | (copy.smtputf8 ? 2U : 0U));
  packer.text(copy.rule);
  packer.number(copy.size);
  packer.number(static_cast<std::uint64_t>(to_stored(copy.received)));
  packer.text(copy.client);
  return packer.bytes();
}

void unpack(std::string_view bytes, QueuedCopy& copy) {
  Unpacker unpacker(bytes);
  copy.reference = unpacker.text();
  copy.from = unpacker.mailbox();
  copy.envelope_id = unpacker.text();
  copy.recipients = unpacker.recipients();
  copy.via = unpacker.word(Via::office);
  copy.method = unpacker.word(Method::clear);
  copy.tls = unpacker.word(Tls::verified);
  copy.language = unpacker.word(Language::de);
  const std::uint64_t flags = unpacker.number();
  copy.notice = (flags & 1) != 0;
  copy.smtputf8 = (flags & 2) != 0;
  copy.rule = unpacker.text();
  copy.size = unpacker.number();
  copy.received = from_stored(static_cast<std::int64_t>(unpacker.number()));
  copy.client = unpacker.text();
}

/// Unlocks what the row holds locked.
Result<void> open_row(const Keyring& keyring, std::string_view wrapped, std::string_view locked, CopyRow& row) {
  auto key = keyring.unwrap(wrapped, row.copy.id);
  if (!key) return std::unexpected(key.error());
  const auto details = aead::unlock(*key, locked, context(row.copy.id));
  if (!details) return std::unexpected(details.error());
  try {
    unpack(*details, row.copy);
  } catch (const BadRow& bad) { return fail(bad.what()); }
  row.key = std::move(*key);
  return {};
}

}  // namespace

LockedCopy lock_copy(const Keyring& keyring, QueuedCopy copy, RowId message, seal::Sealed octets) {
  Secret key = new_key();
  const CopyId id = copy.id;
  std::string details = aead::lock(key, pack(copy), context(id));
  std::string wrapped = keyring.wrap(key, id);
  std::string first = lock_first_piece(key, id, octets.bytes());
  return {.copy = std::move(copy),
          .message = message,
          .octets = std::move(octets),
          .key = std::move(key),
          .wrapped_key = std::move(wrapped),
          .details = std::move(details),
          .first_piece = std::move(first)};
}

void write_copy(Database& db, const LockedCopy& locked) {
  const QueuedCopy& copy = locked.copy;
  db.run(
      "INSERT INTO copy(id, message, state, due, attempts, delay_notified, last_reply, key, details) "
      "VALUES(?, ?, 0, ?, 0, 0, '', ?, ?)",
      copy.id, locked.message, to_stored(copy.due), Blob{locked.wrapped_key}, Blob{locked.details});
  write_pieces(db, locked.key, copy.id, locked.octets.bytes(), locked.first_piece);
}

Result<std::optional<CopyRow>> read_copy(Database& db, const Keyring& keyring, CopyId id) {
  Rows rows = db.query(
      "SELECT message, state, due, attempts, delay_notified, last_reply, key, details FROM copy WHERE id = ?", id);
  if (!rows.next()) return std::nullopt;
  CopyRow row{.copy = {.id = id}, .message = rows.integer(0)};
  row.set_aside = rows.integer(1) == static_cast<std::int64_t>(CopyState::set_aside);
  row.copy.on_hold = rows.integer(1) == static_cast<std::int64_t>(CopyState::on_hold);
  row.copy.due = from_stored(rows.integer(2));
  row.copy.attempts = static_cast<std::uint32_t>(rows.integer(3));
  row.copy.delay_notified = rows.integer(4) != 0;
  row.copy.last_reply = rows.text(5);
  if (auto opened = open_row(keyring, rows.view(6), rows.view(7), row); !opened) {
    return std::unexpected(opened.error());
  }
  return row;
}

void update_copy(Database& db, const CopyRow& row) {
  const QueuedCopy& copy = row.copy;
  db.run("UPDATE copy SET due = ?, attempts = ?, delay_notified = ?, last_reply = ?, details = ? WHERE id = ?",
         to_stored(copy.due), copy.attempts, copy.delay_notified, copy.last_reply,
         Blob{aead::lock(row.key, pack(copy), context(copy.id))}, copy.id);
}

bool erase_copy(Database& db, CopyId id) {
  if (db.run("DELETE FROM copy WHERE id = ?", id) == 0) return false;
  erase_pieces(db, id);
  return true;
}

void set_aside(Database& db, CopyId id) { db.run("UPDATE copy SET state = ? WHERE id = ?", CopyState::set_aside, id); }

std::vector<CopyId> copy_ids(Database& db, CopyId after, std::size_t limit) {
  std::vector<CopyId> ids;
  Rows rows = db.query("SELECT id FROM copy WHERE id > ? ORDER BY id LIMIT ?", after, limit);
  while (rows.next()) ids.push_back(rows.integer(0));
  return ids;
}

std::vector<CopyId> copy_ids(Database& db, std::string_view reference) {
  std::vector<CopyId> ids;
  for (const MessageRow& message : find_messages(db, reference)) {
    Rows rows = db.query("SELECT id FROM copy WHERE id BETWEEN ? AND ?", message.id + 1,
                         message.id + static_cast<RowId>(message.copies));
    while (rows.next()) ids.push_back(rows.integer(0));
  }
  return ids;
}

std::vector<Appointment> appointments(Database& db) {
  std::vector<Appointment> all;
  Rows rows = db.query("SELECT due, id FROM copy WHERE state = 0 ORDER BY due, id");
  while (rows.next()) all.push_back({from_stored(rows.integer(0)), rows.integer(1)});
  return all;
}

}  // namespace zegel::store
