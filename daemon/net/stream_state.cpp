#include "net/stream_state.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace zegel::net {
namespace {

constexpr std::size_t small_chunk = std::size_t{16} << 10;  // one TLS record
constexpr std::size_t big_chunk = std::size_t{64} << 10;
constexpr std::size_t max_buffered = std::size_t{64} << 10;

[[noreturn]] void socket_failed(int error) {
  throw Broken(Broken::Kind::reset, std::string("connection lost: ") +
                                        std::strerror(error));  // NOLINT(concurrency-mt-unsafe): glibc's is safe
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }  // NOLINT(misc-redundant-expression)

}  // namespace

StreamState::StreamState(Socket&& connected)
    : socket(std::move(connected)), timer(socket.get_executor()), chunk_(small_chunk) {}

void StreamState::begin() {
  const auto now = Clock::now();
  deadline_ = end - now < limit ? end : now + limit;
  timed_out_ = false;
}

void StreamState::arm() {
  if (armed_for_ <= deadline_) return;  // it will fire early and be armed anew
  armed_for_ = deadline_;
  timer.expires_at(deadline_);
  timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (error) return;
    if (const auto self = weak.lock()) self->fired();
  });
}

void StreamState::fired() {
  armed_for_ = Clock::time_point::max();
  if (!waiting_) return;
  if (Clock::now() < deadline_) return arm();
  timed_out_ = true;
  boost::system::error_code ignored;
  socket.cancel(ignored);
}

void StreamState::interrupt() {
  interrupted_ = true;
  boost::system::error_code ignored;
  if (waiting_to_read_) socket.cancel(ignored);
}

Task<void> StreamState::wait(Attempt::Want want) {
  const bool reading = want == Attempt::Want::readable;
  const auto throw_if_over = [&] {
    if (reading && std::exchange(interrupted_, false)) throw Broken(Broken::Kind::interrupted, "interrupted");
    if (timed_out_) throw Broken(Broken::Kind::timeout, "no progress within the time allowed");
  };
  throw_if_over();
  arm();
  waiting_ = true;
  waiting_to_read_ = reading;
  const auto [error] = co_await socket.async_wait(reading ? Socket::wait_read : Socket::wait_write,
                                                  boost::asio::as_tuple(boost::asio::use_awaitable));
  waiting_ = waiting_to_read_ = drained = false;
  throw_if_over();
  if (error) throw Broken(Broken::Kind::reset, "connection lost: " + error.message());
}

Attempt StreamState::try_read(char* to, std::size_t room) {
  if (!ssl) {
    const ssize_t got = ::recv(socket.native_handle(), to, room, 0);
    drained = got < static_cast<ssize_t>(room);
    if (got > 0) return {static_cast<std::size_t>(got)};
    if (got == 0) throw Broken(Broken::Kind::closed, "the peer closed the connection");
    if (would_block(errno) || errno == EINTR) return {0, Attempt::Want::readable};
    socket_failed(errno);
  }
  ERR_clear_error();
  std::size_t got = 0;
  const int ok = SSL_read_ex(ssl.get(), to, room, &got);
  if (ok == 1) return {got};
  switch (SSL_get_error(ssl.get(), ok)) {
    case SSL_ERROR_WANT_READ:
      return {0, Attempt::Want::readable};
    case SSL_ERROR_WANT_WRITE:
      return {0, Attempt::Want::writable};
    case SSL_ERROR_ZERO_RETURN:
      throw Broken(Broken::Kind::closed, "the peer closed the connection");
    case SSL_ERROR_SYSCALL:
      throw Broken(Broken::Kind::closed, "the peer closed the connection without a TLS goodbye");
    default:
      throw Broken(Broken::Kind::tls, tls_error("TLS"));
  }
}

Attempt StreamState::try_write(std::span<const std::string_view> pieces) {
  if (!ssl) {
    std::array<iovec, 16> parts;
    const std::size_t count = std::min(pieces.size(), parts.size());
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<char*>(pieces[i].data()),
                  pieces[i].size()};  // NOLINT(cppcoreguidelines-pro-type-const-cast): POSIX
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket.native_handle(), &message, MSG_NOSIGNAL);
    if (sent >= 0) return {static_cast<std::size_t>(sent)};
    if (would_block(errno) || errno == EINTR) return {0, Attempt::Want::writable};
    socket_failed(errno);
  }
  ERR_clear_error();
  std::size_t sent = 0;
  const int ok = SSL_write_ex(ssl.get(), pieces.front().data(), pieces.front().size(), &sent);
  if (ok == 1) return {sent};
  switch (SSL_get_error(ssl.get(), ok)) {
    case SSL_ERROR_WANT_READ:
      return {0, Attempt::Want::readable};
    case SSL_ERROR_WANT_WRITE:
      return {0, Attempt::Want::writable};
    case SSL_ERROR_SYSCALL:
      socket_failed(errno == 0 ? EPIPE : errno);
    default:
      throw Broken(Broken::Kind::tls, tls_error("TLS"));
  }
}

void StreamState::make_room() {
  if (first == last) first = last = 0;
  if (size - last >= small_chunk / 2 && buffer) return;
  const std::size_t kept = last - first;
  if (kept >= max_buffered) throw Broken(Broken::Kind::too_long, "more octets than can be buffered");
  const std::size_t wanted = kept + chunk_;
  auto bigger = std::make_unique_for_overwrite<char[]>(wanted);
  if (kept > 0) std::memcpy(bigger.get(), buffer.get() + first, kept);
  buffer = std::move(bigger);
  size = wanted;
  first = 0;
  last = kept;
}

void StreamState::filled(std::size_t octets) {
  last += octets;
  if (last == size) chunk_ = big_chunk;  // it comes in faster than we take it
}

void StreamState::shrink() {
  const std::size_t kept = last - first;
  if (kept > 0) {
    if (size <= 2 * kept) return;
    auto smaller = std::make_unique_for_overwrite<char[]>(kept);
    std::memcpy(smaller.get(), buffer.get() + first, kept);
    buffer = std::move(smaller);
  } else {
    buffer.reset();
  }
  size = last = kept;
  first = 0;
  chunk_ = small_chunk;
}

}  // namespace zegel::net
