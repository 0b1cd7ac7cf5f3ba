#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "config/settings.h"

namespace zegel::send {

/// Hosts that said nothing when they were called. For a minute they are tried last, so that a dead first relay costs
/// its patience once a minute and not once a line. They are still tried: where nobody else answers, order is all that
/// changes. Belongs to one strand.
class Absences {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// The order to try `hosts` in: those not known to be away first, else as given.
  [[nodiscard]] std::vector<config::HostPort> order(const std::vector<config::HostPort>& hosts, Time now) const;
  /// True when that is news.
  bool missed(const config::HostPort&, Time now);
  void answered(const config::HostPort&);

 private:
  [[nodiscard]] bool is_away(const config::HostPort&, Time now) const;

  std::map<std::string, Time> until_;
};

}  // namespace zegel::send
