#include "send/absences.h"

#include <algorithm>
#include <iterator>

namespace zegel::send {

namespace {

constexpr std::chrono::seconds remembered{60};
/// In direct mode there are as many hosts as there are domains: those whose time is up make room.
constexpr std::size_t most_hosts = 1'000;

}  // namespace

bool Absences::is_away(const config::HostPort& host, Time now) const {
  const auto found = until_.find(host.text());
  return found != until_.end() && now < found->second;
}

std::vector<config::HostPort> Absences::order(const std::vector<config::HostPort>& hosts, Time now) const {
  std::vector<config::HostPort> ordered;
  for (const bool away : {false, true}) {
    std::ranges::copy_if(hosts, std::back_inserter(ordered),
                         [&](const auto& host) { return is_away(host, now) == away; });
  }
  return ordered;
}

bool Absences::missed(const config::HostPort& host, Time now) {
  const bool news = !until_.contains(host.text());
  if (news && until_.size() >= most_hosts)
    std::erase_if(until_, [now](const auto& away) { return away.second <= now; });
  if (news && until_.size() >= most_hosts) return news;
  until_[host.text()] = now + remembered;
  return news;
}

void Absences::answered(const config::HostPort& host) { until_.erase(host.text()); }

}  // namespace zegel::send
