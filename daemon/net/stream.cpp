#include "net/stream.h"

#include <algorithm>
#include <array>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/secret.h"
#include "net/stream_state.h"

namespace zegel::net {
namespace asio = boost::asio;
using asio::ip::tcp;

Stream::Stream(asio::any_io_executor executor, int socket, bool ipv6) {
  StreamState::Socket connected(executor);
  connected.assign(ipv6 ? tcp::v6() : tcp::v4(), socket);
  connected.native_non_blocking(true);
  boost::system::error_code ignored;
  connected.set_option(tcp::no_delay(true), ignored);
  state_ = std::make_shared<StreamState>(std::move(connected));
}

Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

namespace {

/// Gives a connect its limit: closes the socket when it passes.
struct ConnectLimit {
  ConnectLimit(tcp::socket& socket, Stream::Limit limit) : timer(socket.get_executor(), limit) {
    timer.async_wait([&socket](boost::system::error_code error) {
      if (error) return;
      boost::system::error_code ignored;
      socket.cancel(ignored);
    });
  }
  asio::steady_timer timer;
};

}  // namespace

Task<Stream> Stream::connect(std::string address, std::uint16_t port, Limit limit) {
  const auto executor = co_await asio::this_coro::executor;
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) throw Broken(Broken::Kind::unreachable, address + " is no IP address");
  tcp::socket socket(executor);
  socket.open(ip.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (!error) {
    const ConnectLimit watch(socket, limit);
    std::tie(error) = co_await socket.async_connect({ip, port}, asio::as_tuple(asio::use_awaitable));
  }
  if (error == asio::error::operation_aborted)
    throw Broken(Broken::Kind::timeout, "no connection within the time allowed");
  if (error) throw Broken(Broken::Kind::unreachable, error.message());
  Stream stream(executor, socket.release(), ip.is_v6());
  stream.set_limit(limit);
  co_return stream;
}

void Stream::set_limit(Limit limit) { state_->limit = limit; }
void Stream::set_end(Limit from_now) { state_->end = Clock::now() + from_now; }

std::string_view Stream::buffered() const {
  return {state_->buffer.get() + state_->first, state_->last - state_->first};
}
void Stream::consume(std::size_t octets) { state_->first = std::min(state_->first + octets, state_->last); }

void Stream::consume_secret(std::size_t octets) {
  wipe(state_->buffer.get() + state_->first, std::min(octets, state_->last - state_->first));
  consume(octets);
}

Task<void> Stream::fill() {
  StreamState& state = *state_;
  state.begin();
  auto want = Attempt::Want::readable;
  for (;;) {
    if (!state.drained) {
      state.make_room();
      const Attempt attempt = state.try_read(state.buffer.get() + state.last, state.size - state.last);
      if (attempt.octets > 0) {
        state.filled(attempt.octets);
        co_return;
      }
      want = attempt.want;
    }
    state.shrink();
    co_await state.wait(want);
  }
}

Task<std::string_view> Stream::read_some() {
  if (buffered().empty()) co_await fill();
  co_return buffered();
}

Task<std::string> Stream::read_line(std::size_t max) {
  for (std::size_t looked_at = 0;;) {
    const std::string_view have = buffered();
    const std::size_t end = have.find('\n', looked_at);
    if (std::min(end, have.size()) > max) throw Broken(Broken::Kind::too_long, "a line is too long");
    if (end != std::string_view::npos) {
      std::string line(have.substr(0, end > 0 && have[end - 1] == '\r' ? end - 1 : end));
      consume(end + 1);
      co_return line;
    }
    looked_at = have.size();
    co_await fill();
  }
}

namespace {

/// Drops `octets` from the front of `pieces`.
std::span<std::string_view> rest(std::span<std::string_view> pieces, std::size_t octets) {
  while (!pieces.empty() && octets >= pieces.front().size()) {
    octets -= pieces.front().size();
    pieces = pieces.subspan(1);
  }
  if (!pieces.empty()) pieces.front().remove_prefix(octets);
  return pieces;
}

constexpr std::size_t tls_record = std::size_t{16} << 10;

}  // namespace

Task<void> Stream::write(std::span<const std::string_view> pieces) {
  StreamState& state = *state_;
  state.begin();
  std::vector<std::string_view> left(pieces.begin(), pieces.end());
  std::string joined;  // TLS sends a record a piece: join the small ones
  std::size_t all = 0;
  for (const std::string_view piece : pieces) all += piece.size();
  if (state.ssl && pieces.size() > 1 && all <= tls_record) {
    for (const std::string_view piece : pieces) joined += piece;
    left.assign(1, joined);
  }
  for (std::span<std::string_view> todo = rest(left, 0); !todo.empty();) {
    const Attempt attempt = state.try_write(todo);
    if (attempt.want != Attempt::Want::nothing) co_await state.wait(attempt.want);
    todo = rest(todo, attempt.octets);
  }
}

Task<void> Stream::write(std::string_view bytes) {
  StreamState& state = *state_;
  state.begin();
  while (!bytes.empty()) {
    const Attempt attempt = state.try_write({&bytes, 1});
    if (attempt.want != Attempt::Want::nothing) co_await state.wait(attempt.want);
    bytes.remove_prefix(attempt.octets);
  }
}

void Stream::close() noexcept {
  if (!state_) return;
  if (state_->ssl && state_->facts) SSL_shutdown(state_->ssl.get());
  boost::system::error_code ignored;
  state_->socket.shutdown(tcp::socket::shutdown_both, ignored);
  state_->socket.close(ignored);
  state_->timer.cancel();
}

Stream::Interrupter Stream::interrupter() const {
  Interrupter interrupter;
  interrupter.state_ = state_;
  return interrupter;
}

void Stream::Interrupter::operator()() const {
  const auto state = state_.lock();
  if (!state) return;
  asio::post(state->timer.get_executor(), [state] { state->interrupt(); });
}

namespace {
std::string text(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}
}  // namespace

std::string Stream::peer_address() const {
  boost::system::error_code error;
  const auto endpoint = state_->socket.remote_endpoint(error);
  return error ? "" : text(endpoint.address());
}

std::string Stream::local_address() const {
  boost::system::error_code error;
  const auto endpoint = state_->socket.local_endpoint(error);
  return error ? "" : text(endpoint.address());
}

}  // namespace zegel::net
