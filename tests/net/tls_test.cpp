#include "net/tls.h"

#include <gtest/gtest.h>

#include "net/pause.h"
#include "net/two_ends.h"

namespace zegel::net {
namespace {

using namespace std::chrono_literals;
using Kind = Broken::Kind;

const std::string folder = std::string(ZEGEL_SOURCE_DIR) + "/tests/net/certificates/";

TlsContext::Shared server_named(const std::string& name) {
  auto context = TlsContext::server(folder + name + ".pem", folder + name + ".key");
  if (!context) throw std::runtime_error(context.error().why);
  return *context;
}

/// What a client that expects `name` and trusts `ca_file` finds at a server with the certificate `certificate`.
TlsFacts meet(const std::string& certificate, const std::string& name, const std::string& ca_file = folder + "ca.pem") {
  TlsFacts facts;
  TwoEnds().run(
      [&](Stream& stream) -> Task<void> {
        co_await stream.start_tls(server_named(certificate));
        EXPECT_EQ(co_await stream.read_line(100), "hello");
        co_await stream.write("hello yourself\n");
      },
      [&](Stream& stream) -> Task<void> {
        co_await stream.start_tls(TlsContext::client(ca_file).value(), name);
        facts = *stream.tls();
        co_await stream.write("hello\n");
        EXPECT_EQ(co_await stream.read_line(100), "hello yourself");
        stream.close();
      });
  return facts;
}

TEST(Tls, VerifiesNameAndChain) {
  const TlsFacts facts = meet("mail", "mail.kantoor.test");
  EXPECT_TRUE(facts.verified) << facts.why;
  EXPECT_EQ(facts.version, "TLSv1.3");
  EXPECT_FALSE(facts.cipher.empty());
  EXPECT_GE(facts.bits, 128);
  EXPECT_TRUE(meet("mail", "127.0.0.1").verified) << "an address in the certificate";
}

TEST(Tls, SaysWhyItCannotVerify) {
  const TlsFacts other = meet("other", "mail.kantoor.test");
  EXPECT_FALSE(other.verified);
  EXPECT_TRUE(other.why.contains("ostname mismatch")) << other.why;
  EXPECT_FALSE(meet("mail", "127.0.0.2").verified);
  const TlsFacts stranger = meet("mail", "mail.kantoor.test", "");
  EXPECT_FALSE(stranger.verified);
  EXPECT_FALSE(stranger.why.empty());
}

TEST(Tls, CarriesMegabytesInPieces) {
  const std::string head(3000, 'h'), body(5 << 20, 'b');
  std::string got;
  TwoEnds().run(
      [&](Stream& stream) -> Task<void> {
        co_await stream.start_tls(server_named("mail"));
        while (got.size() < head.size() + body.size()) {
          got += co_await stream.read_some();
          stream.consume(stream.buffered().size());
        }
        co_await stream.write("got it\n");
      },
      [&](Stream& stream) -> Task<void> {
        co_await stream.start_tls(TlsContext::client("").value(), "x");
        const std::string_view pieces[] = {head, body};
        co_await stream.write(pieces);
        EXPECT_EQ(co_await stream.read_line(100), "got it");
      });
  EXPECT_TRUE(got == head + body);
}

TEST(Tls, ForgetsWhatWasSaidInClearBeforeIt) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(co_await stream.read_line(100), "STARTTLS");
        EXPECT_EQ(stream.buffered(), "injected\r\n");
        co_await stream.write("go\n");
        co_await stream.start_tls(server_named("mail"));
        EXPECT_EQ(stream.buffered(), "");
        EXPECT_EQ(co_await stream.read_line(100), "real");
      },
      [](Stream& stream) -> Task<void> {
        co_await stream.write("STARTTLS\r\ninjected\r\n");
        EXPECT_EQ(co_await stream.read_line(100), "go");
        co_await stream.start_tls(TlsContext::client("").value(), "x");
        co_await stream.write("real\r\n");
        co_await pause(20ms);
      });
}

TEST(Tls, AsClientTrustsNothingThatCameTooEarly) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        co_await stream.write("220 go\r\n250 injected\r\n");
        co_await pause(50ms);
      },
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(co_await stream.read_line(100), "220 go");
        EXPECT_EQ(co_await grief_of(stream.start_tls(TlsContext::client("").value(), "x")), Kind::tls);
      });
}

TEST(Tls, GivesUpOnAHandshakeThatNeverComes) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        stream.set_limit(50ms);
        EXPECT_EQ(co_await grief_of(stream.start_tls(server_named("mail"))), Kind::timeout);
      },
      [](Stream&) -> Task<void> { co_await pause(100ms); });
}

TEST(Tls, FailsOnWhatIsNoHandshake) {
  TwoEnds().run(
      [](Stream& stream) -> Task<void> {
        EXPECT_EQ(co_await grief_of(stream.start_tls(server_named("mail"))), Kind::tls);
      },
      [](Stream& stream) -> Task<void> {
        co_await stream.write("EHLO pc\r\n");
        co_await pause(50ms);
      });
}

TEST(TlsContext, SaysWhichFileIsWrong) {
  const auto missing = TlsContext::server("/nowhere.pem", folder + "mail.key");
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().why.starts_with("/nowhere.pem: ")) << missing.error().why;
  EXPECT_FALSE(TlsContext::server(folder + "mail.pem", folder + "mail.pem"));
  EXPECT_FALSE(TlsContext::server(folder + "mail.pem", folder + "other.key"));
  EXPECT_FALSE(TlsContext::client("/nowhere.pem"));
}

}  // namespace
}  // namespace zegel::net
