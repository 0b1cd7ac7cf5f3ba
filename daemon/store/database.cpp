#include "store/database.h"

#include <algorithm>

#include <sqlite3.h>

#include "core/handle.h"
#include "store/log_vfs.h"

namespace zegel::store {

namespace {

constexpr int wait_for_others_ms = 10'000;

Fault::Kind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return Fault::Kind::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return Fault::Kind::failing;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Fault::Kind::damaged;
    default:
      return Fault::Kind::other;
  }
}

[[noreturn]] void throw_fault(sqlite3* db) {
  const int code = db == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(db);
  const Fault::Kind kind = kind_of(code);
  const std::string said = db == nullptr ? "out of memory" : sqlite3_errmsg(db);
  switch (kind) {
    case Fault::Kind::full:
      throw Fault(kind, "the store is full: " + said);
    case Fault::Kind::failing:
      throw Fault(kind, "the store's disk fails: " + said + " (" + std::to_string(code) + ")");
    case Fault::Kind::damaged:
      throw Fault(kind, "the store is damaged: " + said);
    case Fault::Kind::other:
      break;
  }
  throw Fault(kind, "the store failed: " + said + " (" + std::to_string(code) + ")");
}

void must(sqlite3* db, int code) {
  if (code != SQLITE_OK) throw_fault(db);
}

int note_log_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Rows::~Rows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      throw_fault(db_);
  }
}

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Rows::view(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Rows::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

void Rows::bind(std::string_view value) {
  // A null pointer would bind NULL.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  must(db_, sqlite3_bind_text64(statement_, ++at_, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Rows::bind(Blob value) {
  const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
  must(db_, sqlite3_bind_blob64(statement_, ++at_, bytes, value.bytes.size(), SQLITE_STATIC));
}

void Rows::bind(std::nullopt_t) { must(db_, sqlite3_bind_null(statement_, ++at_)); }

void Rows::bind_integer(std::int64_t value) { must(db_, sqlite3_bind_int64(statement_, ++at_, value)); }

void Database::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Database::Database(const std::string& path, Use use) {
  const int mode = use == Use::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
  const char* vfs = use == Use::write ? log_vfs() : nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db_, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  try {
    must(db_, code);
    configure(use);
  } catch (...) {
    statements_.clear();
    sqlite3_close(db_);
    throw;
  }
}

Database::~Database() {
  statements_.clear();
  sqlite3_close(db_);
}

void Database::configure(Use use) {
  must(db_, sqlite3_busy_timeout(db_, wait_for_others_ms));
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // The log stays where it is when the last connection closes: its blocks are blank then, and used again.
  int stays = 1;
  sqlite3_file_control(db_, "main", SQLITE_FCNTL_PERSIST_WAL, &stays);
  if (use == Use::read) {
    script("PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA cache_size=-2000; PRAGMA temp_store=MEMORY");
    return;
  }
  // Checkpoints are made by the writer when it suits: see Writer.
  script(
      "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      "PRAGMA wal_autocheckpoint=0; PRAGMA cell_size_check=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY");
  sqlite3_wal_hook(db_, note_log_pages, &log_pages_);
}

void Database::script(const std::string& sql) { must(db_, sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }

void Database::forget_index(const std::string& name) {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  script("PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE type = 'index' AND name = '" + name +
         "'; PRAGMA writable_schema=RESET");
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

Rows Database::start(std::string_view sql) {
  auto& kept = statements_[sql];
  if (kept == nullptr) {
    sqlite3_stmt* made = nullptr;
    must(db_,
         sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr));
    kept.reset(made);
  }
  return {db_, kept.get()};
}

std::size_t Database::changes() const { return static_cast<std::size_t>(sqlite3_changes64(db_)); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

bool Database::read_blob(const char* table, const char* column, std::int64_t row, char* room, std::size_t size) {
  sqlite3_blob* opened = nullptr;
  const int code = sqlite3_blob_open(db_, "main", table, column, row, 0, &opened);
  const Handle<sqlite3_blob, sqlite3_blob_close> blob(opened);
  if (code == SQLITE_ERROR) return false;  // no such row
  must(db_, code);
  if (static_cast<std::size_t>(sqlite3_blob_bytes(blob.get())) != size) return false;
  must(db_, sqlite3_blob_read(blob.get(), room, static_cast<int>(size), 0));
  return true;
}

bool Database::checkpoint(Checkpoint how) {
  const int mode = how == Checkpoint::empty ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  int in_log = 0;
  int moved = 0;
  // Mail does not wait for somebody's long listing: what is not possible now is tried again later.
  sqlite3_busy_timeout(db_, 0);
  const int code = sqlite3_wal_checkpoint_v2(db_, "main", mode, &in_log, &moved);
  sqlite3_busy_timeout(db_, wait_for_others_ms);
  log_pages_ = std::max(log_pages_, in_log);  // also those of a process before this one
  if ((code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED) return false;
  must(db_, code);
  if (in_log == moved) log_pages_ = 0;
  return in_log == moved;
}

Transaction::~Transaction() {
  // After some errors SQLite has rolled back by itself.
  if (!db_.in_transaction()) return;
  try {
    db_.run("ROLLBACK");
  } catch (const Fault&) {  // NOLINT(bugprone-empty-catch): what failed before is the news, not this
  }
}

}  // namespace zegel::store
