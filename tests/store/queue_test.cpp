#include <atomic>

#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

TEST(Queue, GivesOutWhatWasSubmitted) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("7K3QX9M2TB", "Subject: x\r\n\r\nbody\r\n"));
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), 1u);
  const QueuedCopy& copy = due[0];
  EXPECT_EQ(copy.reference, "7K3QX9M2TB");
  EXPECT_EQ(copy.from, box("piet", "kantoor.nl"));
  EXPECT_EQ(copy.envelope_id, "env-1");
  EXPECT_EQ(copy.recipients, std::vector<mail::Recipient>{{.mailbox = box("jan")}});
  EXPECT_EQ(copy.method, Method::clear);
  EXPECT_EQ(copy.tls, Tls::required);
  EXPECT_EQ(copy.language, Language::en);
  EXPECT_EQ(copy.rule, "zegel.toml:41");
  EXPECT_EQ(copy.client, "127.0.0.1");
  EXPECT_EQ(copy.received, noon);
  EXPECT_EQ(store->read(copy.id)->bytes(), "Subject: x\r\n\r\nbody\r\n");
}

TEST(Queue, SurvivesARestartToTheLetter) {
  const TempDir dir;
  const mail::Recipient odd{.mailbox = box("a b", "xn--mnchen-3ya.de"),
                            .notify = {.given = true, .failure = true, .delay = true},
                            .original = "rfc822;a b@m"};
  std::string big(3'500'000, '\0');
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>(i * 2'654'435'761U >> 13);
  {
    auto store = open(dir);
    submit(*store, submission("AAAAAAAAAA", big, {odd, {.mailbox = box("jan")}}));
  }
  auto store = open(dir);
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].recipients, (std::vector<mail::Recipient>{odd, {.mailbox = box("jan")}}));
  EXPECT_EQ(due[0].size, big.size());
  EXPECT_EQ(due[0].rule, "zegel.toml:41");
  EXPECT_EQ(due[0].language, Language::en);
  EXPECT_EQ(store->read(due[0].id)->bytes(), big);
  EXPECT_TRUE(store->integrity().empty());
}

TEST(Queue, KeepsMessagesOfAnySizeAroundThePieces) {
  const TempDir dir;
  const std::size_t mb = std::size_t{1} << 20;
  const std::vector<std::size_t> sizes = {0, 1, mb - 1, mb, mb + 1, 2 * mb, 2 * mb + 7};
  {
    auto store = open(dir);
    for (const std::size_t size : sizes) submit(*store, submission(new_reference(), std::string(size, 'x')));
  }
  auto store = open(dir);
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(store->read(due[i].id)->bytes(), std::string(sizes[i], 'x'));
  }
}

TEST(Queue, GivesATakenCopyToNobodyElse) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  const auto first = store->take_due(noon, 10);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_TRUE(store->take_due(noon, 10).empty());
  EXPECT_EQ(store->next_due(), std::nullopt);
  store->give_back(first[0].id);
  EXPECT_EQ(store->next_due(), noon);
  EXPECT_EQ(store->take_due(noon, 10).size(), 1u);
}

TEST(Queue, GivesTakenCopiesOutAgainAfterARestart) {
  const TempDir dir;
  {
    auto store = open(dir);
    submit(*store, submission("AAAAAAAAAA", "x"));
    ASSERT_EQ(store->take_due(noon, 10).size(), 1u);
  }
  EXPECT_EQ(open(dir)->take_due(noon, 10).size(), 1u);
}

TEST(Queue, GoesByTimeOldestFirst) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("CCCCCCCCCC", "x", {{.mailbox = box("c")}}, noon + 2s));
  submit(*store, submission("AAAAAAAAAA", "x", {{.mailbox = box("a")}}, noon));
  submit(*store, submission("BBBBBBBBBB", "x", {{.mailbox = box("b")}}, noon + 1s));
  EXPECT_EQ(store->next_due(), noon);
  EXPECT_TRUE(store->take_due(noon - 1s, 10).empty());
  auto due = store->take_due(noon + 1s, 1);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].reference, "AAAAAAAAAA");
  due = store->take_due(noon + 1s, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].reference, "BBBBBBBBBB");
  EXPECT_EQ(store->next_due(), noon + 2s);
}

