#include "store/schema.h"

#include <array>

namespace zegel::store {

namespace {

/// "zgel": tells SQLite's `file`, and us, that this is a store of ours.
constexpr std::int64_t application_id = 0x7A67656C;

constexpr std::array steps = {
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE message(id INTEGER PRIMARY KEY, reference TEXT NOT NULL, at INTEGER NOT NULL, copies INTEGER NOT "
    "NULL,"
    " sender TEXT NOT NULL, client TEXT NOT NULL, tls TEXT NOT NULL, message_id TEXT NOT NULL, size INTEGER);"
    "CREATE TABLE finder(block INTEGER NOT NULL, hash INTEGER NOT NULL, message INTEGER NOT NULL,"
    " PRIMARY KEY(block, hash, message)) WITHOUT ROWID;"
    "CREATE TABLE copy(id INTEGER PRIMARY KEY, message INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, delay_notified INTEGER NOT NULL, last_reply TEXT NOT NULL, key BLOB NOT NULL,"
    " details BLOB NOT NULL);"
    "CREATE INDEX copy_due ON copy(due) WHERE state = 0;"
    "CREATE INDEX copy_not_ready ON copy(state) WHERE state <> 0;"
    "CREATE TABLE held(id INTEGER PRIMARY KEY, expires INTEGER NOT NULL, key BLOB NOT NULL, details BLOB NOT NULL);"
    "CREATE TABLE piece(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "CREATE TABLE event(message INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL,"
    " who TEXT NOT NULL, recipient TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY(message, n)) WITHOUT ROWID;"
    "CREATE TABLE learned(address TEXT PRIMARY KEY, mails INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE confirmation(pair BLOB PRIMARY KEY, sender BLOB NOT NULL, recipient BLOB NOT NULL,"
    " until INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE password(message INTEGER NOT NULL, n INTEGER NOT NULL, recipient TEXT NOT NULL,"
    " expires INTEGER NOT NULL, locked BLOB NOT NULL, PRIMARY KEY(message, n)) WITHOUT ROWID;"
    "CREATE TABLE agreed(whom TEXT PRIMARY KEY, since INTEGER NOT NULL, locked BLOB NOT NULL) WITHOUT ROWID;",
};

std::int64_t pragma(Database& db, std::string_view sql) { return db.number(sql).value_or(0); }

}  // namespace

SchemaSteps schema_steps() { return steps; }

Result<void> bring_up_to_date(Database& db, SchemaSteps up_to) {
  const std::int64_t owner = pragma(db, "PRAGMA application_id");
  const std::int64_t version = pragma(db, "PRAGMA user_version");
  const bool fresh = owner == 0 && version == 0 && pragma(db, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh && owner != application_id) return fail("zegel.db is not a store of Zegel's");
  if (version > static_cast<std::int64_t>(up_to.size())) {
    return fail("zegel.db was made by a newer Zegel (schema " + std::to_string(version) + ", this one knows " +
                std::to_string(up_to.size()) + "); install that one again");
  }
  for (auto step = static_cast<std::size_t>(version); step < up_to.size(); ++step) {
    Transaction transaction(db);
    db.script(up_to[step]);
    db.script("PRAGMA application_id=" + std::to_string(application_id));
    db.script("PRAGMA user_version=" + std::to_string(step + 1));
    transaction.commit();
  }
  return {};
}

}  // namespace zegel::store
