#include "send/schedule.h"

#include <gtest/gtest.h>

namespace zegel::send {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const config::Delivery usual;
const Time noon{days(20'000) + hours(12)};

TEST(Schedule, WaitsAsTheConfigSaysAndRepeatsTheLast) {
  const auto wait = [](std::uint32_t attempts) { return judge({attempts, noon, noon}, usual, 0).wait; };
  EXPECT_EQ(wait(1), minutes(1));
  EXPECT_EQ(wait(2), minutes(5));
  EXPECT_EQ(wait(3), minutes(15));
  EXPECT_EQ(wait(4), hours(1));
  EXPECT_EQ(wait(6), hours(4));
  EXPECT_EQ(wait(9), hours(4));
}

TEST(Schedule, TriesAfterFourHoursWhateverTheSteps) {
  EXPECT_EQ(judge({5, noon, noon}, usual, 0).wait, hours(4) - minutes(60 + 15 + 5 + 1));
  config::Delivery seldom;
  seldom.retry = {days(1)};
  EXPECT_EQ(judge({1, noon, noon}, seldom, 0).wait, hours(4));
  EXPECT_EQ(judge({2, noon, noon}, seldom, 0).wait, days(1));
}

TEST(Schedule, AddsAtMostATenth) {
  EXPECT_EQ(judge({1, noon, noon}, usual, 0.5).wait, seconds(63));
  EXPECT_LT(judge({1, noon, noon}, usual, 0.999).wait, seconds(66));
}

/// How long a message that never gets through is tried, with a clock that does as `calendar` says.
struct Life {
  std::uint32_t attempts = 0;
  milliseconds lasted{};
  milliseconds late{-1};
};

Life live(const std::function<Time(milliseconds)>& calendar) {
  Life life;
  const Time received = calendar(milliseconds(0));
  for (;;) {
    const Verdict verdict = judge({++life.attempts, received, calendar(life.lasted)}, usual, 0.5);
    if (verdict.late && life.late < milliseconds(0)) life.late = life.lasted;
    if (verdict.give_up || life.attempts > 10'000) return life;
    life.lasted += verdict.wait;
  }
}

TEST(Schedule, GivesUpAfterFiveDays) {
  const Life life = live([](milliseconds t) { return noon + t; });
  EXPECT_GE(life.lasted, days(5));
  EXPECT_LE(life.lasted, days(6));
  EXPECT_GE(life.late, hours(4));
  EXPECT_LE(life.late, hours(4) + minutes(24)) << "but for the jitter";
}

TEST(Schedule, AJumpOfYearsForwardGivesNothingUpAtOnce) {
  for (const auto jump_at : {minutes(0), minutes(2), minutes(60 * 30)}) {
    const Life life = live([=](milliseconds t) { return noon + t + (t >= jump_at ? days(3'650) : days(0)); });
    EXPECT_GE(life.lasted, days(5));
    EXPECT_LE(life.lasted, days(6));
  }
}

TEST(Schedule, AJumpOfYearsBackKeepsNothingForYears) {
  const Life life = live([](milliseconds t) { return noon + t - (t >= minutes(2) ? days(3'650) : days(0)); });
  EXPECT_GE(life.lasted, days(5));
  EXPECT_LE(life.lasted, days(6));
}

TEST(Schedule, AClockThatGoesToAndFroGivesNothingUpEarly) {
  const Life life =
      live([](milliseconds t) { return noon + t + (t.count() / 1'000 % 2 == 0 ? days(3'650) : days(-3'650)); });
  EXPECT_GE(life.lasted, days(5));
}

TEST(Schedule, RetriesByHandDoNotUseUpTheTime) {
  EXPECT_FALSE(judge({500, noon, noon + hours(1)}, usual, 0).give_up);
  EXPECT_GT(judge({500, noon, noon + hours(1)}, usual, 0).wait, minutes(1));
}

TEST(Schedule, DowntimeDoesNotUseUpTheAttempts) { EXPECT_FALSE(judge({1, noon, noon + days(30)}, usual, 0).give_up); }

TEST(Schedule, TheLastWaitEndsWhenTheTimeIsUp) {
  config::Delivery brief;
  brief.retry = {seconds(60)};
  brief.give_up = seconds(90);
  EXPECT_EQ(judge({1, noon, noon}, brief, 0).wait, seconds(60));
  EXPECT_EQ(judge({2, noon, noon + seconds(60)}, brief, 0).wait, seconds(30));
  EXPECT_TRUE(judge({3, noon, noon + seconds(90)}, brief, 0).give_up);
}

TEST(Schedule, KnowsAClockThatWasSetBack) {
  const Reading before{noon, hours(1)};
  EXPECT_FALSE(set_back(before, {noon + minutes(10), hours(1) + minutes(10)}));
  EXPECT_FALSE(set_back(before, {noon + days(365), hours(1) + minutes(10)}));
  EXPECT_FALSE(set_back(before, {noon + seconds(30), hours(1) + minutes(1)})) << "a second here or there";
  EXPECT_TRUE(set_back(before, {noon - days(365), hours(1) + minutes(10)}));
}

TEST(Schedule, KnowsADueTimeThatNoRightClockWrote) {
  EXPECT_GT(latest_due(noon, usual), noon + judge({9, noon, noon}, usual, 0.9999).wait);
  EXPECT_LT(latest_due(noon, usual), noon + hours(5));
}

}  // namespace
}  // namespace zegel::send
