#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "core/time.h"

namespace zegel::receive {

/// Of what reminders went out lately, so that each goes out once a week at most. In memory only: after a restart one
/// may come early. Thread-safe.
class Reminders {
 public:
  /// Whether it is time for one about `what`; then it counts as given.
  [[nodiscard]] bool due(const std::string& what, Time now);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, Time> given_;
};

}  // namespace zegel::receive
