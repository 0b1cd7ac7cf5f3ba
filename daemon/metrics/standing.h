#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/terms.h"
#include "core/time.h"

namespace prometheus {
struct MetricFamily;
}

namespace zegel::metrics {

/// Keys of one method for one use.
struct KeyFigures {
  Method method = Method::smime;
  bool senders = false;      ///< keys to sign with; else recipients' keys
  std::size_t usable = 0;    ///< for more than 30 days yet
  std::size_t expiring = 0;  ///< usable, and expire within 30 days
  std::size_t unusable = 0;
  std::optional<Time> next_expiry = {};  ///< the soonest of those that are usable
};

/// What stands at this moment, and what others count. Looked up for each reading.
struct Standing {
  std::string version = {};
  Time started = {};

  std::size_t queued = 0, held = 0, set_aside = 0;
  std::chrono::seconds oldest{0};  ///< of the queue

  std::size_t clients = 0;  ///< connections now
  std::uint64_t clients_let_in = 0, clients_turned_away = 0;
  std::uint64_t denied_auth = 0, denied_relay = 0;
  std::size_t next_hops = 0;  ///< connections now
  std::uint64_t next_hops_opened = 0;

  std::vector<KeyFigures> keys = {};
  std::optional<Time> tls_certificate_ends = {};  ///< server.tls_certificate

  std::uint64_t alarms = 0;      ///< lines of event=alarm
  std::uint64_t lines_lost = 0;  ///< that syslog was too slow for
};

/// In the library's own form, for Meters::text.
[[nodiscard]] std::vector<prometheus::MetricFamily> families(const Standing&);

}  // namespace zegel::metrics
