#include "test_client.h"

#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zegel::receive {
namespace {

/// An address and its length, for the calls that take both.
struct Address {
  sockaddr_storage octets{};
  socklen_t size = 0;

  Address(const std::string& text, std::uint16_t port) {
    auto* four = reinterpret_cast<sockaddr_in*>(&octets);
    auto* six = reinterpret_cast<sockaddr_in6*>(&octets);
    if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
      four->sin_family = AF_INET;
      four->sin_port = htons(port);
      size = sizeof *four;
    } else if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
      six->sin6_family = AF_INET6;
      six->sin6_port = htons(port);
      size = sizeof *six;
    }
  }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&octets); }
};

}  // namespace

TestClient::TestClient(std::uint16_t port, const char* from) {
  const Address here(from, 0);
  const Address there(here.octets.ss_family == AF_INET6 ? "::1" : "127.0.0.1", port);
  socket_ = ::socket(there.octets.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const bool bound = std::string_view(from) == "127.0.0.1" || ::bind(socket_, here.get(), here.size) == 0;
  if (!bound || ::connect(socket_, there.get(), there.size) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

TestClient::~TestClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  ::close(socket_);
}

void TestClient::shake_hands(int version, const char* ciphers) {
  context_ = SSL_CTX_new(TLS_client_method());
  if (version != 0) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    SSL_CTX_set_cipher_list(context_, ciphers);
  }
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, socket_);
  if (SSL_connect(ssl_) != 1) throw std::runtime_error("no TLS");
}

bool TestClient::say(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ssl_ != nullptr ? SSL_write(ssl_, octets.data(), static_cast<int>(octets.size()))
                                         : ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string TestClient::hear(int patience_ms) {
  for (;;) {
    if (const std::size_t end = buffered_.find("\r\n"); end != std::string::npos) {
      std::string line = buffered_.substr(0, end);
      buffered_.erase(0, end + 2);
      return line;
    }
    pollfd ready{socket_, POLLIN, 0};
    if ((ssl_ == nullptr || SSL_pending(ssl_) == 0) && ::poll(&ready, 1, patience_ms) <= 0) return "<silence>";
    char piece[4096];
    const ssize_t got = ssl_ != nullptr ? SSL_read(ssl_, piece, sizeof piece) : ::recv(socket_, piece, sizeof piece, 0);
    if (got <= 0) return "<closed>";
    buffered_.append(piece, static_cast<std::size_t>(got));
  }
}

std::string TestClient::hear_reply() {
  for (;;) {
    std::string line = hear();
    if (line.size() < 4 || line[3] != '-') return line;
  }
}

void TestClient::half_close() {
  if (ssl_ != nullptr) SSL_shutdown(ssl_);
  ::shutdown(socket_, SHUT_WR);
}

std::string TestClient::tls_version() const { return ssl_ != nullptr ? SSL_get_version(ssl_) : ""; }

std::string TestClient::tls_cipher() const { return SSL_get_cipher_name(ssl_); }

bool TestClient::renegotiate() { return SSL_renegotiate(ssl_) == 1 && SSL_do_handshake(ssl_) == 1; }

}  // namespace zegel::receive
