#include <gtest/gtest.h>

#include "core/base64.h"
#include "rig.h"
#include "send/opening.h"
#include "send/transaction.h"

namespace zegel::send {
namespace {

using Then = Step::Then;
using Kind = Outcome::Kind;

smtp::Reply reply(int code, const std::string& text = "") { return {.code = code, .text = text}; }

Opening opening(Tls tls, const Login* login = nullptr) {
  return Opening({.hostname = "zegel.kantoor.nl", .tls = tls, .login = login});
}

TEST(Opening, SaysHelloAndIsReady) {
  auto talk = opening(Tls::none);
  EXPECT_EQ(talk.begin().then, Then::read);
  EXPECT_EQ(talk.heard(reply(220)).say, "EHLO zegel.kantoor.nl\r\n");
  EXPECT_EQ(talk.heard(reply(250, "hop\nPIPELINING")).then, Then::done);
  EXPECT_FALSE(talk.failure());
  EXPECT_TRUE(talk.offered().pipelining);
}

TEST(Opening, ForgetsWhatWasOfferedInClear) {
  auto talk = opening(Tls::required);
  (void)talk.begin();
  (void)talk.heard(reply(220));
  EXPECT_EQ(talk.heard(reply(250, "hop\nSTARTTLS\nAUTH PLAIN\nSIZE 1")).say, "STARTTLS\r\n");
  EXPECT_EQ(talk.heard(reply(220)).then, Then::handshake);
  EXPECT_EQ(talk.secured({.version = "TLSv1.3"}).say, "EHLO zegel.kantoor.nl\r\n");
  EXPECT_EQ(talk.heard(reply(250, "hop")).then, Then::done);
  EXPECT_FALSE(talk.failure());
  EXPECT_EQ(talk.offered().max_size, 0U);
}

TEST(Opening, EndsWhenTheCertificateDoesNotHold) {
  auto talk = opening(Tls::verified);
  (void)talk.begin();
  (void)talk.heard(reply(220));
  (void)talk.heard(reply(250, "hop\nSTARTTLS"));
  (void)talk.heard(reply(220));
  EXPECT_EQ(talk.secured({.version = "TLSv1.3", .problem = "hostname mismatch"}).then, Then::done);
  ASSERT_TRUE(talk.failure());
  EXPECT_NE(talk.failure()->find("hostname mismatch"), std::string::npos);
}

TEST(Opening, NeverSaysAPasswordInClear) {
  const Login login{.user = "zegel", .password = Secret("geheim")};
  for (const auto tls : {Tls::none, Tls::opportunistic}) {
    auto talk = opening(tls, &login);
    (void)talk.begin();
    (void)talk.heard(reply(220));
    const Step step = talk.heard(reply(250, "hop\nAUTH PLAIN LOGIN"));
    EXPECT_EQ(step.then, Then::done);
    EXPECT_EQ(step.say, "");
    EXPECT_TRUE(talk.failure());
  }
}

TEST(Opening, LogsInUnderTls) {
  const Login login{.user = "zegel", .password = Secret("geheim")};
  auto talk = opening(Tls::required, &login);
  (void)talk.begin();
  (void)talk.heard(reply(220));
  (void)talk.heard(reply(250, "hop\nSTARTTLS"));
  (void)talk.heard(reply(220));
  (void)talk.secured({.version = "TLSv1.3"});
  EXPECT_EQ(talk.heard(reply(250, "hop\nAUTH PLAIN")).say,
            "AUTH PLAIN " + base64::encode(std::string("\0zegel\0geheim", 13)) + "\r\n");
  EXPECT_EQ(talk.heard(reply(535, "no")).then, Then::done);
  EXPECT_TRUE(talk.failure()) << "a wrong password defers";
}

TEST(Opening, AServerThatAsksForThePasswordAgainDoesNotGetIt) {
  const Login login{.user = "zegel", .password = Secret("geheim")};
  auto talk = opening(Tls::required, &login);
  (void)talk.begin();
  (void)talk.heard(reply(220));
  (void)talk.heard(reply(250, "hop\nSTARTTLS"));
  (void)talk.heard(reply(220));
  (void)talk.secured({.version = "TLSv1.3"});
  EXPECT_EQ(talk.heard(reply(250, "hop\nAUTH LOGIN")).say, "AUTH LOGIN\r\n");
  EXPECT_EQ(talk.heard(reply(334)).say, base64::encode("zegel") + "\r\n");
  EXPECT_EQ(talk.heard(reply(334)).say, base64::encode("geheim") + "\r\n");
  EXPECT_EQ(talk.heard(reply(334)).say, "");
  EXPECT_TRUE(talk.failure());
}

Letter letter(const std::vector<std::string>& recipients) {
  Letter one{.from = mailbox("piet@kantoor.nl"), .recipients = {}, .size = 1'000};
  for (const auto& recipient : recipients) one.recipients.push_back(to(recipient));
  return one;
}

constexpr Capabilities pipelining{.pipelining = true};

TEST(Transaction, SaysTheWholeEnvelopeAtOnceWhereItMay) {
  Transaction talk(letter({"a@x.nl", "b@x.nl"}), pipelining);
  EXPECT_EQ(talk.begin().say, "MAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<a@x.nl>\r\nRCPT TO:<b@x.nl>\r\nDATA\r\n");
  EXPECT_EQ(talk.heard(reply(250)).then, Then::read);
  EXPECT_EQ(talk.heard(reply(250)).then, Then::read);
  EXPECT_EQ(talk.heard(reply(550, "no")).then, Then::read);
  EXPECT_EQ(talk.heard(reply(354)).then, Then::message);
  EXPECT_EQ(talk.heard(reply(250, "kept")).then, Then::done);
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::delivered);
  EXPECT_EQ(talk.outcomes()[1].kind, Kind::failed);
}

TEST(Transaction, SaysOneThingAtATimeWhereItMust) {
  Transaction talk(letter({"a@x.nl", "b@x.nl"}), {});
  EXPECT_EQ(talk.begin().say, "MAIL FROM:<piet@kantoor.nl>\r\n");
  EXPECT_EQ(talk.heard(reply(250)).say, "RCPT TO:<a@x.nl>\r\n");
  EXPECT_EQ(talk.heard(reply(450)).say, "RCPT TO:<b@x.nl>\r\n");
  EXPECT_EQ(talk.heard(reply(250)).say, "DATA\r\n");
  EXPECT_EQ(talk.heard(reply(354)).then, Then::message);
  EXPECT_EQ(talk.heard(reply(452, "full")).then, Then::done);
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::retry);
  EXPECT_EQ(talk.outcomes()[1].kind, Kind::retry);
}

TEST(Transaction, SendsNothingWhenNobodyIsLeftYetDataWasTaken) {
  Transaction talk(letter({"a@x.nl"}), pipelining);
  (void)talk.begin();
  (void)talk.heard(reply(250));
  (void)talk.heard(reply(550));
  const Step step = talk.heard(reply(354));
  EXPECT_EQ(step.then, Then::read);
  EXPECT_EQ(step.say, ".\r\n");
  EXPECT_EQ(talk.heard(reply(250)).then, Then::done);
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::failed);
}

