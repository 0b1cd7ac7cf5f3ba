#pragma once

#include <functional>
#include <memory>

#include "mail/mailbox.h"
#include "metrics/meters.h"
#include "send/schedule.h"
#include "send/step.h"

namespace zegel::send {

class Resolver;

/// What the dispatcher takes from the world, so that tests can give it another one.
struct Surroundings {
  Timeouts timeouts = {};
  std::shared_ptr<Resolver> resolver = {};  ///< null: the system's name servers
  std::function<Reading()> clock = {};      ///< empty: the system's clocks
  std::function<double()> dice = {};        ///< uniform in [0, 1); empty: the system's random numbers
  std::uint16_t mx_port = 25;
  /// A message reached this recipient and recipients.learn is on; the store has it. On the dispatcher's strand.
  std::function<void(const mail::Mailbox&)> reached = {};
  metrics::Meters* meters = nullptr;                   ///< null: nobody counts
  milliseconds grace = std::chrono::seconds(10);       ///< of stop(), for what is under way
  milliseconds store_retry = std::chrono::seconds(5);  ///< before an outcome that the store refused is offered again
};

}  // namespace zegel::send
