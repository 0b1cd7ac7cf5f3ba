#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> events(Store& store, const std::string& name) {
  std::vector<std::string> all;
  for (const AuditRow& row : store.trace(name)) all.push_back(row.event + " " + row.recipient);
  return all;
}

TEST(Trace, TellsAMessagesHistoryInOrder) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  auto copy = store->take_due(noon, 1).at(0);
  record(*store, {.copy = copy.id,
                  .at = noon + 1s,
                  .outcomes = {outcome(box("jan"), RecipientOutcome::Kind::retry, "451 say \"later\"")},
                  .next_due = noon + 1min});
  deliver(*store, store->take_due(noon + 1min, 1).at(0), noon + 1min);
  const auto rows = store->trace("AAAAAAAAAA");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].event, "received");
  EXPECT_EQ(rows[0].who, "piet@kantoor.nl");
  EXPECT_EQ(rows[0].detail, "client=127.0.0.1 tls=TLSv1.3 size=1 message-id=\"AAAAAAAAAA@kantoor.nl\"");
  EXPECT_EQ(rows[1].event, "sealed");
  EXPECT_EQ(rows[1].recipient, "jan@klant.nl");
  EXPECT_EQ(rows[1].detail, "method=clear rule=zegel.toml:41 key=ABCD size=1");
  EXPECT_EQ(rows[2].event, "deferred");
  EXPECT_EQ(rows[2].detail,
            "method=clear relay=smtp.provider.nl:587 tls=TLSv1.3/verified reply=\"451 say \\\"later\\\"\"");
  EXPECT_EQ(rows[3].event, "sent");
  EXPECT_EQ(rows[3].at, noon + 1min);
}

TEST(Trace, FindsByMessageIdWithOrWithoutBrackets) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  submit(*store, submission("BBBBBBBBBB", "x"));
  EXPECT_EQ(store->trace("<AAAAAAAAAA@kantoor.nl>").size(), 2u);
  EXPECT_EQ(store->trace("AAAAAAAAAA@kantoor.nl").size(), 2u);
  EXPECT_TRUE(store->trace("CCCCCCCCCC").empty());
  EXPECT_TRUE(store->trace("").empty());
}

TEST(Trace, KnowsWhatWasOnlyRefused) {
  const TempDir dir;
  auto store = open(dir);
  store->audit({noon, "AAAAAAAAAA", "refused", "piet@kantoor.nl", "jan@gmial.com", "reason=typo"});
  store->audit({noon + 1s, "AAAAAAAAAA", "refused", "piet@kantoor.nl", "els@gmial.com", "reason=typo"});
  store->unlearn("nobody");  // waits for what was queued before
  EXPECT_EQ(events(*store, "AAAAAAAAAA"), (std::vector<std::string>{"refused jan@gmial.com", "refused els@gmial.com"}));
}

TEST(Trace, FollowsAHeldMessageThroughItsRelease) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, held_submission("AAAAAAAAAA", "x", noon + 1h));
  auto released = submission("AAAAAAAAAA", "sealed");
  released.received = noon + 1min;
  wait([&](auto done) { store->release("AAAAAAAAAA", std::move(released), "root", done); });
  deliver(*store, store->take_due(noon + 1min, 1).at(0), noon + 2min);
  EXPECT_EQ(events(*store, "AAAAAAAAAA"), (std::vector<std::string>{"received ", "held jan@klant.nl", "released ",
                                                                    "sealed jan@klant.nl", "sent jan@klant.nl"}));
}

TEST(Trace, IsSweptWhenItsTimeIsUpButNotWhatStillWaits) {
  const TempDir dir;
  auto store = open(dir);
  submit(*store, submission("AAAAAAAAAA", "x"));
  deliver(*store, store->take_due(noon, 1).at(0));
  submit(*store, submission("BBBBBBBBBB", "waits"));
  submit(*store, held_submission("CCCCCCCCCC", "waits too", noon + 24h * 365));
  for (int i = 0; i < 600; ++i) { store->audit({noon, "DDDDDDDDDD", "refused", "", "", ""}); }
  submit(*store, submission("EEEEEEEEEE", "x", {{.mailbox = box("jan")}}, noon + 24h * 80));
  store->sweep({.passwords = 24h, .audit = 24h * 90, .learned = 24h * 730}, noon + 24h * 91);
  EXPECT_TRUE(store->trace("AAAAAAAAAA").empty());
  EXPECT_TRUE(store->trace("DDDDDDDDDD").empty());
  EXPECT_FALSE(store->trace("BBBBBBBBBB").empty());
  EXPECT_FALSE(store->trace("CCCCCCCCCC").empty());
  EXPECT_FALSE(store->trace("EEEEEEEEEE").empty());
  EXPECT_EQ(store->queue(0, 10'000).size(), 2u);
}

TEST(Trace, IsSweptBehindARowThatAClockAheadHasWritten) {
  const TempDir dir;
  auto store = open(dir);
  store->audit({noon + 24h * 3650, "AAAAAAAAAA", "refused", "", "", ""});
  store->audit({noon, "BBBBBBBBBB", "refused", "", "", ""});
  store->audit({noon + 24h * 90, "CCCCCCCCCC", "refused", "", "", ""});
  store->sweep({.passwords = 24h, .audit = 24h * 90, .learned = 24h * 730}, noon + 24h * 91);
  EXPECT_FALSE(store->trace("AAAAAAAAAA").empty());
  EXPECT_TRUE(store->trace("BBBBBBBBBB").empty());
  EXPECT_FALSE(store->trace("CCCCCCCCCC").empty());
}

}  // namespace
}  // namespace zegel::store
