#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "config/settings.h"
#include "core/time.h"
#include "receive/doorkeeper.h"
#include "receive/gatehouse.h"

namespace boost::asio {
class io_context;
}

namespace zegel::receive {

/// How long a client may take. The defaults are what RFC 5321 4.5.3.2.7 asks for, and what keeps slow ones bounded.
struct Patience {
  std::chrono::milliseconds idle = std::chrono::minutes(5);  ///< for the next octet, and for each of ours to be taken
  std::chrono::milliseconds visit = std::chrono::hours(1);   ///< for the whole session
  std::chrono::milliseconds handshake = std::chrono::seconds(30);
  std::chrono::milliseconds last_words = std::chrono::seconds(5);
  std::chrono::milliseconds leaving =
      std::chrono::seconds(10);  ///< as idle, for a message still coming in when we stop
};

/// The door: listens, lets clients in, carries each SMTP session through, each on a strand of its own. Its functions
/// may be called from any thread, one at a time.
class Intake {
 public:
  /// The context's threads do the work; the gatehouse must outlive them, and the context must outlive every `done`
  /// that the gatehouse was given. Throws as start().
  Intake(boost::asio::io_context&, std::shared_ptr<const config::Settings>, Gatehouse&, Patience = {});
  ~Intake();  ///< stops accepting; sessions go on as long as the context runs
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  /// Binds server.listen and server.listen_tls, or takes the sockets that systemd passed in their place (those named
  /// `smtps`, `submissions` or `tls`: implicit TLS). Throws std::runtime_error: what cannot be, and why.
  void start();

  /// Certificate, limits, trusted networks: for sessions that begin from now on. Addresses stay as they are. Throws
  /// std::runtime_error when the certificate cannot be used; then all stays as it was.
  void reload(std::shared_ptr<const config::Settings>);

  void stop_accepting();
  /// Says 421 to those who are not amid a message, and lets the others finish it. `done` is called once, on any
  /// thread, when nobody is left.
  void drain(std::function<void()> done);

  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] Doorkeeper::Figures figures() const;
  /// When the certificate that clients are shown expires, if there is one.
  [[nodiscard]] std::optional<Time> certificate_ends() const;
  /// Those bound, with their real ports: first the plain ones.
  [[nodiscard]] std::vector<config::HostPort> addresses() const;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace zegel::receive
