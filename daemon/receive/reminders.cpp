#include "receive/reminders.h"

namespace zegel::receive {

namespace {

constexpr std::chrono::days pause{7};

}  // namespace

bool Reminders::due(const std::string& what, Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(given_, [now](const auto& one) { return one.second + pause <= now; });
  return given_.emplace(what, now).second;
}

}  // namespace zegel::receive
