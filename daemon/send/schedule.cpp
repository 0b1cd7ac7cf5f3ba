#include "send/schedule.h"

#include <algorithm>

namespace zegel::send {

namespace {

constexpr double jitter = 0.1;

seconds step(std::uint32_t failed, const config::Delivery& delivery) {
  if (delivery.retry.empty()) return delivery.give_up;
  return std::max(delivery.retry[std::min<std::size_t>(failed, delivery.retry.size() - 1)], seconds(1));
}

/// When a wait ends that begins at `from`, after `failed` attempts. None passes the moment at which the sender should
/// hear of the delay: there is an attempt at it.
seconds end_of_wait(seconds from, std::uint32_t failed, const config::Delivery& delivery) {
  const seconds end = from + step(failed, delivery);
  return from < late_after && end > late_after ? seconds(late_after) : end;
}

/// By both measures: see the header.
bool older_than(seconds limit, const Tried& tried, const config::Delivery& delivery) {
  const milliseconds by_calendar = tried.now - tried.received;
  const bool calendar_denies = by_calendar >= milliseconds(0) && by_calendar < limit;
  return waited(tried.attempts, delivery) >= limit && !calendar_denies;
}

}  // namespace

seconds waited(std::uint32_t attempts, const config::Delivery& delivery) {
  seconds sum{0};
  for (std::uint32_t i = 0; i + 1 < attempts && sum < delivery.give_up; ++i) sum = end_of_wait(sum, i, delivery);
  return std::min(sum, delivery.give_up);
}

Verdict judge(const Tried& tried, const config::Delivery& delivery, double dice) {
  Verdict verdict;
  verdict.give_up = older_than(delivery.give_up, tried, delivery);
  verdict.late = !verdict.give_up && older_than(late_after, tried, delivery);
  // The last wait ends when the time is up; beyond (the calendar does not agree yet) the usual step goes on.
  seconds wait = waited(tried.attempts + 1, delivery) - waited(tried.attempts, delivery);
  if (wait == seconds(0)) wait = step(tried.attempts, delivery);
  verdict.wait = std::chrono::duration_cast<milliseconds>(wait * (1 + jitter * dice));
  return verdict;
}

Time latest_due(Time now, const config::Delivery& delivery) {
  seconds longest{60};
  for (const seconds step : delivery.retry) longest = std::max(longest, step);
  return now + std::chrono::duration_cast<milliseconds>(longest * (1 + jitter)) + std::chrono::minutes(1);
}

bool set_back(const Reading& before, const Reading& after) {
  return after.calendar - before.calendar < after.steady - before.steady - std::chrono::minutes(1);
}

}  // namespace zegel::send
