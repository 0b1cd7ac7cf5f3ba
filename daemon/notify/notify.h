#pragma once

#include <string>
#include <vector>

#include "core/secret.h"
#include "core/terms.h"
#include "core/time.h"
#include "mail/envelope.h"
#include "seal/sealed.h"

/// Composers of what the gateway itself writes: bounces (RFC 3464) and notices, in nl, en and de. Pure text: no clock,
/// no disk. Never body, subject or attachment names of the original; only to the sender in the office.
namespace zegel::notify {

/// What every notice needs.
struct Letterhead {
  std::string hostname;  ///< of the Message-ID and of MAILER-DAEMON@
  Language language = Language::nl;
  std::string phone;  ///< of the office, may be empty
  Time now;
  std::string reference;  ///< of the original
  mail::Mailbox to;       ///< the sender in the office
};

/// RFC 3464 per-recipient part.
struct ReportedRecipient {
  mail::Recipient recipient;
  enum class Action { failed, delayed, delivered, relayed } action = Action::failed;
  std::string status;  ///< `5.1.1`
  std::string reply;   ///< the next hop's, or our own words
  std::string relay;   ///< Remote-MTA, may be empty
};

struct Report {
  std::vector<ReportedRecipient> recipients;
  std::string envelope_id;
  Time arrived;
  Time will_retry_until;  ///< for delayed
  /// From, To, Date, Message-ID of the original and nothing else, each with CRLF; may be empty.
  std::string original_fields;
};

/// multipart/report; report-type=delivery-status, From MAILER-DAEMON@hostname.
[[nodiscard]] seal::Sealed delivery_report(const Letterhead&, const Report&);

/// The sender is told the password of a zip, to pass it on by phone, and what to say.
[[nodiscard]] seal::Sealed password_notice(const Letterhead&, const mail::Mailbox& recipient, const Secret& password);

/// A password that was agreed with an address or a domain will soon be too old.
[[nodiscard]] seal::Sealed agreed_notice(const Letterhead&, const std::string& whom, Time until);

/// A message is held (and why, and what may have been meant), was released, refused, or expired.
enum class HeldEvent { held, released, refused, expired };
[[nodiscard]] seal::Sealed held_notice(const Letterhead&, HeldEvent, const std::string& recipient,
                                       const std::string& why, const std::string& suggestion, Time expires);

/// recipients.on_typo = "warn": it went out, but was it meant so?
[[nodiscard]] seal::Sealed doubt_notice(const Letterhead&, const mail::Mailbox& recipient, const std::string& why,
                                        const std::string& suggestion);

}  // namespace zegel::notify
