#include "net/socket_activation.h"

#include <cstdlib>
#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/listener.h"

namespace zegel::net {
namespace {

/// What `check` finds in a process of its own, to which systemd passed two listening sockets.
bool in_activated_process(const std::string& pid, const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int wanted : {3, 4}) {
      const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in any{};
      any.sin_family = AF_INET;
      any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::bind(socket, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0 || ::listen(socket, 5) != 0) ::_exit(2);
      if (::dup2(socket, wanted) != wanted) ::_exit(3);
    }
    ::setenv("LISTEN_PID", (pid.empty() ? std::to_string(::getpid()) : pid).c_str(), 1);
    ::setenv("LISTEN_FDS", "2", 1);
    ::setenv("LISTEN_FDNAMES", "smtp:smtps", 1);
    ::_exit(check() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(SocketActivation, TakesWhatWasPassedOnce) {
  EXPECT_TRUE(in_activated_process("", [] {
    const auto sockets = take_activated_sockets();
    return sockets.size() == 2 && sockets[0].socket == 3 && sockets[0].name == "smtp" && sockets[1].name == "smtps" &&
           take_activated_sockets().empty() && std::getenv("LISTEN_FDS") == nullptr;
  }));
}

TEST(SocketActivation, LeavesWhatWasMeantForAnotherProcess) {
  EXPECT_TRUE(in_activated_process("1", [] { return take_activated_sockets().empty(); }));
}

TEST(SocketActivation, GivesSocketsThatCanBeListenedOn) {
  EXPECT_TRUE(in_activated_process("", [] {
    boost::asio::io_context io;
    const Listener listener = Listener::adopt(io, take_activated_sockets().at(0).socket);
    return listener.address().host == "127.0.0.1" && listener.address().port != 0;
  }));
}

TEST(Listener, RefusesADescriptorThatIsNoSocket) {
  boost::asio::io_context io;
  EXPECT_THROW((void)Listener::adopt(io, 0), std::runtime_error);
}

TEST(Listener, ListensOnEveryAddressOfAName) {
  boost::asio::io_context io;
  const auto listeners = Listener::open(io, {"localhost", 0});
  ASSERT_FALSE(listeners.empty());
  for (const Listener& one : listeners) EXPECT_NE(one.address().port, 0);
  EXPECT_THROW((void)Listener::open(io, {"no.such.host.invalid", 0}), std::runtime_error);
}

}  // namespace
}  // namespace zegel::net
