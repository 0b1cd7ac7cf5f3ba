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
  const auto client = clients_.find(who);
  const bool too_many = client != clients_.end() && client->second >= per_client_;
  if (too_many || figures_.inside >= connections_) {
    ++figures_.turned_away;
    return false;
  }
  ++figures_.inside;
  ++figures_.let_in;
  ++clients_[who];
  return true;
}

void Doorkeeper::leave(const std::string& address) {
  const std::scoped_lock lock(mutex_);
  --figures_.inside;
  const auto client = clients_.find(who_counts_as(address));
  if (--client->second == 0) clients_.erase(client);
}

std::size_t Doorkeeper::inside() const {
  const std::scoped_lock lock(mutex_);
  return figures_.inside;
}

void Doorkeeper::denied_relay() {
  const std::scoped_lock lock(mutex_);
  ++figures_.denied_relay;
}

Doorkeeper::Figures Doorkeeper::figures() const {
  const std::scoped_lock lock(mutex_);
  return figures_;
}

std::chrono::milliseconds Doorkeeper::failed(const std::string& address, Clock::time_point now) {
  constexpr auto forgotten_after = 15min;
  constexpr std::size_t most = 10'000;
  constexpr unsigned most_doublings = 5;
  const std::scoped_lock lock(mutex_);
  ++figures_.failed_auth;
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
