#include <list>

#include <gtest/gtest.h>
#include <malloc.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "running_intake.h"
#include "test_client.h"

// Slow clients and floods: what they cost is bounded, and they delay nobody.
namespace zegel::receive {
namespace {

#if defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

constexpr std::string_view envelope = "MAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@x.nl>\r\nDATA\r\n";

std::size_t heap_in_use() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// The code of the last reply to a whole visit with one message.
std::string deliver(std::uint16_t port, bool tls) {
  TestClient client(port);
  if (tls) client.shake_hands();
  client.say("HELO pc\r\n");
  client.say(envelope);
  for (const char* code : {"220", "250", "250", "250", "354"}) {
    const std::string reply = client.hear();
    if (!reply.starts_with(code)) return reply;
  }
  client.say("Subject: hello\r\n\r\nhello\r\n.\r\n");
  return client.hear().substr(0, 3);
}

TEST(Intake, ServesOthersWhileMostClientsAreSlow) {
  const auto settings = test_settings();
  settings->server.per_client = 500;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  std::list<TestClient> slow;
  for (int i = 0; i < 20; ++i) {
    slow.emplace_back(intake.port());                                 // says nothing
    slow.emplace_back(intake.port()).say("EHL");                      // amid a command
    slow.emplace_back(intake.port(1)).say("\x16\x03\x01\x02");        // amid a handshake
    slow.emplace_back(intake.port()).say("HELO pc\r\nSTARTTLS\r\n");  // before one
    TestClient& dribbling = slow.emplace_back(intake.port());
    dribbling.say("HELO pc\r\n");
    dribbling.say(envelope);
    dribbling.say(std::string(10'000, 'x'));  // amid a message
    TestClient& deaf = slow.emplace_back(intake.port());
    for (int j = 0; j < 100; ++j) deaf.say("EHLO pc\r\n");  // and never reads the replies
  }
  EXPECT_EQ(deliver(intake.port(), false), "250");
  EXPECT_EQ(deliver(intake.port(1), true), "250");
  for (TestClient& one : slow) one.say("x");
  EXPECT_EQ(deliver(intake.port(), false), "250");
}

/// Octets that the heap grew by while so many of `flood` came in, after `first`.
std::size_t growth_under(std::string_view first, const std::string& flood, int times, std::uint64_t message_size) {
  const auto settings = test_settings();
  settings->server.message_size = message_size;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  TestClient client(intake.port());
  client.hear();
  client.say(first);
  client.say(flood);
  const std::size_t before = heap_in_use();
  std::size_t most = before;
  for (int i = 0; i < times && client.say(flood); ++i) most = std::max(most, heap_in_use());
  return most - before;
}

TEST(Intake, TakesAFloodInBoundedMemory) {
  if (sanitized) GTEST_SKIP() << "a sanitizer's heap says nothing of ours";
  const std::size_t megabyte = std::size_t{1} << 20;
  const std::string line_without_end(megabyte, 'x');
  EXPECT_LT(growth_under("", line_without_end, 64, megabyte), megabyte) << "a command without end";
  const std::string begin = "HELO pc\r\n" + std::string(envelope);
  EXPECT_LT(growth_under(begin, line_without_end, 64, 4 * megabyte), megabyte) << "a line of text without end";
  std::string text;
  while (text.size() < megabyte) text += "an ordinary line of a message that has no end\r\n";
  EXPECT_LT(growth_under(begin, text, 64, 4 * megabyte), 9 * megabyte) << "a message without end";
}

TEST(Intake, SaysThatAMessageIsTooBigAtItsRealEnd) {
  const auto settings = test_settings();
  settings->server.message_size = 1 << 20;
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  TestClient client(intake.port());
  client.say("HELO pc\r\n" + std::string(envelope));
  for (const char* code : {"220", "250", "250", "250", "354"}) EXPECT_TRUE(client.hear().starts_with(code));
  for (int i = 0; i < 40'000; ++i) client.say("fifty octets, or so, of a message that is too big\r\n");
  client.say(".\r\nNOOP\r\n");
  EXPECT_TRUE(client.hear().starts_with("552 5.3.4 message too big, at most 1048576 octets ["));
  EXPECT_EQ(client.hear(), "250 2.0.0 OK");
}

}  // namespace
}  // namespace zegel::receive
