#include "receive/password_desk.h"

#include "receive/networks.h"

namespace zegel::receive {

PasswordDesk::PasswordDesk() : thread_([this] { work(); }) {}

PasswordDesk::~PasswordDesk() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void PasswordDesk::ask(const std::string& client, std::function<void()> check) {
  {
    const std::scoped_lock lock(mutex_);
    const std::string who = who_counts_as(client);
    auto& theirs = waiting_[who];
    if (theirs.empty()) turns_.push_back(who);
    theirs.push_back(std::move(check));
  }
  changed_.notify_one();
}

void PasswordDesk::work() {
  while (const auto check = next()) check();
}

/// Waits for one. Nothing: closing time.
std::function<void()> PasswordDesk::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closing_ || !turns_.empty(); });
  if (closing_) return nullptr;
  std::string who = std::move(turns_.front());
  turns_.pop_front();
  const auto theirs = waiting_.find(who);
  std::function<void()> check = std::move(theirs->second.front());
  theirs->second.pop_front();
  if (theirs->second.empty()) {
    waiting_.erase(theirs);
  } else {
    turns_.push_back(std::move(who));
  }
  return check;
}

}  // namespace zegel::receive
