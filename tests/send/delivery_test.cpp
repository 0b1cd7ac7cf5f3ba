#include <gtest/gtest.h>

#include "rig.h"

namespace zegel::send {
namespace {

using Kind = store::RecipientOutcome::Kind;
using fake::Manners;
using fake::NextHop;

TEST(Delivery, BringsACopyToTheRelayByteForByte) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  const std::string message = "Subject: dots\r\n\r\n.begins with a dot\r\n..\r\n.\r\nend\r\n";
  rig.submit(rig.mail({"jan@x.nl"}, message));
  ASSERT_TRUE(rig.wait_until_empty());
  ASSERT_EQ(hop.received().size(), 1U);
  const auto mail = hop.received().front();
  EXPECT_EQ(mail.message, message);
  EXPECT_EQ(mail.helo, "zegel.kantoor.nl");
  EXPECT_EQ(mail.mail, "MAIL FROM:<piet@kantoor.nl> SIZE=" + std::to_string(message.size()) + " RET=HDRS");
  ASSERT_EQ(mail.rcpts.size(), 1U);
  EXPECT_EQ(mail.rcpts.front(), "RCPT TO:<jan@x.nl>");
}

TEST(Delivery, WritesDownReplyRelayAndTls) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  const auto outcome = rig.only_outcome();
  EXPECT_EQ(outcome.kind, Kind::delivered);
  EXPECT_EQ(outcome.reply, "250 2.0.0 kept");
  EXPECT_EQ(outcome.relay, "127.0.0.1:" + std::to_string(hop.port()));
  EXPECT_EQ(outcome.tls, "none");
}

TEST(Delivery, SendsManyCopiesOverOneLine) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.settings->delivery.connections = 1;
  rig.start();
  for (int i = 0; i < 50; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 50U);
  EXPECT_EQ(hop.connections(), 1U);
}

TEST(Delivery, OpensNoMoreLinesThanAllowed) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.settings->delivery.connections = 3;
  rig.start();
  for (int i = 0; i < 200; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 200U);
  EXPECT_LE(hop.connections(), 3U);
}

TEST(Delivery, WorksWithoutAnyExtension) {
  Manners old;
  old.offers = {};
  old.answer = [](const std::string& command) {
    return command.starts_with("EHLO") ? std::string("500 what?") : std::string();
  };
  const NextHop hop(old);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl", "els@y.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  ASSERT_EQ(hop.received().size(), 1U);
  EXPECT_EQ(hop.received().front().mail, "MAIL FROM:<piet@kantoor.nl>");
  EXPECT_EQ(hop.received().front().rcpts.size(), 2U);
}

TEST(Delivery, TriesTheNextRelayWhenTheFirstIsDown) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({1, hop.port()});  // nobody listens on port 1
  rig.start();
  rig.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig.only_outcome().kind, Kind::delivered);
}

TEST(Delivery, DoesNotWaitForADeadRelayAgainAndAgain) {
  const NextHop dead([](fake::Peer& peer, std::uint32_t) -> net::Task<void> { co_await peer.ignore(); });
  Manners brief;
  brief.mails_per_connection = 1;
  const NextHop hop(brief);
  Rig rig;
  rig.relay_to({dead.port(), hop.port()});
  rig.settings->delivery.connections = 1;
  rig.start();
  for (int i = 0; i < 5; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 5U);
  EXPECT_EQ(hop.connections(), 5U) << "a line for each";
  EXPECT_EQ(dead.connections(), 1U) << "asked once, then known to be away";
}

TEST(Delivery, GoesOnAfterA421BetweenTwoCopies) {
  Manners brief;
  brief.mails_per_connection = 2;
  const NextHop hop(brief);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.settings->delivery.connections = 1;
  rig.start();
  for (int i = 0; i < 5; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 5U);
  EXPECT_EQ(hop.connections(), 3U);
  for (const auto& attempt : rig.store.attempts()) EXPECT_EQ(attempt.outcomes.front().kind, Kind::delivered);
}

TEST(Delivery, PassesDsnParametersOn) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  auto mail = rig.mail({"jan@x.nl"});
  mail.envelope.envelope_id = "a+b=c";
  auto& recipient = mail.copies.front().recipients.front();
  recipient.notify = {.given = true, .success = true, .delay = true};
  recipient.original = "rfc822;j an@x.nl";
  rig.submit(std::move(mail));
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_TRUE(hop.received().front().mail.ends_with(" RET=HDRS ENVID=a+2Bb+3Dc")) << hop.received().front().mail;
  EXPECT_EQ(hop.received().front().rcpts.front(), "RCPT TO:<jan@x.nl> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;j+20an@x.nl");
  EXPECT_TRUE(rig.store.notices().empty()) << "the next hop reports by itself";
}