TEST(Transaction, AYesToDataIsNoDelivery) {
  Transaction talk(letter({"a@x.nl"}), pipelining);
  (void)talk.begin();
  (void)talk.heard(reply(250));
  (void)talk.heard(reply(250));
  EXPECT_EQ(talk.heard(reply(250)).then, Then::done);
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::retry);
  EXPECT_TRUE(talk.line_is_over());
}

TEST(Transaction, NothingBefore354CountsAsDelivered) {
  for (const int code : {220, 235, 250, 251, 334, 399}) {
    Transaction talk(letter({"a@x.nl"}), {});
    (void)talk.begin();
    Step step = talk.heard(reply(code));
    for (int i = 0; i < 5 && step.then == Then::read; ++i) step = talk.heard(reply(code));
    if (step.then == Then::done) EXPECT_NE(talk.outcomes()[0].kind, Kind::delivered) << code;
  }
}

TEST(Transaction, ARefusedMailIsTheAnswerForAll) {
  Transaction talk(letter({"a@x.nl", "b@x.nl"}), pipelining);
  (void)talk.begin();
  (void)talk.heard(reply(550, "not you"));
  (void)talk.heard(reply(503));
  (void)talk.heard(reply(503));
  EXPECT_EQ(talk.heard(reply(503)).then, Then::done);
  for (const auto& outcome : talk.outcomes()) {
    EXPECT_EQ(outcome.kind, Kind::failed);
    EXPECT_EQ(outcome.reply, "550 not you");
  }
}

