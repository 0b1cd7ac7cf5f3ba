#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"

namespace zegel {

/// A moment by the calendar (UTC). Everything in filters/ is given the time; nothing there asks a clock.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Only the daemon and the commands call this.
[[nodiscard]] inline Time now() { return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()); }

/// `Mon, 23 Nov 2026 20:01:45 +0000`: the date-time of RFC 5322 3.3.
[[nodiscard]] std::string mail_date(Time);

/// `2026-11-23T20:01:45Z`: RFC 3339, whole seconds.
[[nodiscard]] std::string iso_time(Time);

/// `"30m"`, `"5d"`, `"90s"`, `"4h"`, `"2w"` as the config writes them; whole and not negative, at most 100 years.
/// Error: what is allowed instead.
[[nodiscard]] Result<seconds> parse_duration(std::string_view);

/// The reverse of parse_duration, in the largest unit that divides it: `"30m"`.
[[nodiscard]] std::string duration_text(seconds);

}  // namespace zegel
