#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/time.h"

namespace zegel::receive {

/// How many messages each sender sent within the last hour (limits.sender): an account that was taken over shows by it.
/// Counts by the minute, in memory only; senders that were silent for an hour are forgotten. Thread-safe.
class SenderRate {
 public:
  /// One more message of this sender.
  void count(std::string_view sender, Time now);
  /// Messages in the hour before `now`.
  [[nodiscard]] std::uint32_t within_hour(std::string_view sender, Time now);

 private:
  using Minutes = std::chrono::sys_time<std::chrono::minutes>;
  struct Hour {
    std::array<std::uint32_t, 60> minutes{};
    Minutes last{};
    void move_to(Minutes);
  };
  void forget_silent(Minutes);

  std::mutex mutex_;
  std::unordered_map<std::string, Hour> senders_;
  Minutes tidied_{};
};

}  // namespace zegel::receive
