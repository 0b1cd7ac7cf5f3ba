#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "metrics/meters.h"
#include "send/outcome.h"
#include "store/store.h"

namespace zegel::send {

/// What one attempt came to, when all its recipients have an outcome: for the store, and for the log.
struct Conclusion {
  store::Attempt attempt;
  std::vector<Outcome> outcomes;  ///< as written down: what was tried for too long has become `failed`
};

/// Pure but for `original` (see bounces.h): applies the schedule, and composes the report that follows.
[[nodiscard]] Conclusion conclude(const store::QueuedCopy&, std::vector<Outcome>, const config::Settings&, Time now,
                                  double dice, const std::function<std::string()>& original);

/// A second one of the same: the store takes an attempt by value, and may refuse it.
[[nodiscard]] store::Attempt again(const store::Attempt&);

/// `event=sent|deferred|bounced`, a line per recipient.
void log_outcomes(const store::QueuedCopy&, const Conclusion&);

/// Counts the same.
void meter(metrics::Meters&, const store::QueuedCopy&, const Conclusion&);

}  // namespace zegel::send
