#include "receive/sender_rules.h"

#include <gtest/gtest.h>

namespace zegel::receive {
namespace {

config::Settings office() {
  config::Settings settings;
  settings.office.domains = {"kantoor.nl", "xn--caf-dma.nl"};
  return settings;
}

bool from_passes(const std::string& fields) {
  const mail::Message message(fields + "To: jan@klant.nl\r\n\r\nhello\r\n");
  return may_sign_as(message, mail::scan(message), office()).has_value();
}

TEST(ReversePath, MustBeOfTheOfficeOrNull) {
  EXPECT_TRUE(may_send(mail::Mailbox{"piet", "kantoor.nl"}, office()));
  EXPECT_TRUE(may_send(std::nullopt, office()));
  const auto stranger = may_send(mail::Mailbox{"piet", "kantoor.nl.evil.example"}, office());
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().say, "<piet@kantoor.nl.evil.example>: not an address of this office");
}

TEST(ReversePath, ASubdomainIsAnotherDomain) {
  EXPECT_FALSE(may_send(mail::Mailbox{"piet", "sub.kantoor.nl"}, office()));
}

TEST(FromField, MustNameOnlyTheOffice) {
  EXPECT_TRUE(from_passes("From: piet@kantoor.nl\r\n"));
  EXPECT_TRUE(from_passes("From: \"Piet (boekhouding)\" <Piet@KANTOOR.nl>\r\n"));
  EXPECT_TRUE(from_passes("From: piet@kantoor.nl, Anna <anna@kantoor.nl>\r\n"));
  EXPECT_TRUE(from_passes("From: piet@kantoor.nl (mallory@evil.example)\r\n"));
  EXPECT_FALSE(from_passes("From: mallory@evil.example\r\n"));
  EXPECT_FALSE(from_passes("From: piet@kantoor.nl, mallory@evil.example\r\n"));
}

TEST(FromField, ADisplayNameThatLooksLikeAnAddressDoesNotCount) {
  EXPECT_FALSE(from_passes("From: \"piet@kantoor.nl\" <mallory@evil.example>\r\n"));
  EXPECT_TRUE(from_passes("From: \"mallory@evil.example\" <piet@kantoor.nl>\r\n"));
}

TEST(FromField, MustBeThereOnceAndReadable) {
  EXPECT_FALSE(from_passes(""));
  EXPECT_FALSE(from_passes("From: piet@kantoor.nl\r\nFrom: mallory@evil.example\r\n"));
  EXPECT_FALSE(from_passes("From: \r\n"));
  EXPECT_FALSE(from_passes("From: piet@\r\n"));
  EXPECT_FALSE(from_passes("From: nobody:;\r\n"));
}

TEST(FromField, AnInternationalDomainIsComparedAsALabels) { EXPECT_TRUE(from_passes("From: piet@caf\xC3\xA9.nl\r\n")); }

}  // namespace
}  // namespace zegel::receive