TEST(Delivery, GoesToEachDomainsMxInDirectMode) {
  const NextHop hop;
  Rig rig;
  rig.settings->delivery.direct = true;
  rig.around.mx_port = hop.port();
  rig.dns->mx_records["x.nl"] = {.kind = MxAnswer::Kind::records, .records = {{20, "mx2.x.nl"}, {10, "mx1.x.nl"}}};
  rig.dns->mx_records["y.nl"] = {.kind = MxAnswer::Kind::none};
  rig.dns->hosts["mx2.x.nl"] = {.addresses = {"127.0.0.1"}};
  rig.dns->hosts["y.nl"] = {.addresses = {"127.0.0.9", "127.0.0.1"}};
  rig.start();
  rig.submit_to({"jan@x.nl", "els@y.nl", "piet@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 2U) << "one mail per domain";
  const auto attempts = rig.store.attempts();
  for (const auto& outcome : attempts[0].outcomes) {
    EXPECT_EQ(outcome.kind, Kind::delivered);
    EXPECT_TRUE(outcome.relay.starts_with(outcome.recipient.domain == "x.nl" ? "mx2.x.nl:" : "y.nl:"));
  }
}

TEST(Delivery, BouncesAtOnceWhatNoDomainWillEverTake) {
  Rig rig;
  rig.settings->delivery.direct = true;
  rig.dns->mx_records["null.nl"] = {.kind = MxAnswer::Kind::records, .records = {{0, ""}}};
  rig.dns->mx_records["empty.nl"] = {.kind = MxAnswer::Kind::none};
  rig.start();
  rig.submit_to({"jan@null.nl", "els@nowhere.example", "piet@empty.nl"});
  ASSERT_TRUE(rig.wait_for_attempts(1));
  const auto attempts = rig.store.attempts();
  ASSERT_EQ(attempts[0].outcomes.size(), 3U);
  for (const auto& outcome : attempts[0].outcomes) EXPECT_EQ(outcome.kind, Kind::failed) << outcome.reply;
  EXPECT_EQ(rig.store.notices().size(), 1U) << "one report for all";
}

TEST(Delivery, DefersWhatDnsCannotAnswer) {
  Rig rig;
  rig.settings->delivery.direct = true;
  rig.dns->mx_records["x.nl"] = {.kind = MxAnswer::Kind::failed, .why = "timeout"};
  rig.start();
  rig.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig.only_outcome().kind, Kind::retry);
}

TEST(Delivery, AsksTheStoreOnlyWhenSomethingHappened) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto before = rig.store.questions();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(rig.store.questions(), before);
}

TEST(Delivery, TakesUpAgainWhatIsDueLater) {
  std::atomic<int> asked = 0;
  Manners busy;
  busy.answer = [&asked](const std::string& command) {
    return command.starts_with("RCPT") && ++asked == 1 ? std::string("450 4.2.0 come back") : std::string();
  };
  const NextHop hop(busy);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.settings->delivery.retry = {seconds(1)};
  rig.start();
  rig.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig.only_outcome().kind, Kind::retry);
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 1U);
}

TEST(Delivery, KeepsANoteThatTheStoreWouldNotTake) {
  const auto full = std::make_exception_ptr(std::runtime_error("no room on the disk"));  // outlives all threads
  Rig rig;
  Manners manners;
  manners.answer = [&rig, &full](const std::string& command) {
    if (command == "after the dot") { rig.store.fail_with(full); }
    return std::string();
  };
  const NextHop hop(manners);
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_for([&] { return hop.received().size() == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  EXPECT_EQ(rig.store.attempts().size(), 0U);
  EXPECT_EQ(rig.store.taken(), 1U) << "it must not be given out again";
  rig.store.fail_with(nullptr);
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(hop.received().size(), 1U) << "sent twice";
}

TEST(Delivery, StopsWithNothingHalfDone) {
  const NextHop hop;
  Rig rig;
  rig.relay_to({hop.port()});
  rig.settings->delivery.connections = 2;
  rig.start();
  for (int i = 0; i < 500; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_for([&] { return hop.received().size() > 10; }));
  rig.stop();
  EXPECT_EQ(rig.store.taken(), 0U);
  EXPECT_EQ(hop.received().size() + rig.store.figures().queued, 500U);
  for (const auto& attempt : rig.store.attempts()) EXPECT_EQ(attempt.outcomes.front().kind, Kind::delivered);
}

TEST(Delivery, BreaksOffWhatWillNotEnd) {
  const NextHop hop([](fake::Peer& peer, std::uint32_t) -> net::Task<void> {
    co_await peer.say("220 hop");
    co_await peer.ignore();
  });
  Rig rig;
  rig.around.timeouts.command = std::chrono::minutes(1);
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_for([&] { return hop.connections() == 1; }));
  rig.stop();
  EXPECT_EQ(rig.store.taken(), 0U);
  EXPECT_EQ(rig.store.figures().queued, 1U);
}

TEST(Delivery, GoesByNewSettingsAfterAReload) {
  const NextHop before;
  const NextHop after;
  Rig rig;
  rig.relay_to({before.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  auto fresh = std::make_shared<config::Settings>(*rig.settings);
  fresh->delivery.relay = {{"127.0.0.1", after.port()}};
  rig.dispatcher().reload(rig.dispatcher().terms_of(fresh));
  rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_EQ(before.received().size(), 1U);
  EXPECT_EQ(after.received().size(), 1U);
}

TEST(Delivery, BringsNoticesToTheOffice) {
  const NextHop office;
  const NextHop outside;
  Rig rig;
  rig.relay_to({outside.port()});
  rig.settings->office.relay = config::HostPort{"127.0.0.1", office.port()};
  rig.start();
  auto mail = rig.mail({"piet@kantoor.nl"});
  mail.copies.front().via = store::Via::office;
  mail.copies.front().notice = true;
  rig.submit(std::move(mail));
  ASSERT_TRUE(rig.wait_until_empty());
  EXPECT_TRUE(outside.received().empty());
  ASSERT_EQ(office.received().size(), 1U);
  EXPECT_TRUE(office.received().front().mail.starts_with("MAIL FROM:<> "));
}

}  // namespace
}  // namespace zegel::send
