#pragma once

#include <exception>
#include <functional>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "net/listener.h"
#include "net/stream.h"

namespace zegel::net {

/// Runs one coroutine as server and one as client of one loopback connection, until both are over. What either throws
/// comes out.
class TwoEnds {
 public:
  using End = std::function<Task<void>(Stream&)>;

  void run(const End& server, const End& client) {
    std::vector<Listener> listeners = Listener::open(io_, {"127.0.0.1", 0});
    listeners[0].start([&](Arrival arrival) {
      listeners[0].stop();
      spawn(serve(Stream(io_.get_executor(), arrival.socket, arrival.ipv6), server));
    });
    spawn(connect(listeners[0].address().port, client));
    io_.run();
    if (accident_) std::rethrow_exception(accident_);
  }

 private:
  void spawn(Task<void> task) {
    boost::asio::co_spawn(io_, std::move(task), [this](const std::exception_ptr& accident) {
      if (accident && !accident_) accident_ = accident;
    });
  }
  static Task<void> serve(Stream stream, End end) { co_await end(stream); }
  static Task<void> connect(std::uint16_t port, End end) {
    Stream stream = co_await Stream::connect("127.0.0.1", port, std::chrono::seconds(10));
    co_await end(stream);
  }

  boost::asio::io_context io_;
  std::exception_ptr accident_;
};

/// What `task` came to grief of.
inline Task<std::optional<Broken::Kind>> grief_of(Task<void> task) {
  try {
    co_await std::move(task);
  } catch (const Broken& broken) { co_return broken.kind(); }
  co_return std::nullopt;
}

}  // namespace zegel::net
