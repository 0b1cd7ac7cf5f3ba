#pragma once

#include <set>
#include <string>
#include <vector>

#include "seal/certificate.h"

namespace zegel::seal {

/// Whether somebody vouches for a certificate: what holds at the time of loading, and until when.
struct Trust {
  std::string why_not;            ///< empty: trusted
  Time until = Time::max();       ///< after it no longer: a certificate of the chain or a revocation list ran out
  std::string why_then_not = {};  ///< the reason from then on
};

/// The certification authorities of `smime.authorities` and the revocation lists of `smime.crl_dir` (RFC 5280). A
/// revocation list that is out of date is complained of for a week and then makes its authority's certificates
/// unusable.
class TrustJudge {
 public:
  /// Reads both; what cannot be read goes to `problems`. Empty paths: no authorities, no lists.
  TrustJudge(const std::string& authorities, const std::string& crl_dir, std::vector<std::string>& problems);

  /// An intermediate certificate found beside the recipients': believed only as part of a chain. Before verify_lists.
  void add_intermediate(X509*);
  /// Once, when all authorities and intermediates are known: lists that none of them signed do not count. Of several of
  /// one issuer and scope the latest is the one that must not be out of date.
  void verify_lists();
  /// Takes note when nobody would learn that `certificate`, which an authority vouches for, is revoked.
  void miss_list(const Certificate&);
  /// Why it cannot judge: authorities or the folder of revocation lists cannot be read. Empty: it can.
  [[nodiscard]] const std::string& unreadable() const { return unreadable_; }
  [[nodiscard]] bool has_authorities() const { return has_authorities_; }
  /// `pinned`: imported by hand, needs no chain; revocation counts all the same.
  [[nodiscard]] Trust judge(const Certificate&, bool pinned, Time now) const;
  /// Which revocation lists are forged, out of date or not there (with `crl_dir`): with file and remedy.
  [[nodiscard]] std::vector<std::string> complaints(Time now) const;

 private:
  struct RevocationList {
    CrlHandle crl;
    std::string file;
    Time next;
    bool forged = false;
    bool superseded = false;  ///< a later one of the same scope is there: what it revokes counts, its age does not
  };
  void add_authority(X509*);
  [[nodiscard]] Trust chain_to_authority(const Certificate&, Time now) const;
  void revoked(X509*, Trust&) const;
  [[nodiscard]] bool forged(const RevocationList&) const;
  [[nodiscard]] bool superseded(const RevocationList&) const;

  std::string unreadable_;
  bool has_authorities_ = false;
  bool lists_known_ = true;
  std::string crl_dir_;
  std::set<std::string> unlisted_;  ///< issuers without a list
  Handle<X509_STORE, X509_STORE_free> store_;
  StackHandle known_;  ///< authorities and intermediates
  std::vector<RevocationList> lists_;
};

}  // namespace zegel::seal
