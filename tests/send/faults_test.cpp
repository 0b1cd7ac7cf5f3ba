#include <gtest/gtest.h>
#include <sys/socket.h>

#include "rig.h"

/// A next hop that does as real ones do on bad days. Every case must end with an outcome, within the patience, and
/// with nothing lost.
namespace zegel::send {
namespace {

using Kind = store::RecipientOutcome::Kind;
using fake::Manners;
using fake::NextHop;
using fake::Peer;
using net::Task;

/// Says the usual up to DATA's 354, and has the message's octets still to come.
Task<void> up_to_data(Peer& peer) {
  co_await peer.say("220 hop");
  (void)co_await peer.line();
  co_await peer.say("250 hop");
  for (const auto* answer : {"250 ok", "250 ok", "354 go"}) {
    (void)co_await peer.line();
    co_await peer.say(answer);
  }
}

store::RecipientOutcome outcome_with(NextHop::Script script, const std::string& message = short_message) {
  const NextHop hop(std::move(script));
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit(rig.mail({"jan@x.nl"}, message));
  auto outcome = rig.only_outcome();
  EXPECT_EQ(rig.store.figures().queued, outcome.kind == Kind::retry    ? 1U
                                        : outcome.kind == Kind::failed ? 1U
                                                                       : 0U)
      << "the copy, or its bounce";
  return outcome;
}

TEST(Faults, Refused) {
  Rig rig;
  rig.relay_to({1});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  const auto outcome = rig.only_outcome();
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_EQ(outcome.relay, "127.0.0.1:1");
}

TEST(Faults, BlackHole) {
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> { co_await peer.ignore(); });
  EXPECT_EQ(outcome.kind, Kind::retry);
}

TEST(Faults, ResetInTheMessage) {
  const auto outcome = outcome_with(
      [](Peer& peer, std::uint32_t) -> Task<void> {
        co_await up_to_data(peer);
        (void)co_await peer.line();
        peer.reset();
      },
      "Subject: s\r\n\r\n" + std::string(5'000'000, 'x') + "\r\n");
  EXPECT_EQ(outcome.kind, Kind::retry);
}

TEST(Faults, HalfClosedAfterTheGreeting) {
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> {
    co_await peer.say("220 hop");
    peer.shut();
    co_await peer.ignore();
  });
  EXPECT_EQ(outcome.kind, Kind::retry);
}

TEST(Faults, HalfClosedInsteadOfAnAnswerToTheDot) {
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> {
    co_await up_to_data(peer);
    (void)co_await peer.message();
    peer.shut();
    co_await peer.ignore();
  });
  EXPECT_EQ(outcome.kind, Kind::retry);
}

TEST(Faults, HalfALineIsNoReply) {
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> {
    co_await up_to_data(peer);
    (void)co_await peer.message();
    co_await peer.raw("250 2.0.0 o");
  });
  EXPECT_EQ(outcome.kind, Kind::retry) << "a 250 without its line end may be half of something else";
}

TEST(Faults, SilenceAfterTheDot) {
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> {
    co_await up_to_data(peer);
    (void)co_await peer.message();
    co_await peer.ignore();
  });
  EXPECT_EQ(outcome.kind, Kind::retry);
}

TEST(Faults, AMessageThatIsNotTaken) {
  const auto outcome = outcome_with(
      [](Peer& peer, std::uint32_t) -> Task<void> {
        co_await up_to_data(peer);
        co_await peer.sleep(std::chrono::seconds(20));
      },
      "Subject: s\r\n\r\n" + std::string(20'000'000, 'x') + "\r\n");
  EXPECT_EQ(outcome.kind, Kind::retry);
}

Manners answering(const std::string& command, const std::string& reply) {
  Manners manners;
  manners.answer = [=](const std::string& said) { return said.starts_with(command) ? reply : std::string(); };
  return manners;
}

TEST(Faults, FourHundredAtEachCommandDefers) {
  for (const auto* command : {"EHLO", "MAIL", "RCPT", "DATA", "after the dot"}) {
    const NextHop hop(answering(command, "451 4.3.0 not now"));
    Rig rig;
    rig.relay_to({hop.port()});
    rig.start();
    rig.submit_to({"jan@x.nl"});
    const auto outcome = rig.only_outcome();
    EXPECT_EQ(outcome.kind, Kind::retry) << command;
    EXPECT_EQ(outcome.reply, "451 4.3.0 not now") << command;
    EXPECT_TRUE(rig.store.notices().empty());
  }
}

TEST(Faults, FiveHundredAtEachCommandBounces) {
  for (const auto* command : {"MAIL", "RCPT", "DATA", "after the dot"}) {
    const NextHop hop(answering(command, "554 5.7.1 never"));
    Rig rig;
    rig.relay_to({hop.port()});
    rig.settings->office.relay = config::HostPort{"127.0.0.1", 1};
    rig.start();
    rig.submit_to({"jan@x.nl"});
    EXPECT_EQ(rig.only_outcome().kind, Kind::failed) << command;
    EXPECT_EQ(rig.store.notices().size(), 1U) << command;
  }
}

TEST(Faults, AGreetingOfFiveHundredDefers) {
  Manners closed;
  closed.greeting = "554 no service for you";
  const NextHop hop(closed);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig.only_outcome().kind, Kind::retry) << "it is about us, not about the message";
}

