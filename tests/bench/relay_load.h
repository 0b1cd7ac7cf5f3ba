#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

/// Both ends of a relay, as light as they can be, so that what is measured is the relay: each one thread with epoll.
namespace zegel::bench {

/// Takes mail on a port of 127.0.0.1 and counts it. A silent one lets clients connect, and never greets them.
class Sink {
 public:
  explicit Sink(bool silent = false);
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint64_t taken() const { return taken_; }

 private:
  void serve();

  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> taken_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

/// What to send.
struct Load {
  std::uint16_t port = 0;
  std::uint32_t sessions = 1;
  std::uint64_t messages = 1'000;
  std::size_t size = std::size_t{10} * 1'024;
};

/// Sends it over that many lasting connections, and gives the seconds until the last 250. Throws std::runtime_error for
/// any other reply.
double send(const Load&);

}  // namespace zegel::bench
