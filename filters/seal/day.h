#pragma once

#include <string>

#include "core/time.h"

namespace zegel::seal {

/// `2026-01-03`.
[[nodiscard]] inline std::string day(Time time) { return iso_time(time).substr(0, 10); }

}  // namespace zegel::seal
