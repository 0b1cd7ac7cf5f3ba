#include "receive/intake.h"

#include <algorithm>
#include <cstdio>
#include <future>
#include <list>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "log/log.h"
#include "running_intake.h"
#include "test_client.h"

namespace zegel::receive {
namespace {

using namespace std::chrono_literals;

/// Says EHLO, MAIL, RCPT, DATA; the client may write its message then.
void up_to_data(TestClient& client) {
  client.hear_reply();
  for (const char* line : {"EHLO pc\r\n", "MAIL FROM:<piet@kantoor.nl>\r\n", "RCPT TO:<jan@x.nl>\r\n", "DATA\r\n"}) {
    client.say(line);
    const std::string reply = client.hear_reply();
    ASSERT_TRUE(reply.starts_with("250") || reply.starts_with("354")) << reply;
  }
}

/// Waits until there are so many, for a few seconds at most.
bool come_to(Intake& intake, std::size_t connections) {
  for (int i = 0; i < 500 && intake.connections() != connections; ++i) std::this_thread::sleep_for(10ms);
  return intake.connections() == connections;
}

TEST(Intake, TurnsAwayWhoComesOnceTooMany) {
  const auto settings = test_settings();
  settings->server.per_client = 2;
  settings->server.connections = 3;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  const std::uint16_t port = intake.port();
  TestClient one(port);
  auto two = std::make_unique<TestClient>(port);
  EXPECT_TRUE(one.hear().starts_with("220 "));
  EXPECT_TRUE(two->hear().starts_with("220 "));
  TestClient third(port);
  EXPECT_EQ(third.hear(), "421 4.3.2 mail.kantoor.test has too many connections, try again later");
  EXPECT_EQ(third.hear(), "<closed>");
  TestClient other(port, "127.0.0.2");
  EXPECT_TRUE(other.hear().starts_with("220 "));
  TestClient fourth(port, "127.0.0.3");
  EXPECT_TRUE(fourth.hear().starts_with("421 4.3.2 "));
  two.reset();
  ASSERT_TRUE(come_to(*intake.operator->(), 2));
  TestClient after(port);
  EXPECT_TRUE(after.hear().starts_with("220 "));
}

TEST(Intake, ServesTheOthersWhileTenThousandKnock) {
  const auto settings = test_settings();
  settings->server.connections = settings->server.per_client = 100;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  std::list<TestClient> served;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(served.emplace_back(intake.port()).hear().starts_with("220 "));
  int turned_away = 0;
  for (int i = 0; i < 10'000; ++i) {
    TestClient knocker(intake.port());
    if (i % 100 != 0) continue;
    turned_away += knocker.hear().starts_with("421 4.3.2 ") ? 1 : 0;
    TestClient& one = served.front();
    one.say("NOOP\r\n");
    ASSERT_TRUE(one.hear().starts_with("250 "));
    served.splice(served.end(), served, served.begin());
  }
  EXPECT_EQ(turned_away, 100);
  EXPECT_EQ(intake->connections(), 100u);
}

TEST(Intake, WaitsNoLongerThanItsPatience) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse, {.idle = 200ms, .handshake = 200ms});
  TestClient client(intake.port());
  client.hear();
  EXPECT_EQ(client.hear(), "421 4.4.2 mail.kantoor.test waited too long");
  EXPECT_EQ(client.hear(), "<closed>");
  TestClient amid(intake.port());
  up_to_data(amid);
  amid.say("Subject: x\r\n");
  EXPECT_TRUE(amid.hear().starts_with("421 4.4.2 "));
  TestClient silent(intake.port(1));
  EXPECT_EQ(silent.hear(), "<closed>") << "no words without a handshake";
}

TEST(Intake, EndsAVisitThatGoesOnAndOn) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse, {.idle = 10s, .visit = 300ms});
  TestClient client(intake.port());
  std::string heard = client.hear();
  for (int i = 0; i < 100 && heard.starts_with("2"); ++i) {
    client.say("NOOP\r\n");
    heard = client.hear();
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(heard.starts_with("421 4.4.2 ")) << heard;
}

TEST(Intake, TellsTheIdleToGoAndLetsAMessageFinish) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  TestClient idle(intake.port());
  idle.hear();
  TestClient busy(intake.port());
  up_to_data(busy);
  std::promise<void> drained;
  intake->stop_accepting();
  intake->drain([&] { drained.set_value(); });
  EXPECT_EQ(idle.hear(), "421 4.3.2 mail.kantoor.test is going down");
  EXPECT_EQ(idle.hear(), "<closed>");
  auto done = drained.get_future();
  EXPECT_EQ(done.wait_for(100ms), std::future_status::timeout);
  busy.say("Subject: x\r\n\r\n.\r\n");
  EXPECT_TRUE(busy.hear().ends_with(" queued"));
  EXPECT_TRUE(busy.hear().starts_with("421 4.3.2 "));
  EXPECT_EQ(done.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(gatehouse.delivered().size(), 1u);
}