TEST(Queue, ForgetsACopyThatReachedEveryone) {
  const TempDir dir;
  {
    auto store = open(dir);
    submit(*store, submission("AAAAAAAAAA", "x"));
    deliver(*store, store->take_due(noon, 1).at(0));
    EXPECT_TRUE(store->queue(0, 10'000).empty());
    EXPECT_EQ(store->next_due(), std::nullopt);
  }
  auto store = open(dir);
  EXPECT_TRUE(store->take_due(noon + 24h, 10).empty());
  EXPECT_EQ(store->figures().queued, 0u);
}

TEST(Queue, KeepsThoseThatAreToBeRetried) {
  const TempDir dir;
  const auto a = box("a"), b = box("b"), c = box("c");
  {
    auto store = open(dir);
    submit(*store, submission("AAAAAAAAAA", "x", {{.mailbox = a}, {.mailbox = b}, {.mailbox = c}}));
    const auto copy = store->take_due(noon, 1).at(0);
    record(*store, {.copy = copy.id,
                    .at = noon,
                    .outcomes = {outcome(a, RecipientOutcome::Kind::delivered),
                                 outcome(b, RecipientOutcome::Kind::retry, "451 4.3.0 later"),
                                 outcome(c, RecipientOutcome::Kind::failed, "550 5.1.1 unknown")},
                    .next_due = noon + 5min,
                    .delay_notified = true});
    EXPECT_EQ(store->next_due(), noon + 5min);
    EXPECT_TRUE(store->take_due(noon + 4min, 10).empty());
  }
  auto store = open(dir);
  const auto due = store->take_due(noon + 5min, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].recipients, std::vector<mail::Recipient>{{.mailbox = b}});
  EXPECT_EQ(due[0].attempts, 1u);
  EXPECT_TRUE(due[0].delay_notified);
  EXPECT_EQ(store->read(due[0].id)->bytes(), "x");
}

TEST(Queue, WritesABounceTogetherWithTheAttempt) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  const auto copy = store->take_due(noon, 1).at(0);
  Submission bounce{.reference = "BBBBBBBBBB", .received = noon};
  bounce.copies.push_back({.message = octets("bounce"),
                           .recipients = {{.mailbox = box("piet", "kantoor.nl")}},
                           .via = Via::office,
                           .notice = true});
  Attempt attempt{.copy = copy.id, .at = noon, .outcomes = {outcome(box("jan"), RecipientOutcome::Kind::failed)}};
  attempt.notices.push_back(std::move(bounce));
  record(*store, std::move(attempt));
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].reference, "BBBBBBBBBB");
  EXPECT_TRUE(due[0].notice);
  EXPECT_EQ(due[0].via, Via::office);
  EXPECT_EQ(due[0].from, std::nullopt);
}

TEST(Queue, TellsWhenACopyMayBeDue) {
  const TempDir dir;
  auto store = open(dir);
  std::atomic<int> calls = 0;
  store->on_due([&] { ++calls; });
  submit(*store, submission("AAAAAAAAAA", "x"));
  // The call comes after `done`; the next write waits for it.
  submit(*store, held_submission("BBBBBBBBBB", "x", noon));
  EXPECT_EQ(calls, 1);
}

