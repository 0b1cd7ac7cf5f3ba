#include "receive/budget.h"

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

TEST(Budget, IsSharedAndGivenBack) {
  const auto budget = std::make_shared<Budget>(100);
  Budget::Share first(budget);
  {
    Budget::Share second(budget);
    EXPECT_TRUE(first.hold(60));
    EXPECT_TRUE(second.hold(40));
    EXPECT_FALSE(second.hold(41));
    EXPECT_EQ(budget->used(), 100u);
    EXPECT_FALSE(budget->has_room(1));
  }
  EXPECT_EQ(budget->used(), 60u);
  EXPECT_TRUE(first.hold(100));
  EXPECT_TRUE(first.hold(10)) << "it never shrinks by itself";
  EXPECT_EQ(budget->used(), 100u);
  first.release();
  EXPECT_EQ(budget->used(), 0u);
}

}  // namespace
}  // namespace zegel::receive
