#include "receive/doorkeeper.h"

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

using namespace std::chrono_literals;

TEST(Doorkeeper, CountsInAllAndPerClient) {
  Doorkeeper doorkeeper(3, 2);
  EXPECT_TRUE(doorkeeper.enter("a"));
  EXPECT_TRUE(doorkeeper.enter("a"));
  EXPECT_FALSE(doorkeeper.enter("a"));
  EXPECT_TRUE(doorkeeper.enter("b"));
  EXPECT_FALSE(doorkeeper.enter("c"));
  EXPECT_EQ(doorkeeper.inside(), 3u);
  doorkeeper.leave("a");
  EXPECT_TRUE(doorkeeper.enter("c"));
  doorkeeper.set_limits(10, 10);
  EXPECT_TRUE(doorkeeper.enter("a"));
}

TEST(Doorkeeper, CountsAnIpv6NetworkAsOneClient) {
  Doorkeeper doorkeeper(10, 2);
  EXPECT_TRUE(doorkeeper.enter("2001:db8::1"));
  EXPECT_TRUE(doorkeeper.enter("2001:db8::2"));
  EXPECT_FALSE(doorkeeper.enter("2001:db8::3"));
  EXPECT_TRUE(doorkeeper.enter("2001:db8:0:1::3"));
  doorkeeper.leave("2001:db8::2");
  EXPECT_TRUE(doorkeeper.enter("2001:db8::3"));
}

TEST(Doorkeeper, RemembersHowManyCameAndHowManyWereTurnedAway) {
  Doorkeeper doorkeeper(1, 1);
  EXPECT_TRUE(doorkeeper.enter("192.0.2.1"));
  EXPECT_FALSE(doorkeeper.enter("192.0.2.2"));
  doorkeeper.leave("192.0.2.1");
  EXPECT_TRUE(doorkeeper.enter("192.0.2.2"));
  (void)doorkeeper.failed("192.0.2.2", Doorkeeper::Clock::now());
  doorkeeper.denied_relay();
  const Doorkeeper::Figures figures = doorkeeper.figures();
  EXPECT_EQ(figures.inside, 1);
  EXPECT_EQ(figures.let_in, 2);
  EXPECT_EQ(figures.turned_away, 1);
  EXPECT_EQ(figures.failed_auth, 1);
  EXPECT_EQ(figures.denied_relay, 1);
}

TEST(Doorkeeper, LetsAGuesserWaitLongerEachTime) {
  Doorkeeper doorkeeper(1, 1);
  const auto start = Doorkeeper::Clock::now();
  EXPECT_EQ(doorkeeper.failed("a", start), 500ms);
  EXPECT_EQ(doorkeeper.failed("a", start), 1s);
  EXPECT_EQ(doorkeeper.failed("b", start), 500ms);
  EXPECT_EQ(doorkeeper.failed("a", start), 2s);
  for (int i = 0; i < 100; ++i) (void)doorkeeper.failed("a", start);
  EXPECT_EQ(doorkeeper.failed("a", start), 16s);
  EXPECT_EQ(doorkeeper.failed("a", start + 16min), 500ms);
}

}  // namespace
}  // namespace zegel::receive
