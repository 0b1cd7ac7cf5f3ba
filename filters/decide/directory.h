#pragma once

#include <string>
#include <vector>

#include "core/terms.h"
#include "core/time.h"
#include "mail/mailbox.h"

namespace zegel::decide {

/// One key or certificate that was considered for a recipient.
struct Candidate {
  std::string fingerprint;  ///< upper-case hex: SHA-256 of a certificate, v4 fingerprint of a PGP key
  bool usable = false;
  std::string why_not;  ///< when not usable: "expired on 2026-01-03", "RSA-1024 is too short", …
  Time expires = Time::max();
};

/// How it stands with a zip password that was agreed with somebody; after zip.agreed_for it is too old.
enum class Agreed { none, too_old, good };

/// What is known about how a recipient can be reached safely. Immutable: one snapshot per reload, read by any thread.
class Directory {
 public:
  virtual ~Directory() = default;

  /// Every S/MIME certificate (pgp_keys: PGP key) that names this mailbox exactly; the usable ones first.
  [[nodiscard]] virtual std::vector<Candidate> certificates(const mail::Mailbox&, Time now) const = 0;
  /// Every S/MIME certificate of the mailbox's whole domain (RFC 3183); the usable ones first. Asked for only where a
  /// rule wants it.
  [[nodiscard]] virtual std::vector<Candidate> domain_certificates(const mail::Mailbox&, Time now) const = 0;
  [[nodiscard]] virtual std::vector<Candidate> pgp_keys(const mail::Mailbox&, Time now) const = 0;
  /// Whether a zip password was agreed with this mailbox or its domain.
  [[nodiscard]] virtual Agreed agreed_password(const mail::Mailbox&, Time now) const = 0;
  /// Why nobody can say for the moment who has a key of the method (smime or pgp); empty: what is known is all there
  /// is.
  [[nodiscard]] virtual std::string unreadable(Method) const = 0;
  /// Whether the office's sender has a key to sign with.
  [[nodiscard]] virtual bool can_sign(Method, const mail::Mailbox& sender, Time now) const = 0;
};

}  // namespace zegel::decide