TEST(Transaction, A421EndsItForThoseWithoutAnOutcome) {
  Transaction talk(letter({"a@x.nl", "b@x.nl"}), pipelining);
  (void)talk.begin();
  (void)talk.heard(reply(250));
  (void)talk.heard(reply(550));
  EXPECT_EQ(talk.heard(reply(421, "bye")).then, Then::done);
  EXPECT_TRUE(talk.line_is_over());
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::failed);
  EXPECT_EQ(talk.outcomes()[1].kind, Kind::retry);
}

TEST(Transaction, LeavesTheLineCleanForTheNextCopy) {
  Transaction talk(letter({"a@x.nl"}), pipelining);
  (void)talk.begin();
  (void)talk.heard(reply(250));
  (void)talk.heard(reply(550));
  EXPECT_EQ(talk.heard(reply(554)).say, "RSET\r\n");
  EXPECT_EQ(talk.heard(reply(250)).then, Then::done);
  EXPECT_FALSE(talk.line_is_over());
}

TEST(Transaction, ALetterThatIsTooLargeIsNotEvenTried) {
  Transaction talk(letter({"a@x.nl"}), {.size = true, .max_size = 999});
  const Step step = talk.begin();
  EXPECT_EQ(step.then, Then::done);
  EXPECT_EQ(step.say, "");
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::failed);
  EXPECT_EQ(talk.outcomes()[0].status, "5.3.4");
}

TEST(Transaction, EightBitWantsEightBitMime) {
  auto one = letter({"a@x.nl"});
  one.eight_bit = true;
  Transaction without(one, {});
  EXPECT_EQ(without.begin().then, Then::done);
  EXPECT_EQ(without.outcomes()[0].status, "5.6.3");
  Transaction with(one, {.eight_bit = true});
  EXPECT_EQ(with.begin().say, "MAIL FROM:<piet@kantoor.nl> BODY=8BITMIME\r\n");
}

TEST(Transaction, InternationalAddressesWantSmtpUtf8) {
  const auto one = letter({"jos\xC3\xA9@x.nl"});
  Transaction without(one, {});
  EXPECT_EQ(without.begin().then, Then::done);
  EXPECT_EQ(without.outcomes()[0].status, "5.6.7");
  Transaction with(one, {.utf8 = true});
  EXPECT_EQ(with.begin().say, "MAIL FROM:<piet@kantoor.nl> SMTPUTF8\r\n");
}

TEST(Transaction, ABrokenLineLeavesNobodyWithoutAnOutcome) {
  Transaction talk(letter({"a@x.nl", "b@x.nl"}), pipelining);
  (void)talk.begin();
  (void)talk.heard(reply(250));
  (void)talk.heard(reply(250));
  (void)talk.heard(reply(550, "no"));
  talk.broken("connection lost");
  EXPECT_EQ(talk.outcomes()[0].kind, Kind::retry);
  EXPECT_EQ(talk.outcomes()[0].reply, "connection lost");
  EXPECT_EQ(talk.outcomes()[1].kind, Kind::failed);
}

}  // namespace
}  // namespace zegel::send
