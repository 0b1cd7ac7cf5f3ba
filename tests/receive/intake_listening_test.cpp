#include <cstdlib>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "running_intake.h"
#include "test_client.h"

namespace zegel::receive {
namespace {

/// A listening socket on a free port of ::1, or -1 where there is no IPv6.
int listen_on_ipv6_loopback() {
  const int socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_addr = in6addr_loopback;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0 && ::listen(socket, 5) == 0) return socket;
  ::close(socket);
  return -1;
}

bool has_ipv6() {
  const int socket = listen_on_ipv6_loopback();
  if (socket >= 0) ::close(socket);
  return socket >= 0;
}

int listen_on_ipv4_loopback() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool good = ::bind(socket, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0 && ::listen(socket, 5) == 0;
  return good ? socket : -1;
}

TEST(Intake, ListensOnSeveralAddressesOfBothFamilies) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this machine";
  const auto settings = test_settings();
  settings->server.listen = {{"127.0.0.1", 0}, {"::1", 0}, {"127.0.0.2", 0}};
  settings->server.listen_tls = {{"127.0.0.1", 0}, {"::1", 0}};
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  const auto addresses = intake->addresses();
  ASSERT_EQ(addresses.size(), 5u);
  const char* hosts[] = {"127.0.0.1", "::1", "127.0.0.2", "127.0.0.1", "::1"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(addresses[i].host, hosts[i]);
  for (const auto& [listener, from] : {std::pair(0, "127.0.0.1"), std::pair(1, "::1")}) {
    TestClient client(intake.port(static_cast<std::size_t>(listener)), from);
    EXPECT_TRUE(client.hear().starts_with("220 ")) << from;
  }
  for (const auto& [listener, from] : {std::pair(3, "127.0.0.1"), std::pair(4, "::1")}) {
    TestClient client(intake.port(static_cast<std::size_t>(listener)), from);
    client.shake_hands();
    EXPECT_TRUE(client.hear().starts_with("220 ")) << from;
  }
}

TEST(Intake, TakesMailOverIpv6AndWritesItAsALiteral) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this machine";
  const auto settings = test_settings();
  settings->server.listen = {{"::1", 0}};
  FakeGatehouse gatehouse;
  RunningIntake intake(settings, gatehouse);
  TestClient client(intake.port(), "::1");
  client.hear();
  client.say("HELO [IPv6:::1]\r\nMAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@x.nl>\r\nDATA\r\n");
  for (const char* code : {"250", "250", "250", "354"}) EXPECT_TRUE(client.hear().starts_with(code));
  client.say("a: b\r\n.\r\n");
  EXPECT_TRUE(client.hear().starts_with("250 2.0.0 "));
  const auto all = gatehouse.delivered();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].client.address, "::1");
  EXPECT_TRUE(all[0].bytes.starts_with("Received: from [IPv6:::1] ([IPv6:::1])\r\n\tby ")) << all[0].bytes;
}

TEST(Intake, CanListenOnOnePortInBothFamilies) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this machine";
  const auto settings = test_settings();
  settings->server.listen = {{"::", 0}};
  FakeGatehouse gatehouse;
  const RunningIntake first(settings, gatehouse);
  settings->server.listen = {{"0.0.0.0", first.port()}};
  boost::asio::io_context io;
  Intake second(io, settings, gatehouse);
  EXPECT_NO_THROW(second.start());
}

/// What `check` finds in a process of its own, to which systemd passed these sockets in this order.
bool in_activated_process(const std::vector<int>& sockets, const char* names, const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr int first = 3, spare = 100;
    int next = 0;
    for (const int socket : sockets) ::dup2(socket, spare + next++);
    for (int i = 0; i < next; ++i) ::dup2(spare + i, first + i);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", std::to_string(next).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", names, 1);
    bool good = false;
    try {
      good = check();
    } catch (const std::exception& accident) { std::fprintf(stderr, "%s\n", accident.what()); }
    ::_exit(good ? 0 : 1);
  }
  for (const int socket : sockets) ::close(socket);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(reinterpret_cast<sockaddr_in*>(&bound)->sin_port);  // in6 has it in the same place
}

TEST(Intake, TakesTheSocketsOfSystemdForBothKindsByTheirNames) {
  const int plain = listen_on_ipv4_loopback(), tls = listen_on_ipv4_loopback(), six = listen_on_ipv6_loopback();
  std::vector<int> sockets = {tls, plain};
  if (six >= 0) sockets.push_back(six);
  const std::uint16_t plain_port = port_of(plain), tls_port = port_of(tls), six_port = six >= 0 ? port_of(six) : 0;
  EXPECT_TRUE(in_activated_process(sockets, six >= 0 ? "smtps:smtp:smtp" : "smtps:smtp", [&] {
    FakeGatehouse gatehouse;
    RunningIntake intake(test_settings(), gatehouse);
    TestClient in_clear(plain_port);
    bool good = in_clear.hear().starts_with("220 ");
    TestClient under_tls(tls_port);
    under_tls.shake_hands();
    good = good && under_tls.hear().starts_with("220 ");
    if (six_port != 0) good = good && TestClient(six_port, "::1").hear().starts_with("220 ");
    return good && intake->addresses().size() == sockets.size() && intake.port() == plain_port;
  }));
}

TEST(Intake, RefusesASocketOfSystemdThatDoesNotListen) {
  const int idle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_TRUE(in_activated_process({idle}, "smtp", [] {
    FakeGatehouse gatehouse;
    boost::asio::io_context io;
    Intake intake(io, test_settings(), gatehouse);
    try {
      intake.start();
    } catch (const std::runtime_error& why) {
      return std::string(why.what()) == "descriptor 3 was passed to us but is no listening TCP socket";
    }
    return false;
  }));
}

}  // namespace
}  // namespace zegel::receive
