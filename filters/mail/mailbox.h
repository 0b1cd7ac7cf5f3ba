#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace zegel::mail {

/// The mailbox of RFC 5321 4.1.2 (as extended by RFC 6531): whom an envelope names. Parsed once, at the door; whoever
/// holds one holds a well-formed one.
struct Mailbox {
  /// Unquoted, as written: `jan`, `a b` for `"a b"`. May be UTF-8. 1 to 64 octets.
  std::string local;
  /// Lower case, A-labels (RFC 5890), no trailing dot: `xn--mnchen-3ya.de`. At most 255 octets, labels at most 63.
  std::string domain;

  /// `jan@x.nl`, `"a b"@x.nl`: quoted where it must be. Fit for MAIL, RCPT and headers.
  [[nodiscard]] std::string address() const;
  /// Whether it can be written only under SMTPUTF8 (a local part that is not ASCII).
  [[nodiscard]] bool needs_utf8() const;

  /// Exact, local part as written.
  friend auto operator<=>(const Mailbox&, const Mailbox&) = default;
};

/// The form under which addresses are looked up and compared: A–Z in the local part folded too.
[[nodiscard]] std::string folded(const Mailbox&);

/// Parses `local@domain` without angle brackets. Domain in any case, U-labels become A-labels (UTS 46, ICU), one
/// trailing dot is taken off.
/// Error (`say` fits an SMTP reply after "501 5.1.3 "/"553 5.1.3 "): empty labels, address literals, source routes,
/// `%` and `!` hacks in the local part, control characters, oversize, invalid UTF-8 or IDN.
[[nodiscard]] Result<Mailbox> parse_mailbox(std::string_view text);

/// A domain alone in the form of Mailbox::domain. Error: as parse_mailbox.
[[nodiscard]] Result<std::string> parse_domain(std::string_view text);

/// For people: A-labels back to Unicode, `münchen.de`. Never for SMTP.
[[nodiscard]] std::string unicode_domain(std::string_view domain);

}  // namespace zegel::mail
