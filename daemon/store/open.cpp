// Opening a store: who may, with which key, and whether it is whole.
#include "store/schema.h"
#include "store/sqlite_store.h"

namespace zegel::store {

namespace {

/// Locked with the store key in `meta`: unlocks with that key only.
constexpr std::string_view check_text = "zegel";

Result<void> check_key(Database& db, const Secret& key) {
  const Keyring keyring(key);
  {
    Rows rows = db.query("SELECT value FROM meta WHERE name = 'check'");
    if (rows.next()) {
      if (keyring.unlock_password(rows.view(0), check_text)) return {};
      return fail("the store key is not the one that this store was made with");
    }
  }
  const std::string locked = keyring.lock_password(Secret(std::string(check_text)), check_text);
  db.run("INSERT INTO meta(name, value) VALUES('check', ?)", Blob{locked});
  return {};
}

Result<Secret> choose_key(Database& db, const std::string& dir, std::optional<Secret> given) {
  if (given) return parse_store_key(given->reveal());
  const bool used = db.number("SELECT 1 FROM meta WHERE name = 'check'").has_value();
  return load_store_key(dir, !used);
}

Result<std::unique_ptr<Store>> open_locked(File lock, const std::string& dir, std::optional<Secret> given) {
  const std::string path = dir + "/zegel.db";
  if (auto made = make_private_file(path); !made) return std::unexpected(made.error());
  auto db = std::make_unique<Database>(path, Database::Use::write);
  if (auto ready = bring_up_to_date(*db); !ready) return fail(path + ": " + ready.error().why);
  auto key = choose_key(*db, dir, std::move(given));
  if (!key) return std::unexpected(key.error());
  if (auto right = check_key(*db, *key); !right) return std::unexpected(right.error());
  sync_folder(dir);
  return std::make_unique<SqliteStore>(std::move(lock), path, std::move(db), *key);
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& dir, std::optional<Secret> store_key) {
  try {
    if (auto folder = make_folder(dir); !folder) return std::unexpected(folder.error());
    auto lock = lock_folder(dir);
    if (!lock) return std::unexpected(lock.error());
    return open_locked(std::move(*lock), dir, std::move(store_key));
  } catch (const Fault& fault) { return fail(dir + "/zegel.db: " + fault.what()); }
}

}  // namespace zegel::store
