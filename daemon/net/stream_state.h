#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <openssl/ssl.h>

#include "core/handle.h"
#include "net/stream.h"

namespace zegel::net {

using Clock = std::chrono::steady_clock;

/// What a non-blocking attempt came to.
struct Attempt {
  enum class Want { nothing, readable, writable };
  std::size_t octets = 0;
  Want want = Want::nothing;  ///< else: nothing was done, try again then
};

/// Everything behind a Stream. One timer that is moved only when it must: it is armed at the first wait, later
/// operations merely store their deadline, and when it fires too early it is armed anew for what is left.
struct StreamState : std::enable_shared_from_this<StreamState> {
  using Socket = boost::asio::ip::tcp::socket;

  explicit StreamState(Socket&& connected);

  Socket socket;
  boost::asio::steady_timer timer;
  Handle<SSL, SSL_free> ssl;
  TlsContext::Shared context;
  std::optional<TlsFacts> facts;

  /// Begins an operation: from now it has `limit`.
  void begin();
  /// Waits for readiness. Throws Broken for the limit, for interrupt() (reads only), or when the socket is gone.
  Task<void> wait(Attempt::Want);
  void interrupt();

  /// One non-blocking attempt. Throws Broken.
  Attempt try_read(char* to, std::size_t size);
  Attempt try_write(std::span<const std::string_view> pieces);

  /// The input buffer: [first, last) of `size` octets; none while it is empty and we wait.
  std::unique_ptr<char[]> buffer;
  std::size_t size = 0, first = 0, last = 0;
  void make_room();  ///< for a read; grows with what comes in
  void filled(std::size_t octets);
  /// The last read took all there was: another is in vain before the next wait. Never under TLS.
  bool drained = false;
  void shrink();  ///< before a wait

  Stream::Limit limit = std::chrono::minutes(5);
  Clock::time_point end = Clock::time_point::max();

 private:
  void arm();
  void fired();

  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point armed_for_ = Clock::time_point::max();  ///< max: not armed
  bool waiting_ = false;
  bool waiting_to_read_ = false;
  bool timed_out_ = false;
  bool interrupted_ = false;
  std::size_t chunk_;
};

/// OpenSSL's own words for what went wrong last on this thread, one line.
[[nodiscard]] std::string tls_error(const std::string& what);

/// A BIO over a non-blocking socket that never raises SIGPIPE.
[[nodiscard]] BIO* make_socket_bio(int socket);

}  // namespace zegel::net
