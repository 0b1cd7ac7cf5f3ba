#include "receive/networks.h"

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

TEST(Networks, ContainWhatTheirPrefixSays) {
  const Networks networks({{"127.0.0.0/8"}, {"192.0.2.128/25"}, {"10.1.2.3"}, {"2001:db8::/33"}, {"::1/128"}});
  for (const char* in : {"127.0.0.1", "127.255.255.255", "192.0.2.128", "192.0.2.255", "10.1.2.3", "2001:db8::1",
                         "2001:db8:7fff::", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(networks.contain(in)) << in;
  }
  for (const char* out :
       {"128.0.0.1", "192.0.2.127", "10.1.2.4", "2001:db8:8000::", "::2", "", "localhost", "127.0.0.1 "}) {
    EXPECT_FALSE(networks.contain(out)) << out;
  }
}

TEST(Networks, OfEverythingContainEverything) {
  EXPECT_TRUE(Networks({{"0.0.0.0/0"}}).contain("203.0.113.9"));
  EXPECT_FALSE(Networks({{"0.0.0.0/0"}}).contain("2001:db8::1"));
  EXPECT_TRUE(Networks({{"::/0"}}).contain("2001:db8::1"));
}

TEST(Networks, RefuseWhatIsNone) {
  for (const char* bad :
       {"", "127.0.0.0/33", "::1/129", "127.0.0.0/", "127.0.0.0/8x", "kantoor.nl/8", "1.2.3/8", "/8"}) {
    EXPECT_THROW(Networks({{bad}}), std::runtime_error) << bad;
  }
}

TEST(WhoCountsAs, IsAnAddressOrTheNetworkThatAnIpv6HostHas) {
  EXPECT_EQ(who_counts_as("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(who_counts_as("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(who_counts_as("::1"), "::/64");
  EXPECT_EQ(who_counts_as("no address"), "no address");
}

}  // namespace
}  // namespace zegel::receive
