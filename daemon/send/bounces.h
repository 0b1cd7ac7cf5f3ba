#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "send/outcome.h"
#include "store/store.h"

namespace zegel::send {

/// What the sender should hear after an attempt.
struct News {
  std::vector<Outcome> outcomes;  ///< `retry`: still waiting; `failed`: for good
  bool late = false;              ///< tell of those still waiting
  Time now;
  Time will_retry_until;
};

/// Whom a sender may be told about at all: never for the null reverse-path or for our own notices, and only senders
/// of the office.
[[nodiscard]] bool may_report(const store::QueuedCopy&, const config::Settings&);

/// The report that follows, as NOTIFY wants it (RFC 3461): failures unless it was said otherwise, delays when `late`,
/// deliveries only where asked for and where the next hop does not report itself. Nothing: nobody is to be told.
/// `original` gives From, To, Date and Message-ID of the original; asked only when there is a report.
[[nodiscard]] std::optional<store::Submission> report(const store::QueuedCopy&, const News&, const config::Settings&,
                                                      const std::function<std::string()>& original);

/// From, To, Date and Message-ID out of a message's header, each with its CRLF; no Subject.
[[nodiscard]] std::string original_fields(std::string_view message);

}  // namespace zegel::send
