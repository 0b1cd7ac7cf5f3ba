#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

TEST(Held, KeepsTheOriginalAndWhy) {
  const TempDir dir;
  {
    auto store = open(dir);
    submit(*store, held_submission("AAAAAAAAAA", "Subject: y\r\n\r\nsecret\r\n", noon + 7 * 24h));
  }
  auto store = open(dir);
  const auto entry = store->held_entry("AAAAAAAAAA");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->why, "near-miss: did you mean jan@klant.nl?");
  EXPECT_EQ(entry->suggestion, "jan@klant.nl");
  EXPECT_EQ(entry->expires, noon + 7 * 24h);
  EXPECT_EQ(entry->received, noon);
  EXPECT_EQ(entry->envelope.from, box("piet", "kantoor.nl"));
  EXPECT_EQ(entry->envelope.to.size(), 1u);
  EXPECT_EQ(store->held_message("AAAAAAAAAA")->bytes(), "Subject: y\r\n\r\nsecret\r\n");
  EXPECT_TRUE(store->take_due(noon + 1h, 10).empty()) << "held is not queued";
  EXPECT_EQ(store->held_entry("BBBBBBBBBB"), std::nullopt);
  EXPECT_FALSE(store->held_message("BBBBBBBBBB"));
}

TEST(Held, LeavesAsCopiesWhenReleased) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, held_submission("AAAAAAAAAA", "original", noon + 1h));
  wait([&](auto done) { store->release("AAAAAAAAAA", submission("AAAAAAAAAA", "sealed"), "root", done); });
  EXPECT_TRUE(store->held().empty());
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(store->read(due[0].id)->bytes(), "sealed");
  EXPECT_EQ(store->set_on_hold("AAAAAAAAAA", true), 1u) << "found by its reference";
}

TEST(Held, IsReleasedOnlyOnce) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, held_submission("AAAAAAAAAA", "original", noon + 1h));
  const auto release = [&] {
    wait([&](auto done) { store->release("AAAAAAAAAA", submission("AAAAAAAAAA", "sealed"), "root", done); });
  };
  release();
  EXPECT_THROW(release(), std::runtime_error);
  EXPECT_EQ(store->queue(0, 10'000).size(), 1u);
}

TEST(Held, EndsWithANoticeToTheSender) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, held_submission("AAAAAAAAAA", "original", noon + 1h));
  submit(*store, held_submission("BBBBBBBBBB", "original", noon + 3h));
  EXPECT_TRUE(store->expired_held(noon).empty());
  const auto expired = store->expired_held(noon + 2h);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].reference, "AAAAAAAAAA");
  std::vector<Submission> notices;
  notices.push_back(submission("CCCCCCCCCC", "notice"));
  wait([&](auto done) { store->end_held("AAAAAAAAAA", "expired", "", std::move(notices), noon + 2h, done); });
  EXPECT_EQ(store->held().size(), 1u);
  EXPECT_EQ(store->queue(0, 10'000).size(), 1u);
}

}  // namespace
}  // namespace zegel::store
