#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace zegel::receive {

/// Counts who is inside, in all and per client (who_counts_as), and who has failed to authenticate. Thread-safe; its
/// memory is bounded.
class Doorkeeper {
 public:
  using Clock = std::chrono::steady_clock;

  Doorkeeper(std::uint32_t connections, std::uint32_t per_client)
      : connections_(connections), per_client_(per_client) {}
  void set_limits(std::uint32_t connections, std::uint32_t per_client);

  /// Whether one more from `address` may come in; if so it counts until leave().
  [[nodiscard]] bool enter(const std::string& address);
  void leave(const std::string& address);
  [[nodiscard]] std::size_t inside() const;
  /// Tried to relay without being allowed to.
  void denied_relay();

  /// Now, and since the start.
  struct Figures {
    std::size_t inside = 0;
    std::uint64_t let_in = 0, turned_away = 0, failed_auth = 0, denied_relay = 0;
  };
  [[nodiscard]] Figures figures() const;

  /// A wrong password from `address`: how long to wait before saying so. Doubles with each, from half a second to 16,
  /// and is forgotten after a quarter of an hour.
  [[nodiscard]] std::chrono::milliseconds failed(const std::string& address, Clock::time_point now);

 private:
  struct Failures {
    unsigned count = 0;
    Clock::time_point last;
  };

  mutable std::mutex mutex_;
  std::uint32_t connections_, per_client_;
  Figures figures_;
  std::unordered_map<std::string, std::uint32_t> clients_;
  std::unordered_map<std::string, Failures> failures_;
};

}  // namespace zegel::receive
