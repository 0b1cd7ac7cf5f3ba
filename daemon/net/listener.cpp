#include "net/listener.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/strand.h"

namespace zegel::net {
namespace asio = boost::asio;
using asio::ip::tcp;

struct Listener::State : std::enable_shared_from_this<State> {
  explicit State(asio::io_context& io) : acceptor(strand(io)), pause(acceptor.get_executor()) {}

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::function<void(Arrival)> arrived;

  void wait() {
    acceptor.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->accept_all();
    });
  }

  /// Out of descriptors: the connections wait in the kernel's queue until some come free.
  void wait_a_moment() {
    pause.expires_after(std::chrono::milliseconds(100));
    pause.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error && self->acceptor.is_open()) self->wait();
    });
  }

  void accept_all() {
    constexpr int at_once = 64;  // then let others have the thread
    for (int i = 0; i < at_once; ++i) {
      sockaddr_storage peer{};
      socklen_t size = sizeof peer;
      const int socket =
          ::accept4(acceptor.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket >= 0) {
        hand_over(socket, peer, size);
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        return wait_a_moment();
      } else if (errno == EAGAIN || errno == EBADF || errno == EINVAL) {
        break;
      }  // else that one connection is gone already
    }
    if (acceptor.is_open()) wait();
  }

  void hand_over(int socket, const sockaddr_storage& peer, socklen_t size) const {
    tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), &peer, size);
    auto address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    } else if (address.is_v6()) {
      address = asio::ip::address_v6(address.to_v6().to_bytes());  // without `%eth0`
    }
    arrived({socket, peer.ss_family == AF_INET6, address.to_string()});
  }
};

Listener::Listener(std::shared_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() {
  if (state_) stop();
}

namespace {

[[noreturn]] void cannot_listen(const config::HostPort& where, const std::string& why) {
  constexpr std::uint16_t first_free = 1024;
  throw std::runtime_error("cannot listen on " + where.text() + ": " + why +
                           (where.port != 0 && where.port < first_free && ::geteuid() != 0
                                ? "; for a port below 1024 enable zegel.socket, or give the unit CAP_NET_BIND_SERVICE"
                                : ""));
}

std::vector<tcp::endpoint> addresses_of(const config::HostPort& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(where.port);
  const int error = ::getaddrinfo(where.host.empty() || where.host == "*" ? nullptr : where.host.c_str(), port.c_str(),
                                  &hints, &found);
  if (error != 0) cannot_listen(where, ::gai_strerror(error));
  std::vector<tcp::endpoint> all;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    all.push_back(endpoint);
  }
  ::freeaddrinfo(found);
  return all;
}

void listen_on(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, const config::HostPort& where) {
  boost::system::error_code error;
  const auto check = [&] {
    if (error) cannot_listen(where, error.message());
  };
  acceptor.open(endpoint.protocol(), error), check();
  acceptor.set_option(tcp::acceptor::reuse_address(true), error), check();
  if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error), check();
  acceptor.bind(endpoint, error), check();
  acceptor.listen(asio::socket_base::max_listen_connections, error), check();
  acceptor.native_non_blocking(true, error), check();
}

}  // namespace

std::vector<Listener> Listener::open(asio::io_context& io, const config::HostPort& where) {
  std::vector<Listener> listeners;
  for (const tcp::endpoint& endpoint : addresses_of(where)) {
    auto state = std::make_shared<State>(io);
    listen_on(state->acceptor, endpoint, where);
    listeners.push_back(Listener(std::move(state)));
  }
  return listeners;
}

namespace {

bool listens(int socket) {
  int yes = 0;
  socklen_t size = sizeof yes;
  return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes == 1;
}

}  // namespace

Listener Listener::adopt(asio::io_context& io, int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0 ||
      (bound.ss_family != AF_INET && bound.ss_family != AF_INET6) || !listens(socket)) {
    throw std::runtime_error("descriptor " + std::to_string(socket) +
                             " was passed to us but is no listening TCP socket");
  }
  auto state = std::make_shared<State>(io);
  state->acceptor.assign(bound.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), socket);
  state->acceptor.native_non_blocking(true);
  return Listener(std::move(state));
}

void Listener::start(std::function<void(Arrival)> arrived) {
  state_->arrived = std::move(arrived);
  asio::post(state_->acceptor.get_executor(), [state = state_] { state->wait(); });
}

void Listener::stop() {
  asio::post(state_->acceptor.get_executor(), [state = state_] {
    boost::system::error_code ignored;
    state->acceptor.close(ignored);
    state->pause.cancel();
  });
}

config::HostPort Listener::address() const {
  boost::system::error_code error;
  const auto endpoint = state_->acceptor.local_endpoint(error);
  if (error) return {};
  return {endpoint.address().to_string(), endpoint.port()};
}

}  // namespace zegel::net