TEST(Queue, HoldsReleasesRetriesAndDropsByHand) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x", {{.mailbox = box("a")}}, noon));
  submit(*store, submission("BBBBBBBBBB", "x", {{.mailbox = box("b")}}, noon + 1h));

  EXPECT_EQ(store->set_on_hold("AAAAAAAAAA", true), 1u);
  EXPECT_TRUE(store->take_due(noon, 10).empty());
  EXPECT_TRUE(store->queue(0, 10'000).at(0).on_hold);
  EXPECT_EQ(store->retry_now("AAAAAAAAAA", noon), 0u) << "on hold is on hold";
  EXPECT_EQ(store->set_on_hold("AAAAAAAAAA", false), 1u);
  EXPECT_EQ(store->take_due(noon, 10).size(), 1u);

  EXPECT_EQ(store->retry_now("BBBBBBBBBB", noon), 1u);
  const auto due = store->take_due(noon, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].reference, "BBBBBBBBBB");

  EXPECT_EQ(store->drop("BBBBBBBBBB", "root", noon), 1u);
  EXPECT_EQ(store->drop("BBBBBBBBBB", "root", noon), 0u);
  EXPECT_EQ(store->queue(0, 10'000).size(), 1u);
  // The attempt that was under way comes home to nothing.
  deliver(*store, due[0]);
}

TEST(Queue, IsListedInPages) {
  const TempDir dir;
  auto store = open(dir);
  for (const char* reference : {"AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC"}) submit(*store, submission(reference, "x"));
  const auto first = store->queue(0, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[1].reference, "BBBBBBBBBB");
  const auto second = store->queue(first[1].id, 2);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].reference, "CCCCCCCCCC");
  EXPECT_TRUE(store->queue(second[0].id, 2).empty());
}

TEST(Queue, RetriesAllOfALongOne) {
  const TempDir dir;
  auto store = open(dir);
  constexpr std::size_t many = 2'100;  // more than one step
  std::atomic<std::size_t> stored = 0;
  for (std::size_t i = 0; i < many; ++i) {
    store->submit(submission("AAAAAAAAAA", "x", {{.mailbox = box("a")}}, noon + 1h),
                  [&](std::exception_ptr) { ++stored; });
  }
  submit(*store, submission("BBBBBBBBBB", "x", {{.mailbox = box("b")}}, noon + 1h));
  ASSERT_EQ(stored, many);
  EXPECT_EQ(store->retry_now(std::nullopt, noon), many + 1);
  EXPECT_EQ(store->take_due(noon, 2 * many).size(), many + 1);
}

TEST(Queue, RetriesAllByHandAtOnce) {
  const TempDir dir;
  auto store = open(dir);
  for (int i = 0; i < 5; ++i) submit(*store, submission(new_reference(), "x", {{.mailbox = box("a")}}, noon + 1h));
  EXPECT_TRUE(store->take_due(noon, 10).empty());
  EXPECT_EQ(store->retry_now(std::nullopt, noon), 5u);
  EXPECT_EQ(store->take_due(noon, 10).size(), 5u);
}

TEST(Queue, AReleaseThatCrossesATakeIsNotForgotten) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  const auto copy = store->take_due(noon, 1).at(0);
  // Asked for while an attempt is under way that then comes to nothing.
  EXPECT_EQ(store->retry_now("AAAAAAAAAA", noon), 1u);
  EXPECT_TRUE(store->take_due(noon, 10).empty());
  record(*store, {.copy = copy.id,
                  .at = noon,
                  .outcomes = {outcome(box("jan"), RecipientOutcome::Kind::retry)},
                  .next_due = noon + 1h});
  EXPECT_TRUE(store->take_due(noon, 10).empty());
  EXPECT_EQ(store->take_due(noon + 1h, 10).size(), 1u);
}

TEST(Queue, CountsWhatItHas) {
  const TempDir dir;
  auto store = open(dir);
  EXPECT_EQ(store->figures().oldest, std::nullopt);
  submit(*store, submission("AAAAAAAAAA", "x", {{.mailbox = box("a")}}, noon + 1s));
  submit(*store, submission("BBBBBBBBBB", "x", {{.mailbox = box("a")}}, noon + 2s));
  submit(*store, held_submission("CCCCCCCCCC", "x", noon + 1h));
  const auto figures = store->figures();
  EXPECT_EQ(figures.queued, 2u);
  EXPECT_EQ(figures.held, 1u);
  EXPECT_EQ(figures.set_aside, 0u);
  EXPECT_EQ(figures.oldest, noon + 1s);
}

}  // namespace
}  // namespace zegel::store
