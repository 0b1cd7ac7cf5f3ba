#include "receive/sender_rate.h"

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

using namespace std::chrono_literals;
const Time noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h;

TEST(SenderRate, CountsEachSenderByItself) {
  SenderRate rate;
  for (int i = 0; i < 3; ++i) rate.count("piet@kantoor.nl", noon);
  rate.count("anna@kantoor.nl", noon);
  EXPECT_EQ(rate.within_hour("piet@kantoor.nl", noon), 3u);
  EXPECT_EQ(rate.within_hour("anna@kantoor.nl", noon), 1u);
  EXPECT_EQ(rate.within_hour("eva@kantoor.nl", noon), 0u);
}

TEST(SenderRate, ForgetsWhatIsOlderThanAnHour) {
  SenderRate rate;
  rate.count("piet@kantoor.nl", noon);
  rate.count("piet@kantoor.nl", noon + 30min);
  EXPECT_EQ(rate.within_hour("piet@kantoor.nl", noon + 59min), 2u);
  EXPECT_EQ(rate.within_hour("piet@kantoor.nl", noon + 60min), 1u);
  EXPECT_EQ(rate.within_hour("piet@kantoor.nl", noon + 90min), 0u);
}

TEST(SenderRate, SurvivesClocksThatJump) {
  SenderRate rate;
  rate.count("piet@kantoor.nl", noon);
  rate.count("piet@kantoor.nl", noon + std::chrono::days(3'650));
  EXPECT_EQ(rate.within_hour("piet@kantoor.nl", noon + std::chrono::days(3'650)), 1u);
  rate.count("piet@kantoor.nl", noon);
  EXPECT_GE(rate.within_hour("piet@kantoor.nl", noon), 1u);
}

}  // namespace
}  // namespace zegel::receive
