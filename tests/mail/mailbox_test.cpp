#include "mail/mailbox.h"

#include <gtest/gtest.h>

namespace zegel::mail {
namespace {

std::string parsed(std::string_view text) {
  const auto mailbox = parse_mailbox(text);
  return mailbox ? mailbox->address() : "refused: " + mailbox.error().say;
}

TEST(Mailbox, KeepsTheLocalPartAndFoldsTheDomain) {
  EXPECT_EQ(parsed("Jan.deVries+x@Klant.NL"), "Jan.deVries+x@klant.nl");
  EXPECT_EQ(parsed("jan@klant.nl."), "jan@klant.nl");
  EXPECT_EQ(parsed("o'brien&co={x}@a-b.example"), "o'brien&co={x}@a-b.example");
}

TEST(Mailbox, QuotesOnlyWhereItMust) {
  EXPECT_EQ(parsed("\"jan\"@klant.nl"), "jan@klant.nl");
  EXPECT_EQ(parsed("\"a b\"@klant.nl"), "\"a b\"@klant.nl");
  EXPECT_EQ(parsed("\"a\\\"b\\\\c\"@klant.nl"), "\"a\\\"b\\\\c\"@klant.nl");
  EXPECT_EQ(parse_mailbox("\"a b\"@klant.nl")->local, "a b");
}

TEST(Mailbox, WritesDomainsAsALabels) {
  EXPECT_EQ(parsed("jan@München.de"), "jan@xn--mnchen-3ya.de");
  EXPECT_EQ(parsed("jan@MÜNCHEN.de"), "jan@xn--mnchen-3ya.de");
  EXPECT_EQ(parsed("jan@XN--MNCHEN-3YA.de"), "jan@xn--mnchen-3ya.de");
  EXPECT_EQ(parsed("jan@straße.de"), "jan@xn--strae-oqa.de");
  EXPECT_EQ(parsed("jan@例え。テスト"), "jan@xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(unicode_domain("xn--mnchen-3ya.de"), "münchen.de");
}

TEST(Mailbox, TakesUtf8LocalPartsAndSaysSo) {
  const auto mailbox = parse_mailbox("josé@klant.nl");
  ASSERT_TRUE(mailbox);
  EXPECT_TRUE(mailbox->needs_utf8());
  EXPECT_FALSE(parse_mailbox("jan@münchen.de")->needs_utf8());
}

TEST(Mailbox, FoldsForLookingUp) {
  EXPECT_EQ(folded(*parse_mailbox("Jan@KLANT.nl")), "jan@klant.nl");
  EXPECT_NE(*parse_mailbox("Jan@klant.nl"), *parse_mailbox("jan@klant.nl"));
}

TEST(Mailbox, RefusesWhatIsNoMailbox) {
  const std::string label64(64, 'a');
  const std::string long_domain = std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + "." +
                                  std::string(60, 'd') + "." + std::string(60, 'e');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty address"},
      {"jan", "no @ in the address"},
      {"@klant.nl", "source routes are not accepted"},
      {"@a.nl,@b.nl:jan@c.nl", "source routes are not accepted"},
      {"jan%klant.nl@relay.nl", "routing in the local part is not accepted"},
      {"relay.nl!jan@klant.nl", "routing in the local part is not accepted"},
      {"\"jan@klant.nl\"@relay.nl", "routing in the local part is not accepted"},
      {"jan@[192.0.2.1]", "address literals are not accepted"},
      {"jan@[IPv6:::1]", "address literals are not accepted"},
      {"jan@192.0.2.1", "an IP address is not a domain"},
      {"jan@", "empty domain"},
      {"jan@klant..nl", "empty label in the domain"},
      {"jan@.klant.nl", "empty label in the domain"},
      {"jan@klant.nl..", "empty label in the domain"},
      {"jan@.", "empty label in the domain"},
      {"jan@-klant.nl", "malformed domain"},
      {"jan@klant_x.nl", "malformed domain"},
      {"jan@klant.nl ", "malformed domain"},
      {"jan@klant.nl>", "malformed domain"},
      {"jan@" + label64 + ".nl", "malformed domain"},
      {"jan@" + long_domain, "domain too long"},
      {std::string(65, 'a') + "@klant.nl", "local part over 64 octets"},
      {std::string(5000, 'a') + "@klant.nl", "address too long"},
      {"jan.@klant.nl", "malformed local part"},
      {".jan@klant.nl", "malformed local part"},
      {"jan..x@klant.nl", "malformed local part"},
      {"jan de vries@klant.nl", "malformed local part"},
      {"jan\r\nRCPT@klant.nl", "malformed local part"},
      {"jan@klant@x.nl", "malformed local part"},
      {"\"\"@klant.nl", "empty local part"},
      {"\"jan@klant.nl", "a quote is left open in the address"},
      {"\"jan\\", "a quote is left open in the address"},
      {"\"jan\"x@klant.nl", "no @ after the quoted local part"},
      {"\"a\rb\"@klant.nl", "unallowed characters in the local part"},
      {"jan\xc3@klant.nl", "unallowed characters in the local part"},
      {"jan\u202e@klant.nl", "unallowed characters in the local part"},
      {"jan@\xff.nl", "domain is not UTF-8"},
      {"jan@xn--a.nl", "not a valid internationalised domain"},
      {"jan@a\u2488b.nl", "not a valid internationalised domain"},
  };
  for (const auto& [text, say] : cases) EXPECT_EQ(parsed(text), "refused: " + say) << text;
}

TEST(Mailbox, LeavesRoomForTheLongestPath) {
  const std::string domain = std::string(61, 'a') + "." + std::string(61, 'b') + "." + std::string(62, 'c') + ".nl";
  EXPECT_EQ(parsed(std::string(64, 'x') + "@" + domain), std::string(64, 'x') + "@" + domain);
  EXPECT_EQ(parsed(std::string(64, 'x') + "@d" + domain), "refused: address too long");
}

}  // namespace
}  // namespace zegel::mail
