#include "smtp/parameters.h"

#include <gtest/gtest.h>

#include "smtp/xtext.h"

namespace zegel::smtp {
namespace {

TEST(MailParameters, AreReadInAnyOrderAndCase) {
  const auto all = parse_mail_parameters("size=500 Body=8bitmime SMTPUTF8 RET=hdrs ENVID=QQ+2B314 AUTH=<>");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size, 500u);
  EXPECT_TRUE(all->body_8bit);
  EXPECT_TRUE(all->smtputf8);
  EXPECT_EQ(all->envelope_id, "QQ+314");
}

TEST(MailParameters, AreRefusedWhenMalformedOrGivenTwice) {
  for (const char* bad : {"SIZE=", "SIZE=x", "SIZE=-1", "SIZE=111111111111111111111", "BODY=BINARYMIME", "SMTPUTF8=1",
                          "RET=ALL", "ENVID=", "ENVID=a+0A", "ENVID=a+C3+A9", "ENVID=a=b", "SIZE=1 SIZE=1", "AUTH="}) {
    const auto all = parse_mail_parameters(bad);
    ASSERT_FALSE(all) << bad;
    EXPECT_EQ(all.error().code, 501) << bad;
    EXPECT_EQ(all.error().enhanced, "5.5.4") << bad;
  }
}

TEST(MailParameters, ThatAreUnknownAre555) {
  ASSERT_FALSE(parse_mail_parameters("X-THING=1"));
  EXPECT_EQ(parse_mail_parameters("X-THING=1").error().code, 555);
  EXPECT_EQ(parse_rcpt_parameters("SIZE=1").error().code, 555);
}

TEST(MailParameters, TakeAnAbsurdSizeAsTooBigRatherThanWrappingIt) {
  EXPECT_EQ(parse_mail_parameters("SIZE=99999999999999999999")->size, UINT64_MAX);
}

TEST(RcptParameters, KeepWhatDsnNeeds) {
  const auto all = parse_rcpt_parameters("NOTIFY=SUCCESS,delay ORCPT=rfc822;jan+2Bzak@x.nl");
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->notify.given && all->notify.success && all->notify.delay);
  EXPECT_FALSE(all->notify.failure || all->notify.never);
  EXPECT_EQ(all->original, "rfc822;jan+zak@x.nl");
}

TEST(RcptParameters, KeepAnInternationalOriginalAddressInAscii) {
  EXPECT_EQ(parse_rcpt_parameters("ORCPT=utf-8;j\xC3\xB6rg@x.nl")->original, "utf-8;j\\x{F6}rg@x.nl");
  EXPECT_EQ(parse_rcpt_parameters("ORCPT=UTF-8;\xE2\x82\xAC\xF0\x9F\x93\xA7@x.nl")->original,
            "utf-8;\\x{20AC}\\x{1F4E7}@x.nl");
  EXPECT_EQ(parse_rcpt_parameters("ORCPT=utf-8;j\\x{F6}rg@x.nl")->original, "utf-8;j\\x{F6}rg@x.nl");
  EXPECT_FALSE(parse_rcpt_parameters("ORCPT=utf-8;j\xC3rg@x.nl"));
  EXPECT_FALSE(parse_rcpt_parameters("ORCPT=rfc822;j\xC3\xB6rg@x.nl"));
  EXPECT_FALSE(parse_rcpt_parameters("ORCPT=utf-8;" + [] {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "\xC3\xB6";
    return many;
  }()));
}

TEST(RcptParameters, LetNeverStandAloneOnly) {
  EXPECT_TRUE(parse_rcpt_parameters("NOTIFY=NEVER")->notify.never);
  for (const char* bad : {"NOTIFY=NEVER,SUCCESS", "NOTIFY=", "NOTIFY", "NOTIFY=SUCCESS,SUCCESS", "NOTIFY=SUCCESS,",
                          "ORCPT=jan@x.nl", "ORCPT=;jan@x.nl", "ORCPT=rfc822;", "ORCPT=rf c;a", "ORCPT=rfc822;a+0D"}) {
    EXPECT_FALSE(parse_rcpt_parameters(bad)) << bad;
  }
}

TEST(Xtext, IsDecodedStrictly) {
  EXPECT_EQ(decode_xtext("a+2Bb+3D"), "a+b=");
  EXPECT_EQ(decode_xtext(""), "");
  for (const char* bad : {"+", "+2", "+2b", "a=b", "a b", "+00", "+0D", "\x80"}) EXPECT_FALSE(decode_xtext(bad)) << bad;
}

}  // namespace
}  // namespace zegel::smtp
