#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/stream.h"
#include "net/tls.h"

namespace zegel::fake {

/// One connection as the next hop sees it. Scripts are coroutines over it; when a script ends, so does the connection.
class Peer {
 public:
  Peer(net::Stream stream, int socket) : stream_(std::move(stream)), socket_(socket) {}

  net::Task<void> say(std::string_view line);  ///< with CRLF added
  net::Task<void> raw(std::string_view bytes);
  net::Task<std::string> line();
  /// Up to the final dot, dots unstuffed.
  net::Task<std::string> message();
  net::Task<void> sleep(std::chrono::milliseconds);
  /// Until the other side goes.
  net::Task<void> ignore();
  net::Task<void> start_tls(net::TlsContext::Shared);
  void reset();  ///< RST, not FIN
  void shut();   ///< FIN: nothing more will be said

  [[nodiscard]] bool secure() const { return stream_.tls() != nullptr; }
  net::Stream& stream() { return stream_; }

 private:
  net::Stream stream_;
  int socket_;
};

/// A mail as a next hop got it.
struct Received {
  std::string helo;
  std::string mail;  ///< the whole MAIL command
  std::vector<std::string> rcpts;
  std::string message;
  bool secure = false;
  std::string login;             ///< the line after AUTH, decoded where it is PLAIN
  std::uint32_t connection = 0;  ///< counted from 1
};

/// How a well-behaved next hop answers. A test changes what it is about.
struct Manners {
  std::string greeting = "220 hop.example ESMTP";
  std::vector<std::string> offers = {"PIPELINING", "8BITMIME", "SIZE 10000000", "DSN", "ENHANCEDSTATUSCODES"};
  net::TlsContext::Shared tls = {};  ///< set: STARTTLS is offered
  bool implicit_tls = false;
  /// The reply to a command, or empty: the usual one. `after the dot` is asked for the final dot.
  std::function<std::string(const std::string& command)> answer = {};
  /// After so many mails it says 421 to the next command and goes.
  std::uint32_t mails_per_connection = 1'000'000;
};

/// A next hop in this process on a port of 127.0.0.1, on a thread of its own.
class NextHop {
 public:
  using Script = std::function<net::Task<void>(Peer&, std::uint32_t connection)>;

  explicit NextHop(Manners = {});
  explicit NextHop(Script);
  ~NextHop();
  NextHop(const NextHop&) = delete;
  NextHop& operator=(const NextHop&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::vector<Received> received() const;
  [[nodiscard]] std::uint32_t connections() const;

 private:
  struct Inside;
  void start();
  std::shared_ptr<Inside> inside_;
  std::thread thread_;
};

/// A server's certificate out of tests/support/tls: `localhost`, `elsewhere` or `unknown`.
[[nodiscard]] net::TlsContext::Shared certificate(const std::string& name);

}  // namespace zegel::fake
