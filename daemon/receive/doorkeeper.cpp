#include "receive/doorkeeper.h"

#include <algorithm>

#include "receive/networks.h"

namespace zegel::receive {

using namespace std::chrono_literals;

void Doorkeeper::set_limits(std::uint32_t connections, std::uint32_t per_client) {
  const std::scoped_lock lock(mutex_);
  connections_ = connections;
  per_client_ = per_client;
}

bool Doorkeeper::enter(const std::string& address) {
  const std::string who = who_counts_as(address);
  const std::scoped_lock lock(mutex_);
  if (inside_ >= connections_) return false;
  const auto client = clients_.find(who);
  if (client != clients_.end() && client->second >= per_client_) return false;
  ++inside_;
  ++clients_[who];
  return true;
}

void Doorkeeper::leave(const std::string& address) {
  const std::scoped_lock lock(mutex_);
  --inside_;
  const auto client = clients_.find(who_counts_as(address));
  if (--client->second == 0) clients_.erase(client);
}

std::size_t Doorkeeper::inside() const {
  const std::scoped_lock lock(mutex_);
  return inside_;
}

std::chrono::milliseconds Doorkeeper::failed(const std::string& address, Clock::time_point now) {
  constexpr auto forgotten_after = 15min;
  constexpr std::size_t most = 10'000;
  constexpr unsigned most_doublings = 5;
  const std::scoped_lock lock(mutex_);
  if (failures_.size() >= most) {
    std::erase_if(failures_, [&](const auto& one) { return now - one.second.last > forgotten_after; });
  }
  if (failures_.size() >= most) failures_.clear();
  Failures& failures = failures_[who_counts_as(address)];
  if (now - failures.last > forgotten_after) failures.count = 0;
  failures.last = now;
  return 500ms * (1U << std::min(failures.count++, most_doublings));
}

}  // namespace zegel::receive
