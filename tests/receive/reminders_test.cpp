#include "receive/reminders.h"

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

using std::chrono::days;

TEST(Reminders, AreDueOnceAWeek) {
  const Time noon{days(20'000)};
  Reminders reminders;
  EXPECT_TRUE(reminders.due("klant.nl", noon));
  EXPECT_FALSE(reminders.due("klant.nl", noon + days(6)));
  EXPECT_TRUE(reminders.due("ander.nl", noon + days(6)));
  EXPECT_TRUE(reminders.due("klant.nl", noon + days(7)));
  EXPECT_FALSE(reminders.due("ander.nl", noon + days(12)));
}

}  // namespace
}  // namespace zegel::receive
