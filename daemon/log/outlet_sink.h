#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include "log/outlet.h"

namespace zegel::log {

/// spdlog's way to an Outlet, which outlives it. spdlog's own sinks wait for a receiver that is stuck (syslog(3)
/// without end, standard error likewise); this one loses lines and says how many. For one thread.
class OutletSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit OutletSink(Outlet& outlet) : outlet_(outlet) {}

 private:
  /// Lines are whole as they come: no pattern is put around them.
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    outlet_.write(severity_of(message.level), text, 1 + static_cast<std::size_t>(std::ranges::count(text, '\n')));
  }
  void flush_() override {}

  static Severity severity_of(spdlog::level::level_enum level) {
    if (level >= spdlog::level::err) return Severity::error;
    if (level == spdlog::level::warn) return Severity::warning;
    return level == spdlog::level::info ? Severity::info : Severity::debug;
  }

  Outlet& outlet_;
};

}  // namespace zegel::log
