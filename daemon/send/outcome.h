#pragma once

#include <string>

#include "mail/envelope.h"
#include "store/store.h"

namespace zegel::send {

/// What one attempt came to for one recipient.
struct Outcome {
  using Kind = store::RecipientOutcome::Kind;
  mail::Recipient recipient;
  Kind kind = Kind::retry;
  std::string status = {};      ///< RFC 3463: `5.1.1`
  std::string reply = {};       ///< the next hop's, one line, or our own words
  std::string relay = {};       ///< `smtp.provider.nl:587`, or empty
  std::string tls = "none";     ///< `TLSv1.3/verified`
  bool reports_itself = false;  ///< delivered to a next hop that answers NOTIFY=SUCCESS (RFC 3461 5.2.1)
};

}  // namespace zegel::send
