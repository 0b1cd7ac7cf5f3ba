#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mail/mailbox.h"

namespace zegel::mail {

/// RFC 3461 4.1: when the sender wants to hear of a recipient. Nothing set: the default (FAILURE, DELAY as we like).
struct Notify {
  bool given = false;  ///< NOTIFY= was there
  bool never = false;
  bool success = false;
  bool failure = false;
  bool delay = false;
  friend bool operator==(const Notify&, const Notify&) = default;
};

/// One forward-path.
struct Recipient {
  Mailbox mailbox;
  Notify notify = {};
  /// ORCPT of RFC 3461 4.2 as given (`rfc822;jan@x.nl`, xtext decoded), or empty.
  std::string original = {};
  friend bool operator==(const Recipient&, const Recipient&) = default;
};

/// What MAIL and RCPT said.
struct Envelope {
  /// The reverse-path; nothing is the null reverse-path `<>`.
  std::optional<Mailbox> from;
  std::vector<Recipient> to;
  /// ENVID of RFC 3461 4.4, xtext decoded, or empty.
  std::string envelope_id = {};
  bool body_8bit = false;  ///< BODY=8BITMIME
  bool smtputf8 = false;   ///< SMTPUTF8

  /// `piet@kantoor.nl`, or empty for `<>`.
  [[nodiscard]] std::string from_address() const { return from ? from->address() : std::string(); }
};

}  // namespace zegel::mail
