#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "mail/mailbox.h"

namespace zegel::seal {

/// A subkey that can be encrypted to.
struct PgpSubkey {
  std::string id;  ///< long key id, upper-case hex: what a PKESK names
  Time expires = Time::max();
};

/// One OpenPGP key of our ring.
struct PgpKey {
  std::string fingerprint;               ///< of its primary key, upper-case hex
  std::vector<mail::Mailbox> addresses;  ///< of user ids that are not revoked; exact addr-specs
  std::vector<mail::Mailbox> labels;     ///< in their names, beside those: nothing is encrypted because of them
  std::vector<PgpSubkey> subkeys;        ///< those that are not revoked
  Time created, expires = Time::max();   ///< of the primary key
  Time signs_until = Time::min();        ///< the last of what can sign of it
  std::string algorithm;                 ///< of what is encrypted to: "RSA-3072", "Curve25519", "P-256"
  std::string flaw;                      ///< why nothing may ever be encrypted to it, or empty
  bool secret = false;                   ///< its owner's signatures can be made here
  bool revoked = false;
  std::string octets;  ///< the key itself

  /// When it can no longer be encrypted to.
  [[nodiscard]] Time ends() const;
  [[nodiscard]] std::string why_not(Time now) const;
  [[nodiscard]] bool can_sign(Time now) const;
  /// "PGP key of jan@klant.nl, Curve25519, until 2028-05-01".
  [[nodiscard]] std::string description() const;
};

/// Zegel's keyring in memory, looked up by address and by fingerprint. Immutable once read.
class PgpRing {
 public:
  /// A home that is not there is an empty ring. What cannot be read goes to `problems`; keys of a version that gpg
  /// cannot read are in the ring, with that as their flaw. Starts gpg.
  [[nodiscard]] static PgpRing read(const std::string& home, std::vector<std::string>& problems);

  /// Those that name the mailbox: with the local part exactly as written, or else in any case.
  [[nodiscard]] std::vector<const PgpKey*> find(const mail::Mailbox&) const;
  /// Those that have it in the name of a user id alone: never used for it.
  [[nodiscard]] std::vector<const PgpKey*> find_label(const mail::Mailbox&) const;
  [[nodiscard]] const PgpKey* by_fingerprint(const std::string&) const;
  [[nodiscard]] const PgpKey* signer(const mail::Mailbox&, Time now) const;
  /// Why not all that is in it is known; empty: all is.
  [[nodiscard]] const std::string& unreadable() const { return unreadable_; }
  [[nodiscard]] const std::vector<PgpKey>& keys() const { return keys_; }

 private:
  void add(PgpKey);
  std::string unreadable_;
  std::vector<PgpKey> keys_;
  std::unordered_multimap<std::string, std::size_t> by_address_;
  std::unordered_multimap<std::string, std::size_t> by_label_;
  std::unordered_map<std::string, std::size_t> by_fingerprint_;
};

}  // namespace zegel::seal
