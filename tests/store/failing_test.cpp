#include <set>

#include "store/database.h"
#include "store/failing_disk.h"
#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;
using At = FailingDisk::At;

std::optional<Fault::Kind> try_to_submit(Store& store, Submission s) {
  try {
    submit(store, std::move(s));
    return std::nullopt;
  } catch (const Fault& fault) { return fault.kind(); }
}

std::set<std::string> references(Store& store) {
  std::set<std::string> all;
  for (const QueuedCopy& copy : store.queue(0, 10'000)) all.insert(copy.reference);
  return all;
}

TEST(FullDisk, RefusesNewMailKeepsTheOldAndRecovers) {
  FailingDisk disk;
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  disk.fail(At::write, SQLITE_FULL);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(try_to_submit(*store, submission("BBBBBBBBBB", std::string(10'000, 'x'))), Fault::Kind::full);
  }
  EXPECT_EQ(references(*store), std::set<std::string>{"AAAAAAAAAA"});
  EXPECT_EQ(store->take_due(noon, 10).size(), 1u);
  disk.mend();
  EXPECT_EQ(try_to_submit(*store, submission("CCCCCCCCCC", "x")), std::nullopt);
  EXPECT_EQ(references(*store), (std::set<std::string>{"AAAAAAAAAA", "CCCCCCCCCC"}));
  EXPECT_FALSE(store->integrity().empty()) << "it was said";
}

TEST(FailingDisk, FailsOneSubmissionAtAnyMomentAndLosesNone) {
  for (const At what : {At::write, At::sync}) {
    for (const int code : {SQLITE_IOERR_WRITE, SQLITE_FULL}) {
      FailingDisk disk;
      const TempDir dir;
      std::set<std::string> acknowledged;
      int failures = 0;
      {
        auto store = open(dir);
        for (int after = 0; after < 12; ++after) {
          disk.fail(what, what == At::sync ? SQLITE_IOERR_FSYNC : code, after, 1);
          for (int i = 0; i < 3; ++i) {
            const std::string reference = new_reference();
            if (!try_to_submit(*store, submission(reference, std::string(10'000, 'x')))) acknowledged.insert(reference);
          }
          failures += disk.failures();
          disk.mend();
          EXPECT_EQ(references(*store), acknowledged) << "what failed is not there, what did not is";
        }
      }
      EXPECT_GT(failures, 0);
      auto store = open(dir);
      EXPECT_EQ(references(*store), acknowledged);
      for (const QueuedCopy& copy : store->take_due(noon, 1000)) EXPECT_TRUE(store->read(copy.id));
    }
  }
}

TEST(FailingDisk, DoesNotLoseThatACopyWasDelivered) {
  FailingDisk disk;
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  const auto copy = store->take_due(noon, 1).at(0);
  disk.fail(At::write, SQLITE_FULL);
  std::promise<void> done;
  store->record({.copy = copy.id, .at = noon, .outcomes = {outcome(box("jan"), RecipientOutcome::Kind::delivered)}},
                [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
  auto future = done.get_future();
  EXPECT_EQ(future.wait_for(100ms), std::future_status::timeout) << "it is tried again, not given up";
  EXPECT_TRUE(store->take_due(noon, 1).empty()) << "nor sent again";
  disk.mend();
  EXPECT_EQ(future.wait_for(10s), std::future_status::ready);
  EXPECT_NO_THROW(future.get());
  EXPECT_TRUE(store->queue(0, 10'000).empty());
}

TEST(FailingDisk, GivesBackWhatCouldNotBeRead) {
  const TempDir dir;
  {
    auto store = open(dir);
    for (int i = 0; i < 3; ++i) submit(*store, submission(new_reference(), std::string(10'000, 'x')));
  }
  FailingDisk disk;
  auto store = open(dir);
  disk.fail(At::read, SQLITE_IOERR_READ);
  EXPECT_THROW(static_cast<void>(store->take_due(noon, 10)), Fault);
  disk.mend();
  EXPECT_EQ(store->take_due(noon, 10).size(), 3u);
}

TEST(FailingDisk, SaysWhyItCannotBeOpened) {
  FailingDisk disk;
  const TempDir dir;
  disk.fail(At::open, SQLITE_CANTOPEN);
  EXPECT_FALSE(open_sqlite(dir.state()));
  disk.mend();
  EXPECT_TRUE(open_sqlite(dir.state()));
  for (const At what : {At::write, At::sync}) {
    const TempDir other;
    disk.fail(what, SQLITE_FULL);
    const auto store = open_sqlite(other.state());
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().why.find("full"), std::string::npos) << store.error().why;
    disk.mend();
    EXPECT_TRUE(open_sqlite(other.state())) << "half-made is made whole";
  }
}

}  // namespace
}  // namespace zegel::store
