#pragma once

#include <chrono>
#include <optional>

#include "core/time.h"

namespace zegel {

/// Whether the calendar may be believed when it says that something's time is over. A clock that jumps ahead (a dead
/// battery, a wrong time server) would erase held mail, passwords and what was learned all at once; so after a jump
/// nothing is erased for a day of real time, in which a person can set the clock right. One thread's.
class Calendar {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// Called again and again. False for a day after the calendar ran ahead of the steady clock by over an hour.
  [[nodiscard]] bool believable(Time calendar, Steady steady);

 private:
  std::optional<std::pair<Time, Steady>> last_;
  Steady doubtful_until_ = Steady::min();
};

}  // namespace zegel
