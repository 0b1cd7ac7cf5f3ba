#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/secret.h"
#include "mail/mailbox.h"
#include "seal/certificate.h"
#include "seal/trust.h"

namespace zegel::seal {

/// One certificate of the folder, with the key where it is a sender's pair.
struct SmimeEntry {
  Certificate certificate;
  PkeyHandle key;  ///< or null
  std::string file;
  Trust trust;
  bool by_hand = false;  ///< imported with `zegel key import`

  /// Why nothing may be encrypted to it now; empty: it may.
  [[nodiscard]] std::string why_not(Time now) const;
  /// The same where it is to stand for a whole domain: no authority's word is enough for that.
  [[nodiscard]] std::string why_not_for_domain(Time now) const;
  /// Whether its owner can sign with it now.
  [[nodiscard]] bool can_sign(Time now) const;
};

/// `smime.certificates` in memory, looked up by address and by fingerprint. Immutable once read.
class SmimeFolder {
 public:
  /// What cannot be read goes to `problems`; the rest counts. Certificates of authorities are shown to the judge first.
  [[nodiscard]] static SmimeFolder read(const std::string& folder, TrustJudge&, Time now,
                                        std::vector<std::string>& problems);

  /// Those that name the mailbox: with the local part exactly as written, or else in any case.
  [[nodiscard]] std::vector<const SmimeEntry*> find(const mail::Mailbox&) const;
  /// Those that have it in their subject alone: never used for it.
  [[nodiscard]] std::vector<const SmimeEntry*> find_label(const mail::Mailbox&) const;
  /// Those of the domain (A-labels) as a whole.
  [[nodiscard]] std::vector<const SmimeEntry*> find_domain(const std::string& domain) const;
  /// Null when there is none.
  [[nodiscard]] const SmimeEntry* by_fingerprint(const std::string&) const;
  /// The sender's pair that lasts longest, or null.
  [[nodiscard]] const SmimeEntry* signer(const mail::Mailbox&, Time now) const;
  /// The authorities above `entry` that lie in the folder too, but for roots: what a reader needs to verify with.
  [[nodiscard]] std::vector<X509*> chain_above(const SmimeEntry&) const;
  /// Why nothing of it is known; empty: what could be read is.
  [[nodiscard]] const std::string& unreadable() const { return unreadable_; }
  [[nodiscard]] const std::vector<SmimeEntry>& entries() const { return entries_; }

 private:
  std::string unreadable_;
  std::vector<SmimeEntry> entries_;
  std::vector<X509Handle> intermediates_;
  std::unordered_multimap<std::string, std::size_t> by_address_;  ///< by mail::folded
  std::unordered_multimap<std::string, std::size_t> by_label_;
  std::unordered_multimap<std::string, std::size_t> by_domain_;
  std::unordered_map<std::string, std::size_t> by_fingerprint_;
};

/// The file in the folder that lists the fingerprints of certificates that were imported by hand, one a line.
inline constexpr std::string_view pins_name = "imported.txt";

/// The fingerprints in it.
[[nodiscard]] std::unordered_set<std::string> read_pins(const std::string& folder);

/// `PATH.passphrase`, or the systemd credential of that name; empty where there is neither.
[[nodiscard]] Secret passphrase_beside(const std::string& path);

}  // namespace zegel::seal
