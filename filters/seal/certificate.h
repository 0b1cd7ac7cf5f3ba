#pragma once

#include <string>
#include <vector>

#include "mail/mailbox.h"
#include "seal/openssl.h"

namespace zegel::seal {

/// One X.509 certificate with what mail must know of it, read once. Immutable; used by many threads at a time.
struct Certificate {
  X509Handle x509;
  std::string fingerprint;               ///< SHA-256 of the DER, upper-case hex
  std::vector<mail::Mailbox> addresses;  ///< rfc822Name and SmtpUTF8Mailbox (RFC 9598), exact
  std::vector<mail::Mailbox> labels;     ///< in its subject, beside those: nothing is encrypted because of them
  /// Domains that it stands for as a whole (A-labels): those of `domain-confidentiality-authority@` addresses (RFC
  /// 3183) and, where it names no person, its dNSNames without wildcards.
  std::vector<std::string> domains;
  Time not_before, not_after;
  std::string algorithm;     ///< "RSA-3072", "P-256", or what OpenSSL calls it
  std::string flaw;          ///< why nothing may ever be encrypted to it, or empty
  bool authority = false;    ///< basicConstraints CA
  bool self_signed = false;  ///< issuer and subject are the same
  bool reads_gcm = false;    ///< its sMIMECapabilities (RFC 4262) name AES-256-GCM
  bool reads_oaep = false;   ///< or RSAES-OAEP

  [[nodiscard]] std::string subject() const;
  /// Whom it names: "jan@klant.nl", "the domain klant.nl", or else its subject.
  [[nodiscard]] std::string whom() const;
  /// "S/MIME certificate of jan@klant.nl, RSA-3072, until 2028-05-01"; "S/MIME certificate of the domain klant.nl, …".
  [[nodiscard]] std::string description() const;
  /// Why nothing may be encrypted to it at that moment, its chain apart: the flaw, or its dates. Empty: it may.
  [[nodiscard]] std::string why_not(Time now) const;
};

/// Takes part in ownership of `x509`. Always answers: what is wrong with it is its flaw.
[[nodiscard]] Certificate read_certificate(X509* x509);

}  // namespace zegel::seal
