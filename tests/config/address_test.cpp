#include "config/address.h"

#include <gtest/gtest.h>

namespace zegel::config {
namespace {

TEST(HostPort, TakesNamesAndAddresses) {
  EXPECT_EQ(parse_host_port("SMTP.Provider.nl:587")->text(), "smtp.provider.nl:587");
  EXPECT_EQ(parse_host_port("[2001:DB8::1]:25")->text(), "[2001:db8::1]:25");
  EXPECT_EQ(parse_host_port("münchen.de:25")->text(), "xn--mnchen-3ya.de:25");
  EXPECT_EQ(parse_host_port("mail_1:65535")->text(), "mail_1:65535");
}

TEST(HostPort, RefusesWhatIsNeither) {
  for (const char* bad :
       {"",      ":",      "a",       "a:",    ":25",    "a:0",      "a:65536",      "a:-1",    "a:25x", "::1:25",
        "[::1]", "[x]:25", "a..b:25", "-a:25", "a b:25", "1.2.3:25", "1.2.3.256:25", "a:25:25", "[]:25", "a/b:25"}) {
    EXPECT_FALSE(parse_host_port(bad)) << bad;
  }
}

TEST(Listen, TakesAddressesOnly) {
  EXPECT_EQ(parse_listen("127.0.0.1:0")->text(), "127.0.0.1:0");
  EXPECT_EQ(parse_listen("[::]:25")->text(), "[::]:25");
  for (const char* bad : {"localhost:25", "25", ":25", "127.0.0.1", "127.0.0.1:70000"})
    EXPECT_FALSE(parse_listen(bad)) << bad;
}

TEST(Network, IsWrittenWithItsPrefix) {
  EXPECT_EQ(parse_network("10.0.0.0/8")->text, "10.0.0.0/8");
  EXPECT_EQ(parse_network("0.0.0.0/0")->text, "0.0.0.0/0");
  EXPECT_EQ(parse_network("192.0.2.1")->text, "192.0.2.1/32");
  EXPECT_EQ(parse_network("::1")->text, "::1/128");
  EXPECT_EQ(parse_network("2001:db8:8000::/33")->text, "2001:db8:8000::/33");
}

TEST(Network, RefusesBitsBeyondThePrefix) {
  EXPECT_EQ(parse_network("192.0.2.7/24").error().why,
            "\"192.0.2.7/24\" has bits set beyond its prefix; write \"192.0.2.0/24\"");
  for (const char* bad :
       {"", "/", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0/8", "x/8", "10.0.0.0/8/8", "10.0.0.0/-1"}) {
    EXPECT_FALSE(parse_network(bad)) << bad;
  }
}

TEST(Pattern, KnowsItsFourKinds) {
  const auto is = [](const char* text, Pattern::Kind kind, const char* folded) {
    const auto pattern = parse_pattern(text);
    ASSERT_TRUE(pattern) << text;
    EXPECT_EQ(pattern->kind, kind) << text;
    EXPECT_EQ(pattern->text, folded);
  };
  is("*", Pattern::Kind::any, "*");
  is(".Klant.NL", Pattern::Kind::subdomains, ".klant.nl");
  is("München.de", Pattern::Kind::domain, "xn--mnchen-3ya.de");
  is("Jan@Klant.nl", Pattern::Kind::mailbox, "jan@klant.nl");
  for (const char* bad : {"", ".", "@", "jan@", "@x.nl", "*.x.nl", "..x.nl", "a b", "x..nl"}) {
    EXPECT_FALSE(parse_pattern(bad)) << bad;
  }
}

TEST(Loopback, IsWhatNeverLeavesTheMachine) {
  for (const char* here : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) EXPECT_TRUE(is_loopback({here, 25})) << here;
  for (const char* away : {"10.0.0.1", "::2", "x.nl", "127.nl"}) EXPECT_FALSE(is_loopback({away, 25})) << away;
}

}  // namespace
}  // namespace zegel::config