TEST(Intake, IsDrainedAtOnceWhenNobodyIsThere) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  bool drained = false;
  intake->drain([&] { drained = true; });
  EXPECT_TRUE(drained);
}

TEST(Intake, JudgesNewSessionsByTheReloadedSettings) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  const auto strict = test_settings();
  strict->server.trusted.clear();
  strict->server.message_size = 12345;
  TestClient before(intake.port());
  before.hear();
  intake->reload(strict);
  before.say("EHLO pc\r\n");
  before.hear();
  EXPECT_EQ(before.hear(), "250-SIZE 52428800");
  TestClient after(intake.port());
  after.hear();
  after.say("EHLO pc\r\n");
  after.hear();
  EXPECT_EQ(after.hear(), "250-SIZE 12345");
  const auto broken = test_settings();
  broken->server.tls_key = broken->server.tls_certificate;
  EXPECT_THROW(intake->reload(broken), std::runtime_error);
  TestClient still(intake.port(1));
  still.shake_hands();
  EXPECT_TRUE(still.hear().starts_with("220 "));
}

TEST(Intake, WritesALineForFail2banWhenItDenies) {
  std::mutex mutex;
  std::vector<std::string> lines;
  log::capture([&](const std::string& line) {
    const std::scoped_lock lock(mutex);
    lines.push_back(line);
  });
  const auto settings = test_settings();
  settings->server.trusted.clear();
  {
    FakeGatehouse gatehouse;
    RunningIntake intake(settings, gatehouse);
    TestClient client(intake.port(1), "127.0.0.9");
    client.shake_hands();
    client.hear();
    client.say(
        "EHLO pc\r\nMAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@x.nl>\r\nRSET\r\nAUTH PLAIN AHBpZXQAZm91dA==\r\n");
    const auto start = std::chrono::steady_clock::now();
    for (std::string line = client.hear(); !line.starts_with("535"); line = client.hear()) ASSERT_NE(line, "<silence>");
    EXPECT_GE(std::chrono::steady_clock::now() - start, 400ms) << "a wrong password takes its time";
  }
  log::capture(nullptr);
  EXPECT_EQ(std::ranges::count(lines, "event=denied client=127.0.0.9 reason=relay"), 1);
  EXPECT_EQ(std::ranges::count(lines, "event=denied client=127.0.0.9 reason=auth"), 1);
}