TEST(Faults, A421AtTheDoorDefers) {
  Manners closed;
  closed.greeting = "421 4.3.2 too busy";
  const NextHop hop(closed);
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  EXPECT_EQ(rig.only_outcome().kind, Kind::retry);
}

TEST(Faults, A421InBetween) {
  for (const auto* command : {"MAIL", "RCPT", "DATA", "after the dot"}) {
    const NextHop hop(answering(command, "421 4.3.2 closing"));
    Rig rig;
    rig.relay_to({hop.port()});
    rig.start();
    rig.submit_to({"jan@x.nl"});
    EXPECT_EQ(rig.only_outcome().kind, Kind::retry) << command;
  }
}

TEST(Faults, Garbage) {
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\n", 8), std::string("HTTP/1.1 400 Bad\r\n"),
        std::string(100'000, 'x'), std::string(1'000, '\0') + "\n"}) {
    const auto outcome = outcome_with([garbage](Peer& peer, std::uint32_t) -> Task<void> {
      co_await peer.raw(garbage);
      co_await peer.ignore();
    });
    EXPECT_EQ(outcome.kind, Kind::retry);
  }
}

TEST(Faults, EndlessReplyLines) {
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> {
    for (;;) co_await peer.say("220-" + std::string(70, 'x'));
  });
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_NE(outcome.reply.find("no end"), std::string::npos);
}

TEST(Faults, AReplyInDripsEndsWithThePatience) {
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = outcome_with([](Peer& peer, std::uint32_t) -> Task<void> {
    for (;;) {
      co_await peer.raw("2");
      co_await peer.sleep(std::chrono::milliseconds(100));
    }
  });
  EXPECT_EQ(outcome.kind, Kind::retry);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST(Faults, SomeYesAndSomeNo) {
  const NextHop hop(answering("RCPT TO:<gone@", "550 5.1.1 no such user"));
  Rig rig;
  rig.relay_to({hop.port()});
  rig.settings->office.relay = config::HostPort{"127.0.0.1", 1};
  rig.start();
  rig.submit_to({"jan@x.nl", "gone@x.nl", "els@x.nl"});
  ASSERT_TRUE(rig.wait_for_attempts(1));
  const auto attempts = rig.store.attempts();
  ASSERT_EQ(attempts[0].outcomes.size(), 3U);
  EXPECT_EQ(attempts[0].outcomes[0].kind, Kind::delivered);
  EXPECT_EQ(attempts[0].outcomes[1].kind, Kind::failed);
  EXPECT_EQ(attempts[0].outcomes[1].reply, "550 5.1.1 no such user");
  EXPECT_EQ(attempts[0].outcomes[2].kind, Kind::delivered);
  ASSERT_EQ(hop.received().size(), 1U);
  EXPECT_EQ(hop.received()[0].rcpts.size(), 2U);
  ASSERT_EQ(attempts[0].notices.size(), 1U);
}

TEST(Faults, OneDeadNextHopDefersAllThatWaitForIt) {
  Rig rig;
  rig.relay_to({1});
  rig.start();
  for (int i = 0; i < 200; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_for_attempts(200));
  EXPECT_LT(rig.dispatcher().figures().opened, 200U) << "one try speaks for those that wait behind it";
  EXPECT_EQ(rig.store.figures().queued, 200U);
}

TEST(Faults, ANextHopThatWantsOneLineOnlyGetsAllMailOverIt) {
  const NextHop hop([](Peer& peer, std::uint32_t connection) -> Task<void> {
    if (connection > 1) {
      co_await peer.say("421 4.7.0 too many connections");
      co_return;
    }
    co_await peer.say("220 hop");
    for (;;) {
      const std::string command = co_await peer.line();
      if (command == "DATA") {
        co_await peer.say("354 go");
        (void)co_await peer.message();
      }
      co_await peer.say("250 ok");
    }
  });
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  for (int i = 0; i < 200; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_until_empty());
  for (const auto& attempt : rig.store.attempts()) EXPECT_EQ(attempt.outcomes[0].kind, Kind::delivered);
}

TEST(Faults, AJumpOfTheClockBackFreesTheQueue) {
  Manners busy;
  std::atomic<int> asked = 0;
  busy.answer = [&](const std::string& command) {
    return command.starts_with("RCPT") && ++asked == 1 ? std::string("450 later") : std::string();
  };
  const NextHop hop(busy);
  Rig rig;
  rig.clock.calendar_offset_ms = 1000LL * 86'400 * 3'650;
  rig.relay_to({hop.port()});
  rig.start();
  rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_for_attempts(1));
  rig.clock.calendar_offset_ms = 0;
  rig.submit_to({"els@x.nl"});  // something wakes it
  EXPECT_TRUE(rig.wait_until_empty());
  EXPECT_TRUE(rig.store.notices().empty());
}

TEST(Faults, AJumpOfTheClockForwardBouncesNothing) {
  const NextHop hop(answering("RCPT", "450 later"));
  Rig rig;
  rig.relay_to({hop.port()});
  rig.start();
  for (int i = 0; i < 20; ++i) rig.submit_to({"jan@x.nl"});
  ASSERT_TRUE(rig.wait_for_attempts(20));
  rig.clock.calendar_offset_ms = 1000LL * 86'400 * 3'650;
  rig.submit_to({"els@x.nl"});
  ASSERT_TRUE(rig.wait_for_attempts(41));
  EXPECT_TRUE(rig.store.notices().empty());
  EXPECT_EQ(rig.store.figures().queued, 21U);
}

}  // namespace
}  // namespace zegel::send
