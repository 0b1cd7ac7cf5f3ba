#include <fstream>

#include <gtest/gtest.h>

#include "rig.h"

/// What policy demands of a line, against next hops with and without what it takes.
namespace zegel::send {
namespace {

using Kind = store::RecipientOutcome::Kind;
using fake::Manners;
using fake::NextHop;
using fake::Peer;
using net::Task;

Manners with_certificate(const std::string& name) {
  Manners manners;
  manners.tls = fake::certificate(name);
  return manners;
}

struct Result {
  store::RecipientOutcome outcome;
  std::vector<fake::Received> received;
};

Result deliver(const Manners& manners, Tls tls, const std::string& host = "127.0.0.1") {
  const NextHop hop(manners);
  Rig rig;
  rig.tls = tls;
  rig.dns->hosts["localhost"] = {.addresses = {"127.0.0.1"}};
  rig.relay_to({hop.port()}, host);
  rig.start();
  rig.submit_to({"jan@x.nl"});
  return {rig.only_outcome(), hop.received()};
}

TEST(LineSecurity, VerifiedByNameAndByAddress) {
  for (const auto* host : {"localhost", "127.0.0.1"}) {
    const auto result = deliver(with_certificate("localhost"), Tls::verified, host);
    EXPECT_EQ(result.outcome.kind, Kind::delivered) << result.outcome.reply;
    EXPECT_EQ(result.outcome.tls, "TLSv1.3/verified");
    ASSERT_EQ(result.received.size(), 1U);
    EXPECT_TRUE(result.received[0].secure);
  }
}

TEST(LineSecurity, AWrongNameOrAnUnknownAuthorityDefers) {
  for (const auto* name : {"elsewhere", "unknown"}) {
    const auto result = deliver(with_certificate(name), Tls::verified, "localhost");
    EXPECT_EQ(result.outcome.kind, Kind::retry);
    EXPECT_TRUE(result.received.empty());
  }
}

TEST(LineSecurity, RequiredTakesAnyCertificate) {
  const auto result = deliver(with_certificate("unknown"), Tls::required);
  EXPECT_EQ(result.outcome.kind, Kind::delivered);
  EXPECT_EQ(result.outcome.tls, "TLSv1.3/unverified");
}

TEST(LineSecurity, StartTlsGoneDefers) {
  for (const auto tls : {Tls::required, Tls::verified}) {
    const auto result = deliver({}, tls);
    EXPECT_EQ(result.outcome.kind, Kind::retry);
    EXPECT_TRUE(result.received.empty());
  }
}

TEST(LineSecurity, OpportunisticGoesWithoutWhereThereIsNone) {
  EXPECT_EQ(deliver({}, Tls::opportunistic).outcome.tls, "none");
  EXPECT_EQ(deliver(with_certificate("unknown"), Tls::opportunistic).outcome.tls, "TLSv1.3/unverified");
}

NextHop::Script broken_handshake() {
  return [](Peer& peer, std::uint32_t) -> Task<void> {
    co_await peer.say("220 hop");
    for (;;) {
      const std::string command = co_await peer.line();
      if (command.starts_with("EHLO")) {
        co_await peer.say("250-hop\r\n250 STARTTLS");
      } else if (command == "STARTTLS") {
        co_await peer.say("220 go");
        (void)co_await peer.stream().read_some();
        co_await peer.raw("this is no TLS at all\r\n");
      } else if (command == "DATA") {
        co_await peer.say("354 go");
        (void)co_await peer.message();
        co_await peer.say("250 kept");
      } else {
        co_await peer.say("250 ok");
      }
    }
  };
}

store::RecipientOutcome outcome_with(NextHop::Script script, Tls tls) {
  const NextHop hop(std::move(script));
  Rig rig;
  rig.tls = tls;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  return rig.only_outcome();
}

TEST(LineSecurity, AFailedHandshakeIsForgivenOnlyWhereTlsWasAWish) {
  EXPECT_EQ(outcome_with(broken_handshake(), Tls::required).kind, Kind::retry);
  const auto wished = outcome_with(broken_handshake(), Tls::opportunistic);
  EXPECT_EQ(wished.kind, Kind::delivered) << wished.reply;
  EXPECT_EQ(wished.tls, "none");
}

TEST(LineSecurity, WhatIsInjectedAfterStartTlsEndsTheLine) {
  const auto context = fake::certificate("localhost");
  for (const auto tls : {Tls::opportunistic, Tls::required, Tls::verified}) {
    std::atomic<std::uint32_t> connections = 0;
    const auto outcome = outcome_with(
        [&, context](Peer& peer, std::uint32_t connection) -> Task<void> {
          connections = connection;
          co_await peer.say("220 hop");
          (void)co_await peer.line();
          co_await peer.say("250-hop\r\n250 STARTTLS");
          (void)co_await peer.line();
          co_await peer.raw("220 go\r\n250-injected\r\n250 AUTH PLAIN\r\n");
          co_await peer.start_tls(context);
          co_await peer.ignore();
        },
        tls);
    EXPECT_EQ(outcome.kind, Kind::retry);
    EXPECT_NE(outcome.reply.find("STARTTLS"), std::string::npos) << outcome.reply;
    EXPECT_EQ(connections, 1U) << "no second try in clear";
  }
}

class WithPassword : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(path_) << "geheim\n";
    rig_.settings->delivery.user = "zegel";
    rig_.settings->delivery.password_file = path_;
    rig_.tls = Tls::verified;
  }
  void TearDown() override { std::remove(path_.c_str()); }

  std::string path_ = testing::TempDir() + "zegel-password-" + std::to_string(::getpid());
  Rig rig_;
};

TEST_F(WithPassword, LogsInUnderTls) {
  for (const auto* mechanism : {"AUTH PLAIN LOGIN", "AUTH LOGIN"}) {
    auto manners = with_certificate("localhost");
    manners.offers.emplace_back(mechanism);
    const NextHop hop(manners);
    Rig rig;
    rig.settings->delivery.user = "zegel";
    rig.settings->delivery.password_file = path_;
    rig.tls = Tls::verified;
    rig.relay_to({hop.port()});
    rig.start();
    rig.submit_to({"jan@x.nl"});
    ASSERT_TRUE(rig.wait_until_empty());
    const std::string login = hop.received()[0].login;
    EXPECT_TRUE(login == std::string("\0zegel\0geheim", 13) || login == "zegel:geheim") << login;
  }
}

TEST_F(WithPassword, DefersWhenTheNextHopWillNotHaveIt) {
  auto manners = with_certificate("localhost");
  manners.offers.emplace_back("AUTH PLAIN");
  manners.answer = [](const std::string& command) {
    return command == "AUTH" ? std::string("535 5.7.8 no") : std::string();
  };
  const NextHop hop(manners);
  rig_.relay_to({hop.port()});
  rig_.start();
  rig_.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig_.only_outcome().kind, Kind::retry);
}

TEST_F(WithPassword, KeepsItToItselfWithoutTls) {
  Manners manners;
  manners.offers.emplace_back("AUTH PLAIN");
  const NextHop hop(manners);
  rig_.tls = Tls::opportunistic;
  rig_.relay_to({hop.port()});
  rig_.start();
  rig_.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig_.only_outcome().kind, Kind::retry);
  EXPECT_TRUE(hop.received().empty());
}

}  // namespace
}  // namespace zegel::send
