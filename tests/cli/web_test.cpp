#include "cli/web.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zegel::cli {
namespace {

/// A server on loopback that lets everybody in and says nothing.
class Silent {
 public:
  Silent() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool up =
        ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(socket_, 4) == 0;
    EXPECT_TRUE(up && ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ::ntohs(address.sin_port);
  }
  ~Silent() { ::close(socket_); }
  Silent(const Silent&) = delete;
  Silent& operator=(const Silent&) = delete;
  [[nodiscard]] config::HostPort at() const { return {"127.0.0.1", port_}; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

TEST(Fetch, DoesNotWaitForEver) {
  const Silent server;
  const auto fetched = fetch("https://openpgpkey.klant.nl/x", {}, server.at(), seconds(1));
  ASSERT_FALSE(fetched);
  EXPECT_FALSE(fetched.error().no_such_host) << "that would be asked for elsewhere";
  EXPECT_TRUE(fetched.error().why.starts_with("openpgpkey.klant.nl: ")) << fetched.error().why;
}

}  // namespace
}  // namespace zegel::cli
