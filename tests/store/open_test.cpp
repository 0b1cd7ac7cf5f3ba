#include <fstream>

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/fixture.h"

namespace zegel::store {
namespace {

void change(const TempDir& dir, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((dir.state() + "/zegel.db").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

std::string why_not(const TempDir& dir, std::optional<Secret> key = std::nullopt) {
  const auto store = open_sqlite(dir.state(), std::move(key));
  return store ? "it opened" : store.error().why;
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Open, IsForOneDaemonAtATime) {
  const TempDir dir;
  {
    auto store = open(dir);
    const std::string why = why_not(dir);
    EXPECT_SAYS(why, "another zegeld (process " + std::to_string(::getpid()) + ") has the store");
  }
  EXPECT_EQ(why_not(dir), "it opened");
}

TEST(Open, MakesAKeyOnceAndWantsItBack) {
  const TempDir dir;
  open(dir).reset();
  const auto key = dir.state() + "/store.key";
  struct stat about{};
  ASSERT_EQ(::stat(key.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_EQ(about.st_size, 65);

  ASSERT_EQ(::chmod(key.c_str(), 0640), 0);
  EXPECT_SAYS(why_not(dir), "can be read by others");
  ASSERT_EQ(::chmod(key.c_str(), 0600), 0);

  std::filesystem::rename(key, key + ".away");
  EXPECT_SAYS(why_not(dir), "store.key is missing");
  EXPECT_FALSE(std::filesystem::exists(key)) << "a new key would open nothing";

  std::ofstream(key) << std::string(64, 'a') << '\n';
  ASSERT_EQ(::chmod(key.c_str(), 0600), 0);
  EXPECT_SAYS(why_not(dir), "not the one that this store was made with");

  std::ofstream(key) << "nonsense";
  EXPECT_SAYS(why_not(dir), "is not a store key");
}

TEST(Open, AKeyThatWasHalfMadeInAPowerCutIsMadeAnew) {
  const TempDir dir;
  std::filesystem::create_directories(dir.state());
  std::ofstream(dir.state() + "/store.key.new") << "0123";
  open(dir).reset();
  EXPECT_EQ(std::filesystem::file_size(dir.state() + "/store.key"), 65U);
  EXPECT_FALSE(std::filesystem::exists(dir.state() + "/store.key.new"));
  open(dir);
}

TEST(Open, TakesAKeyThatIsGiven) {
  const TempDir dir;
  const auto key = [] { return Secret(std::string(32, 'k')); };
  {
    auto store = open_sqlite(dir.state(), key());
    ASSERT_TRUE(store);
    submit(**store, submission("AAAAAAAAAA", "x"));
  }
  EXPECT_FALSE(std::filesystem::exists(dir.state() + "/store.key"));
  EXPECT_SAYS(why_not(dir), "store.key is missing");
  EXPECT_SAYS(why_not(dir, Secret("short")), "a store key is 32 bytes");
  // The same in hexadecimal.
  auto store = open_sqlite(dir.state(), Secret(text::hex(std::string(32, 'k')) + "\n"));
  ASSERT_TRUE(store) << store.error().why;
  EXPECT_EQ((*store)->queue(0, 10'000).size(), 1u);
}

TEST(Open, KeepsAwayFromWhatItDoesNotKnow) {
  const TempDir newer;
  open(newer).reset();
  change(newer, "PRAGMA user_version=99");
  EXPECT_SAYS(why_not(newer), "made by a newer Zegel (schema 99");

  const TempDir foreign;
  std::filesystem::create_directories(foreign.state());
  change(foreign, "CREATE TABLE theirs(x)");
  EXPECT_SAYS(why_not(foreign), "not a store of Zegel's");

  const TempDir garbage;
  std::filesystem::create_directories(garbage.state());
  std::ofstream(garbage.state() + "/zegel.db") << std::string(8192, 'g');
  EXPECT_SAYS(why_not(garbage), "zegel.db");

  const TempDir file;
  std::ofstream(file.state()) << "x";
  EXPECT_SAYS(why_not(file), "is not a folder");
}

TEST(Open, StartsAQueueWhoseIndexIsBrokenAnew) {
  const TempDir dir;
  {
    auto store = open(dir);
    for (int i = 0; i < 3; ++i) submit(*store, submission(new_reference(), "x"));
  }
  // The index's root page is no longer one of an index.
  std::int64_t root = 0;
  {
    sqlite3* db = nullptr;
    sqlite3_open((dir.state() + "/zegel.db").c_str(), &db);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'copy_due'", -1, &statement, nullptr);
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
    root = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
  }
  {
    std::fstream file(dir.state() + "/zegel.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((root - 1) * 4096);
    file << std::string(4096, '\xA5');
  }
  auto store = open(dir);
  EXPECT_EQ(store->take_due(noon, 10).size(), 3u);
  EXPECT_FALSE(store->integrity().empty());
}

TEST(Damage, SetsOneRowAsideAndGoesOnWithTheRest) {
  const TempDir dir;
  {
    auto store = open(dir);
    for (const char* reference : {"AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC", "DDDDDDDDDD"}) {
      submit(*store, submission(reference, std::string("octets of ") + reference));
    }
  }
  // One with changed octets, one with a changed envelope, one with a piece gone.
  change(dir, "UPDATE piece SET bytes = zeroblob(length(bytes)) WHERE id / 4096 = (SELECT min(id) FROM copy)");
  change(dir, "UPDATE copy SET details = zeroblob(length(details)) WHERE id = (SELECT min(id) + 2 FROM copy)");
  change(dir, "DELETE FROM piece WHERE id / 4096 = (SELECT min(id) + 4 FROM copy)");
  {
    auto store = open(dir);
    const auto due = store->take_due(noon, 10);
    ASSERT_EQ(due.size(), 3u);
    EXPECT_FALSE(store->read(due[0].id));
    EXPECT_FALSE(store->read(due[1].id));
    EXPECT_EQ(store->read(due[2].id)->bytes(), "octets of DDDDDDDDDD");
    EXPECT_EQ(store->integrity().size(), 3u);
    deliver(*store, due[2]);
    EXPECT_EQ(store->figures().set_aside, 3u);
  }
  auto store = open(dir);
  EXPECT_TRUE(store->take_due(noon, 10).empty());
  EXPECT_TRUE(store->queue(0, 10'000).empty());
  EXPECT_EQ(store->figures().set_aside, 3u);
  EXPECT_FALSE(store->integrity().empty()) << "said again at every start";
}

TEST(Damage, RowsCannotBeSwapped) {
  const TempDir dir;
  {
    auto store = open(dir);
    submit(*store, submission("AAAAAAAAAA", "for a", {{.mailbox = box("a")}}));
    submit(*store, submission("BBBBBBBBBB", "for b", {{.mailbox = box("b")}}));
  }
  change(
      dir,
      "UPDATE piece SET id = -id; UPDATE piece SET id = (SELECT max(-id) FROM piece) WHERE id = (SELECT max(id) FROM "
      "piece); UPDATE piece SET id = (SELECT (min(id)) * 4096 FROM copy) WHERE id < 0");
  auto store = open(dir);
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_FALSE(store->read(due[0].id));
  EXPECT_FALSE(store->read(due[1].id));
}

}  // namespace
}  // namespace zegel::store
