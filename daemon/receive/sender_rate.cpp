#include "receive/sender_rate.h"

#include <numeric>

namespace zegel::receive {

namespace {

constexpr std::chrono::minutes hour{60};

std::size_t slot(std::chrono::sys_time<std::chrono::minutes> minute) {
  return static_cast<std::size_t>((minute.time_since_epoch().count() % 60 + 60) % 60);
}

}  // namespace

/// Clears the minutes that have passed out of the hour. A clock set back clears nothing and counts on.
void SenderRate::Hour::move_to(Minutes now) {
  if (now >= last + hour) minutes.fill(0);
  for (Minutes minute = last + std::chrono::minutes(1); minute <= now && minute < last + hour;
       minute += std::chrono::minutes(1)) {
    minutes[slot(minute)] = 0;
  }
  last = now;
}

void SenderRate::count(std::string_view sender, Time now) {
  const Minutes minute = std::chrono::floor<std::chrono::minutes>(now);
  const std::lock_guard lock(mutex_);
  forget_silent(minute);
  Hour& hour_of_sender = senders_[std::string(sender)];
  hour_of_sender.move_to(minute);
  ++hour_of_sender.minutes[slot(minute)];
}

std::uint32_t SenderRate::within_hour(std::string_view sender, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = senders_.find(std::string(sender));
  if (found == senders_.end()) return 0;
  found->second.move_to(std::chrono::floor<std::chrono::minutes>(now));
  return std::accumulate(found->second.minutes.begin(), found->second.minutes.end(), std::uint32_t{0});
}

void SenderRate::forget_silent(Minutes now) {
  if (now < tidied_ + hour && now >= tidied_) return;
  std::erase_if(senders_, [&](const auto& entry) { return entry.second.last + hour <= now; });
  tidied_ = now;
}

}  // namespace zegel::receive
