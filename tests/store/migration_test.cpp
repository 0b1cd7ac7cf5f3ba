// Stores made by older versions. `schema_1.sql` is one as version 1 wrote it, with the key "kkkk…": a copy that was
// deferred once, a held message, a learned recipient, both kinds of passwords. It never changes; a new schema version
// adds a file beside it.
#include <fstream>
#include <sstream>
#include <tuple>

#include <sqlite3.h>

#include "store/fixture.h"
#include "store/schema.h"

namespace zegel::store {
namespace {

const Secret& old_key() {
  static const Secret key(std::string(32, 'k'));
  return key;
}

std::string words_of(const std::string& name) {
  std::ifstream file(std::string(ZEGEL_SOURCE_DIR "/tests/store/") + name);
  std::stringstream words;
  words << file.rdbuf();
  return words.str();
}

void make_store(const TempDir& dir, const std::string& sql) {
  std::filesystem::create_directories(dir.state());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((dir.state() + "/zegel.db").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

TEST(Migration, OpensAStoreOfVersion1WithAllThatIsInIt) {
  const TempDir dir;
  make_store(dir, words_of("schema_1.sql"));
  auto opened = open_sqlite(dir.state(), old_key().clone());
  ASSERT_TRUE(opened) << opened.error().why;
  Store& store = **opened;
  EXPECT_TRUE(store.integrity().empty());

  const auto due = store.take_due(noon + std::chrono::hours(1), 10);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].reference, "AAAAAAAAAA");
  EXPECT_EQ(due[0].attempts, 1U);
  EXPECT_EQ(due[0].last_reply, "450 4.2.1 later");
  EXPECT_EQ(due[0].recipients.size(), 2U);
  EXPECT_EQ(store.read(due[0].id)->bytes(), "a message of version 1");
  EXPECT_EQ(store.held_message("BBBBBBBBBB")->bytes(), "a message held by version 1");
  EXPECT_EQ(store.learned().size(), 1U);
  ASSERT_EQ(store.passwords("AAAAAAAAAA").size(), 1U);
  EXPECT_EQ(store.passwords("AAAAAAAAAA")[0].password.reveal(), "per message");
  EXPECT_EQ(store.agreed_password(box("jan"))->password.reveal(), "agreed");
  EXPECT_EQ(store.trace("<AAAAAAAAAA@kantoor.nl>").size(), 4U) << "received, sealed for two, deferred";

  deliver(store, due[0]);
  submit(store, submission("CCCCCCCCCC", "new"));
  EXPECT_EQ(store.queue(0, 10'000).size(), 1U);
}

/// Steps as a later version would have them.
class Steps {
 public:
  explicit Steps(const char* next) : all_(schema_steps().begin(), schema_steps().end()) { all_.push_back(next); }
  operator SchemaSteps() const { return all_; }  // NOLINT(google-explicit-constructor): it is one

 private:
  std::vector<const char*> all_;
};

std::int64_t version(Database& db) { return db.number("PRAGMA user_version").value_or(-1); }

TEST(Migration, CarriesOutOnlyTheStepsThatAreNew) {
  const TempDir dir;
  make_store(dir, words_of("schema_1.sql"));
  Database db(dir.state() + "/zegel.db", Database::Use::write);
  const Steps later("ALTER TABLE copy ADD COLUMN later INTEGER NOT NULL DEFAULT 7");
  ASSERT_TRUE(bring_up_to_date(db, later));
  EXPECT_EQ(version(db), static_cast<std::int64_t>(SchemaSteps(later).size()));
  EXPECT_EQ(db.number("SELECT later FROM copy"), 7);
  ASSERT_TRUE(bring_up_to_date(db, later)) << "a second time there is nothing to do";
  const auto back = bring_up_to_date(db);
  ASSERT_FALSE(back);
  EXPECT_NE(back.error().why.find("newer Zegel"), std::string::npos);
}

TEST(Migration, AStepThatFailsLeavesTheStoreAsItWas) {
  const TempDir dir;
  make_store(dir, words_of("schema_1.sql"));
  {
    Database db(dir.state() + "/zegel.db", Database::Use::write);
    const std::int64_t before = version(db);
    const Steps broken("ALTER TABLE copy ADD COLUMN half INTEGER; DELETE FROM nothing");
    EXPECT_THROW(std::ignore = bring_up_to_date(db, broken), Fault);
    EXPECT_FALSE(db.in_transaction());
    EXPECT_EQ(db.number("SELECT count(*) FROM pragma_table_info('copy') WHERE name = 'half'"), 0);
    EXPECT_GE(version(db), before);
  }
  EXPECT_TRUE(open_sqlite(dir.state(), old_key().clone()));
}

}  // namespace
}  // namespace zegel::store
