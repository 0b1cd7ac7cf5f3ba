#pragma once

#include <cstdint>

#include "config/settings.h"
#include "core/time.h"

/// When to try again, and when to stop trying. Pure: no clock and no dice of its own.
///
/// A calendar clock may jump by years; no copy may be lost by that. So a copy's age is measured twice, and it is late
/// or too late only when both measures say so:
/// * by the calendar: now - received (a jump back makes it negative: then the calendar says nothing);
/// * by its attempts: the waiting that the schedule put between them. A jump adds at most one attempt to that.
namespace zegel::send {

/// What is known of a copy after an attempt that failed for now.
struct Tried {
  std::uint32_t attempts = 1;  ///< this one included
  Time received;
  Time now;
};

/// What to do after it.
struct Verdict {
  bool give_up = false;
  bool late = false;  ///< the sender should hear of the delay
  milliseconds wait = {};
};

/// After so long the sender is told that a message is late.
inline constexpr seconds late_after = std::chrono::hours(4);

/// The least time that lies between the first of `attempts` attempts and the last, as the schedule has it:
/// delivery.retry, with one wait cut short so that an attempt falls on late_after; never more than give_up.
[[nodiscard]] seconds waited(std::uint32_t attempts, const config::Delivery&);

/// `dice` is uniform in [0, 1): up to a tenth is added to each wait, so that what failed together is not tried
/// together for ever.
[[nodiscard]] Verdict judge(const Tried&, const config::Delivery&, double dice);

/// The last moment at which a copy tried now could be due again. What is due later was written by a clock that ran
/// ahead.
[[nodiscard]] Time latest_due(Time now, const config::Delivery&);

/// One reading of both clocks.
struct Reading {
  Time calendar;
  milliseconds steady = {};
};

/// Whether the calendar was set back (by more than a minute) between two readings.
[[nodiscard]] bool set_back(const Reading& before, const Reading& after);

}  // namespace zegel::send
