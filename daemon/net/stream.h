#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "net/broken.h"
#include "net/tls.h"

namespace zegel::net {

template <class T>
using Task = boost::asio::awaitable<T>;

/// One TCP connection, in clear or under TLS, with a limit on the time of each operation. Belongs to the executor
/// (strand) it was made on; only interrupt() may be called from elsewhere. One operation at a time. Every operation
/// throws Broken. Costs little while it waits: the buffer is given back when it is empty.
class Stream {
 public:
  using Limit = std::chrono::steady_clock::duration;

  /// Connects to `address` (an IPv4 or IPv6 literal), on the executor of the calling coroutine. The limit stays in
  /// force for what follows, until set_limit.
  static Task<Stream> connect(std::string address, std::uint16_t port, Limit limit);

  /// Takes over `socket`, a connected TCP socket, and makes it non-blocking.
  Stream(boost::asio::any_io_executor executor, int socket, bool ipv6);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();  ///< closes the socket at once

  /// Each operation begun from now on may take this long.
  void set_limit(Limit);
  /// Nothing may take longer than this from now on, whatever the limit: the end of a whole session.
  void set_end(Limit from_now);

  /// The handshake as server. What was buffered before it is thrown away (RFC 3207 4.2).
  Task<void> start_tls(TlsContext::Shared);
  /// The handshake as client. `name` (a domain, or an IP literal) goes into SNI and is what the certificate is checked
  /// against: see tls()->verified. Throws Kind::tls too when octets were buffered before it.
  Task<void> start_tls(TlsContext::Shared, std::string name);
  /// Null in clear. Valid as long as this stream.
  [[nodiscard]] const TlsFacts* tls() const;

  /// Octets that have come in and were not consumed. Valid until the next operation.
  [[nodiscard]] std::string_view buffered() const;
  void consume(std::size_t octets);
  /// The same for a password: nothing of it stays in the buffer.
  void consume_secret(std::size_t octets);

  /// Waits until there is at least one octet more than now. Throws too_long at 64 KB of unconsumed octets.
  Task<void> fill();
  /// What is buffered, at least one octet: waits only when there is none. The caller consumes what it used.
  Task<std::string_view> read_some();
  /// The next line without its line end (LF or CRLF), consumed. Throws too_long beyond `max` octets.
  Task<std::string> read_line(std::size_t max);

  /// Writes everything, in order, in as few packets as can be.
  Task<void> write(std::span<const std::string_view> pieces);
  Task<void> write(std::string_view bytes);

  /// Says goodbye (TLS close_notify, FIN) without waiting for the answer, and closes. Never throws.
  void close() noexcept;

  /// Ends the pending or the next read with Kind::interrupted. From any thread.
  class Interrupter {
   public:
    void operator()() const;

   private:
    friend class Stream;
    std::weak_ptr<struct StreamState> state_;
  };
  [[nodiscard]] Interrupter interrupter() const;

  [[nodiscard]] std::string peer_address() const;  ///< `192.0.2.1`, `::1`; v4-mapped addresses as IPv4
  [[nodiscard]] std::string local_address() const;

 private:
  std::shared_ptr<struct StreamState> state_;
};

}  // namespace zegel::net
