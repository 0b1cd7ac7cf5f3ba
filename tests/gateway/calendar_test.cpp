#include "calendar.h"

#include <gtest/gtest.h>

namespace zegel {
namespace {

using namespace std::chrono_literals;
const Time noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;
const Calendar::Steady start{1'000'000s};

TEST(Calendar, IsBelievedAsLongAsBothClocksAgree) {
  Calendar calendar;
  for (int minutes = 0; minutes < 6'000; minutes += 5) {
    EXPECT_TRUE(calendar.believable(noon + std::chrono::minutes(minutes), start + std::chrono::minutes(minutes)));
  }
}

TEST(Calendar, IsDoubtedForADayAfterAJumpAhead) {
  Calendar calendar;
  EXPECT_TRUE(calendar.believable(noon, start));
  EXPECT_FALSE(calendar.believable(noon + std::chrono::days(365), start + 5min));
  EXPECT_FALSE(calendar.believable(noon + std::chrono::days(365) + 23h, start + 23h));
  EXPECT_TRUE(calendar.believable(noon + std::chrono::days(366) + 1h, start + 25h));
}

TEST(Calendar, AJumpBackErasesNothingByItself) {
  Calendar calendar;
  EXPECT_TRUE(calendar.believable(noon, start));
  EXPECT_TRUE(calendar.believable(noon - std::chrono::days(365), start + 5min));
}

TEST(Calendar, SummerTimeAndSmallCorrectionsAreNoJumps) {
  Calendar calendar;
  EXPECT_TRUE(calendar.believable(noon, start));
  EXPECT_TRUE(calendar.believable(noon + 1h, start + 5min));
}

}  // namespace
}  // namespace zegel
