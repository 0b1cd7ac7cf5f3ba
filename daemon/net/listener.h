#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.h"

namespace zegel::net {

/// A connection that came in. Whoever gets it owns the socket.
struct Arrival {
  int socket = -1;  ///< non-blocking, close-on-exec
  bool ipv6 = false;
  std::string address;  ///< of the peer: `192.0.2.1`, `::1`; v4-mapped addresses as IPv4, no zone
};

/// One listening TCP socket.
class Listener {
 public:
  /// Listens on `where` (an IP literal or a name; port 0: any free one): one listener for each address it has. Throws
  /// std::runtime_error with a text for the administrator.
  static std::vector<Listener> open(boost::asio::io_context&, const config::HostPort& where);
  /// Takes over a socket that already listens (systemd). Throws std::runtime_error when it is no such thing.
  static Listener adopt(boost::asio::io_context&, int socket);

  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  ~Listener();  ///< stops

  /// Hands every connection to `arrived`, one call at a time, on the context's threads. Once.
  void start(std::function<void(Arrival)> arrived);
  /// No further connections; the socket is closed soon after. Thread-safe.
  void stop();
  /// With the real port.
  [[nodiscard]] config::HostPort address() const;

 private:
  struct State;
  explicit Listener(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace zegel::net
