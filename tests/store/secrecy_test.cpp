#include <fstream>
#include <thread>

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

const std::string canary = "canary-Jd83nVq0-geheim-dossier";

std::string octets_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Files of the store that hold `needle`.
std::vector<std::string> files_with(const TempDir& dir, const std::string& needle) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir.state())) {
    if (entry.is_regular_file() && octets_of(entry.path()).find(needle) != std::string::npos) {
      found.push_back(entry.path().filename());
    }
  }
  return found;
}

std::string blob(const TempDir& dir, const char* sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open_v2((dir.state() + "/zegel.db").c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(db, sql, -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  std::string bytes(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                    static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return bytes;
}

TEST(Secrecy, NoByteOfAMessageLiesOnTheDiskInClear) {
  const TempDir dir;
  const std::string message = "Subject: " + canary + "\r\n\r\n" + std::string(30'000, 'x') + canary;
  {
    auto store = open(dir);
    auto clear = submission("AAAAAAAAAA", message);
    clear.passwords.push_back({"jan@klant.nl", Secret(std::string(canary)), noon + 24h});
    submit(*store, std::move(clear));
    submit(*store, submission("BBBBBBBBBB", std::string(1'500'000, 'y') + message));
    submit(*store, held_submission("CCCCCCCCCC", message, noon + 24h));
    store->set_agreed_password("klant.nl", Secret(std::string(canary)), noon);
    store->ask_confirmation("piet@kantoor.nl", canary + "@gmial.com", noon + 1h);
    EXPECT_FALSE(files_with(dir, "klant.nl").empty()) << "the search finds what is there";
    EXPECT_TRUE(files_with(dir, canary).empty()) << "while open";
    const auto copy = store->take_due(noon, 1).at(0);
    record(*store, {.copy = copy.id,
                    .at = noon,
                    .outcomes = {outcome(box("jan"), RecipientOutcome::Kind::retry)},
                    .next_due = noon + 1min});
    EXPECT_TRUE(files_with(dir, canary).empty()) << "after an attempt";
  }
  EXPECT_TRUE(files_with(dir, canary).empty()) << "when closed";
}

TEST(Secrecy, NothingOfADeletedMessageIsLeftInTheFiles) {
  const TempDir dir;
  std::string key, details, piece, held_key;
  {
    auto store = open(dir);
    submit(*store, submission("AAAAAAAAAA", std::string(20'000, 'x')));
    submit(*store, held_submission("BBBBBBBBBB", std::string(20'000, 'x'), noon + 24h));
    key = blob(dir, "SELECT key FROM copy");
    details = blob(dir, "SELECT details FROM copy").substr(0, 40);
    piece = blob(dir, "SELECT substr(bytes, 5000, 40) FROM piece LIMIT 1");
    held_key = blob(dir, "SELECT key FROM held");
    ASSERT_EQ(key.size(), 60u);
    EXPECT_FALSE(files_with(dir, key).empty()) << "the search finds what is there";
    deliver(*store, store->take_due(noon, 1).at(0));
    wait([&](auto done) { store->end_held("BBBBBBBBBB", "refused", "root", {}, noon, done); });
    // The log is emptied when the store has been idle for a second.
    for (int i = 0; i < 100 && !files_with(dir, key).empty(); ++i) std::this_thread::sleep_for(50ms);
    for (const std::string& secret : {key, details, piece, held_key}) {
      EXPECT_TRUE(files_with(dir, secret).empty()) << "while open";
    }
    const std::string log = octets_of(dir.state() + "/zegel.db-wal");
    EXPECT_FALSE(log.empty()) << "its blocks stay";
    EXPECT_EQ(log.find_first_not_of('\0'), std::string::npos) << "blank";
  }
  for (const std::string& secret : {key, details, piece, held_key}) EXPECT_TRUE(files_with(dir, secret).empty());
}

TEST(Secrecy, WhoIsForgottenIsInNoFileWhenTheAnswerComes) {
  const TempDir dir;
  auto store = open(dir);
  store->audit({noon, "AAAAAAAAAA", "refused", "piet@kantoor.nl", "els.geheim@klant.nl", ""});
  store->set_agreed_password("els.geheim@klant.nl", Secret("x"), noon);
  ASSERT_FALSE(files_with(dir, "els.geheim").empty()) << "the search finds what is there";
  store->forget("els.geheim@klant.nl", noon);
  EXPECT_TRUE(files_with(dir, "els.geheim").empty());
}

/// The files as a daemon that is killed leaves them.
TEST(Secrecy, AStartEmptiesTheLogOfAKilledDaemon) {
  const TempDir dir, killed;
  {
    auto store = open(dir);
    store->set_agreed_password("els.geheim@klant.nl", Secret("x"), noon);
    std::filesystem::copy(dir.state(), killed.state(), std::filesystem::copy_options::recursive);
    store->forget_passwords("els.geheim@klant.nl");
  }
  const std::string log = killed.state() + "/zegel.db-wal";
  ASSERT_NE(octets_of(log).find("els.geheim"), std::string::npos);
  const auto store = open(killed);
  EXPECT_EQ(octets_of(log).find("els.geheim"), std::string::npos);
  EXPECT_TRUE(store->agreed_password(box("els.geheim"))) << "nothing is lost by it";
}

TEST(Secrecy, ALongReaderDelaysTheBlankingButNotTheMail) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  const std::string key = blob(dir, "SELECT key FROM copy");
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open((dir.state() + "/zegel.db").c_str(), &reader), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT * FROM copy", nullptr, nullptr, nullptr), SQLITE_OK);
  deliver(*store, store->take_due(noon, 1).at(0));
  std::this_thread::sleep_for(1200ms);  // by now the writer has tried to blank the log
  for (int i = 0; i < 5; ++i) {
    std::promise<void> done;
    store->submit(submission(new_reference(), "x"), [&](std::exception_ptr) { done.set_value(); });
    EXPECT_EQ(done.get_future().wait_for(5s), std::future_status::ready);
  }
  EXPECT_FALSE(files_with(dir, key).empty()) << "the reader still sees it";
  sqlite3_close(reader);
  for (int i = 0; i < 200 && !files_with(dir, key).empty(); ++i) std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(files_with(dir, key).empty());
}

TEST(Secrecy, TheFilesAreOurs) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  struct stat about{};
  ASSERT_EQ(::stat(dir.state().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(dir.state())) {
    ASSERT_EQ(::stat(entry.path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u) << entry.path();
  }
}

}  // namespace
}  // namespace zegel::store
