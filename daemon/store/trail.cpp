#include "store/trail.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <ranges>

#include "core/text.h"
#include "store/schema.h"

namespace zegel::store {

namespace {

/// FNV-1a, cut to 32 bits: only narrows a search, what is found is compared.
std::int64_t finder_hash(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return static_cast<std::int64_t>((hash >> 32 ^ hash) & 0xFFFFFFFF);
}

std::string_view bare(std::string_view message_id) {
  message_id = text::trim(message_id);
  if (message_id.starts_with('<') && message_id.ends_with('>')) return message_id.substr(1, message_id.size() - 2);
  return message_id;
}

void write_finder(Database& db, std::string_view name, RowId message) {
  db.run("INSERT OR IGNORE INTO finder(block, hash, message) VALUES(?, ?, ?)", message / finder_block,
         finder_hash(name), message);
}

std::optional<MessageRow> read_message(Database& db, RowId id) {
  Rows rows =
      db.query("SELECT reference, at, copies, sender, client, tls, message_id, size FROM message WHERE id = ?", id);
  if (!rows.next()) return std::nullopt;
  MessageRow row{.id = id,
                 .reference = rows.text(0),
                 .at = from_stored(rows.integer(1)),
                 .copies = static_cast<std::size_t>(rows.integer(2)),
                 .sender = rows.text(3),
                 .client = rows.text(4),
                 .tls = rows.text(5),
                 .message_id = rows.text(6)};
  if (!rows.null(7)) row.size = static_cast<std::uint64_t>(rows.integer(7));
  return row;
}

std::vector<RowId> candidates(Database& db, std::string_view name) {
  std::vector<RowId> found;
  const std::int64_t hash = finder_hash(name);
  const std::int64_t first = db.number("SELECT min(block) FROM finder").value_or(0);
  for (std::int64_t block = db.number("SELECT max(block) FROM finder").value_or(-1); block >= first; --block) {
    Rows rows = db.query("SELECT message FROM finder WHERE block = ? AND hash = ? ORDER BY message DESC", block, hash);
    while (rows.next()) found.push_back(rows.integer(0));
  }
  return found;
}

AuditRow received(const MessageRow& message) {
  std::string detail = "client=" + message.client + " tls=" + (message.tls.empty() ? "none" : message.tls) +
                       " size=" + std::to_string(*message.size);
  if (!message.message_id.empty()) detail += " message-id=" + quoted(message.message_id);
  return {message.at, message.reference, "received", message.sender, "", std::move(detail)};
}

void add_events(Database& db, const MessageRow& message, std::vector<AuditRow>& events) {
  if (message.size) events.push_back(received(message));
  Rows rows = db.query("SELECT at, event, who, recipient, detail FROM event WHERE message = ? ORDER BY n", message.id);
  while (rows.next()) {
    events.push_back(
        {from_stored(rows.integer(0)), message.reference, rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
  }
}

void erase_message(Database& db, RowId id) {
  const auto row = read_message(db, id);
  if (!row) return;
  for (const std::string_view name : {std::string_view(row->reference), bare(row->message_id)}) {
    db.run("DELETE FROM finder WHERE block = ? AND hash = ? AND message = ?", id / finder_block, finder_hash(name), id);
  }
  db.run("DELETE FROM event WHERE message = ?", id);
  db.run("DELETE FROM message WHERE id = ?", id);
}

/// Messages that recipients still wait for, or a person: kept whatever their age.
bool in_use(Database& db, RowId message, std::int64_t copies) {
  return db.number("SELECT 1 FROM copy WHERE id BETWEEN ? AND ?", message + 1, message + copies) ||
         db.number("SELECT 1 FROM held WHERE id = ?", message);
}

}  // namespace

std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return out + '"';
}

void write_message(Database& db, const MessageRow& row) {
  db.run(
      "INSERT INTO message(id, reference, at, copies, sender, client, tls, message_id, size) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.id, row.reference, to_stored(row.at), row.copies, row.sender, row.client, row.tls, bare(row.message_id),
      row.size);
  write_finder(db, row.reference, row.id);
  if (const auto id = bare(row.message_id); !id.empty()) write_finder(db, id, row.id);
}

void write_event(Database& db, RowId message, const AuditRow& event) {
  db.run(
      "INSERT INTO event(message, n, at, event, who, recipient, detail) "
      "VALUES(?1, (SELECT coalesce(max(n), -1) + 1 FROM event WHERE message = ?1), ?2, ?3, ?4, ?5, ?6)",
      message, to_stored(event.at), event.event, event.who, event.recipient, event.detail);
}

std::vector<MessageRow> find_messages(Database& db, std::string_view reference_or_message_id) {
  const std::string_view name = bare(reference_or_message_id);
  std::vector<MessageRow> found;
  for (const RowId id : candidates(db, name)) {
    auto row = read_message(db, id);
    if (row && (row->reference == name || row->message_id == name)) found.push_back(std::move(*row));
  }
  return found;
}

std::vector<AuditRow> trace(Database& db, std::string_view reference_or_message_id) {
  std::vector<std::string> references;
  for (const MessageRow& message : find_messages(db, reference_or_message_id)) {
    if (std::ranges::find(references, message.reference) == references.end()) references.push_back(message.reference);
  }
  std::vector<AuditRow> events;
  for (const std::string& reference : references) {
    const std::vector<MessageRow> messages = find_messages(db, reference);
    for (const MessageRow& message : messages | std::views::reverse) add_events(db, message, events);
  }
  // By time, and where that is the same in the order of writing.
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(events[i].at, i); });
  std::vector<AuditRow> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(events[i]));
  return sorted;
}

std::optional<RowId> sweep_messages(Database& db, Time before, Time now, RowId from, std::size_t limit) {
  std::vector<RowId> old;
  std::optional<RowId> last;
  {
    struct Seen {
      RowId id;
      std::int64_t copies;
      bool old;
    };
    std::vector<Seen> seen;
    Rows rows = db.query("SELECT id, at, copies FROM message WHERE id > ? ORDER BY id LIMIT ?", from, limit);
    bool more = true;
    while (more && rows.next()) {
      const bool is_old = rows.integer(1) < to_stored(before);
      more = is_old || rows.integer(1) > to_stored(now);
      if (more) seen.push_back({rows.integer(0), rows.integer(2), is_old});
    }
    for (const Seen& one : seen) {
      if (one.old && !in_use(db, one.id, one.copies)) old.push_back(one.id);
    }
    if (more && seen.size() == limit) last = seen.back().id;
  }
  for (const RowId id : old) erase_message(db, id);
  return last;
}

ForgetStep forget_in_trail(Database& db, const std::string& address, RowId from, std::size_t limit) {
  ForgetStep step;
  step.next = db.number("SELECT id FROM message WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", from, limit - 1);
  const RowId to = step.next.value_or(std::numeric_limits<RowId>::max());
  // Case is folded by SQLite for A-Z only, as addresses are.
  step.events =
      db.run(
          "DELETE FROM event WHERE message > ?2 AND message <= ?3 AND (recipient = ?1 COLLATE NOCASE OR who = ?1 "
          "COLLATE NOCASE)",
          address, from, to) +
      db.run("UPDATE message SET sender = '', client = '' WHERE id > ?2 AND id <= ?3 AND sender = ?1 COLLATE NOCASE",
             address, from, to);
  step.passwords =
      db.run("DELETE FROM password WHERE message > ?2 AND message <= ?3 AND recipient = ?1", address, from, to);
  return step;
}

}  // namespace zegel::store