TEST(Intake, AnswersABudgetSpentAtTheEndOfTheMessageAndGoesOn) {
  const auto settings = test_settings();
  settings->server.memory = 64 << 10;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  TestClient client(intake.port());
  up_to_data(client);
  std::string big;
  for (int i = 0; i < 20'000; ++i) big += "twenty octets of text\r\n";
  client.say(big + ".\r\n");
  EXPECT_TRUE(client.hear().starts_with("452 4.3.1 "));
  client.say("MAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@x.nl>\r\nDATA\r\n");
  for (int i = 0; i < 3; ++i) client.hear();
  client.say("small: one\r\n.\r\n");
  EXPECT_TRUE(client.hear().starts_with("250 2.0.0 "));
}

TEST(Intake, TellsTheGatehouseWhatTheProtocolRefusedUnderTheReferenceOfTheReply) {
  const auto settings = test_settings();
  settings->server.message_size = 1000;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  TestClient client(intake.port());
  up_to_data(client);
  client.say("a\nb\r\n.\r\n");
  const std::string bare = client.hear();
  client.say("MAIL FROM:<anna@kantoor.nl> SIZE=1001\r\n");
  const std::string big = client.hear();
  const auto notes = gatehouse.refused();
  ASSERT_EQ(notes.size(), 2u);
  const std::string first = notes[0].substr(0, 10), second = notes[1].substr(0, 10);
  EXPECT_EQ(notes[0], first + " piet@kantoor.nl bare LF in the message; lines end in CR LF");
  EXPECT_EQ(bare, "554 5.6.0 bare LF in the message; lines end in CR LF [" + first + "]");
  EXPECT_EQ(notes[1], second + " anna@kantoor.nl message too big, at most 1000 octets");
  EXPECT_EQ(big, "552 5.3.4 message too big, at most 1000 octets [" + second + "]");
  EXPECT_NE(first, second);
}

TEST(Intake, NotesNothingOfWhatAStrangerIsRefused) {
  const auto settings = test_settings();
  settings->server.message_size = 1000;
  settings->server.trusted.clear();
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  TestClient client(intake.port());
  client.hear();
  client.say("EHLO pc\r\n");
  client.hear_reply();
  client.say("MAIL FROM:<anna@kantoor.nl> SIZE=1001\r\n");
  EXPECT_EQ(client.hear(), "552 5.3.4 message too big, at most 1000 octets");
  EXPECT_TRUE(gatehouse.refused().empty());
}

TEST(Intake, TellsTheGatehouseWhoItIs) {
  FakeGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  TestClient client(intake.port(1));
  client.shake_hands();
  client.hear();
  client.say(
      "EHLO pc.kantoor.nl\r\nAUTH PLAIN AHBpZXQAZ2VoZWlt\r\nMAIL FROM:<piet@kantoor.nl>\r\nRCPT "
      "TO:<jan@x.nl>\r\nDATA\r\n");
  for (std::string line = client.hear(); !line.starts_with("354"); line = client.hear()) ASSERT_NE(line, "<silence>");
  client.say("a: b\r\n.\r\n");
  const std::string reply = client.hear();
  const auto all = gatehouse.delivered();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].client.address, "127.0.0.1");
  EXPECT_EQ(all[0].client.helo, "pc.kantoor.nl");
  EXPECT_EQ(all[0].client.tls, "TLSv1.3");
  EXPECT_EQ(all[0].client.user, "piet");
  EXPECT_TRUE(all[0].client.may_relay);
  EXPECT_EQ(reply, "250 2.0.0 " + all[0].client.reference + " queued");
  EXPECT_TRUE(
      matches("Received: from pc.kantoor.nl ([127.0.0.1])\r\n\t(using TLSv1.3 with cipher *)\r\n"
              "\tby mail.kantoor.test (Zegel) with ESMTPSA id " +
                  all[0].client.reference + ";\r\n\t* +0000\r\na: b\r\n",
              all[0].bytes))
      << all[0].bytes;
}

/// Answers later, on a thread of its own.
class SlowGatehouse : public FakeGatehouse {
 public:
  /// Until all verdicts are given; to be called before the intake goes.
  void finish() {
    for (std::thread& one : threads_) one.join();
  }
  void message(const Client& client, mail::Envelope envelope, std::string bytes,
               std::function<void(smtp::Reply)> done) override {
    const std::scoped_lock lock(mutex_);
    threads_.emplace_back(
        [this, client, envelope = std::move(envelope), bytes = std::move(bytes), done = std::move(done)]() mutable {
          std::this_thread::sleep_for(50ms);
          FakeGatehouse::message(client, std::move(envelope), std::move(bytes), std::move(done));
        });
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

TEST(Intake, WaitsForAVerdictThatComesFromAnotherThread) {
  SlowGatehouse gatehouse;
  RunningIntake intake(test_settings(), gatehouse);
  TestClient client(intake.port());
  up_to_data(client);
  client.say("a: b\r\n.\r\nNOOP\r\n");
  EXPECT_TRUE(client.hear().ends_with(" queued"));
  EXPECT_TRUE(client.hear().starts_with("250 2.0.0 OK"));
  TestClient gone(intake.port());
  up_to_data(gone);
  gone.say("a: b\r\n.\r\n");
  gone.half_close();
  EXPECT_TRUE(gone.hear().ends_with(" queued"));
  gatehouse.finish();
}

TEST(Intake, SaysWhatIsInTheWayWhenItCannotListen) {
  FakeGatehouse gatehouse;
  const RunningIntake first(test_settings(), gatehouse);
  const auto settings = test_settings();
  settings->server.listen[0].port = first.port();
  boost::asio::io_context io;
  Intake second(io, settings, gatehouse);
  try {
    second.start();
    FAIL() << "two listen on one port";
  } catch (const std::runtime_error& why) {
    EXPECT_EQ(std::string(why.what()),
              "cannot listen on 127.0.0.1:" + std::to_string(first.port()) + ": Address already in use");
  }
}

TEST(Intake, NeedsACertificateForImplicitTls) {
  FakeGatehouse gatehouse;
  const auto settings = test_settings();
  settings->server.tls_certificate = settings->server.tls_key = "";
  boost::asio::io_context io;
  Intake intake(io, settings, gatehouse);
  EXPECT_THROW(intake.start(), std::runtime_error);
}

}  // namespace
}  // namespace zegel::receive
