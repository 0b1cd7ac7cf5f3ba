#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"
#include "decide/directory.h"

namespace zegel::seal {

/// Where keys live. Paths are absolute; a folder that is not there counts as empty.
struct KeySources {
  std::string certificates;  ///< smime.certificates
  std::string authorities;   ///< PEM, or empty
  std::string crl_dir;       ///< or empty
  std::string pgp_home;      ///< pgp.home
  /// office.domains: only keys of these may be imported with their secret half. Only import_keys asks.
  std::vector<std::string> office_domains = {};
};

/// One key for `zegel key list`.
struct KeyEntry {
  Method method;  ///< smime or pgp
  std::string fingerprint;
  std::vector<std::string> addresses;
  std::vector<std::string> domains;  ///< that it stands for as a whole
  std::vector<std::string> labels;   ///< addresses that only its subject or name has: it is never used for them
  Time not_before, expires;
  bool secret = false;    ///< a sender's pair: it can sign
  bool usable = false;    ///< for encrypting to, now
  std::string why_not;    ///< the reason when it is not
  std::string algorithm;  ///< "RSA-2048", "P-256", "Curve25519"
  std::string file;       ///< where it came from, for S/MIME

  /// In use now, by whoever writes to its owner or by the owner to sign, and over after `within`.
  [[nodiscard]] bool ends(Time now, seconds within) const;
};

/// Keys that end within this are spoken of in the log, in lists and in figures: time enough to ask for a new one.
inline constexpr seconds soon = std::chrono::days(30);

/// All certificates and keys in memory: one immutable snapshot per (re)load, read by any thread. Look-up by address is
/// a hash look-up.
class Keys : public decide::Directory {
 public:
  /// What could not be loaded goes to `problems` (file and reason); the rest counts. Throws only on accidents.
  [[nodiscard]] static std::shared_ptr<const Keys> load(const KeySources&, Time now,
                                                        std::vector<std::string>& problems);

  ~Keys() override;
  [[nodiscard]] std::vector<decide::Candidate> certificates(const mail::Mailbox&, Time now) const override;
  [[nodiscard]] std::vector<decide::Candidate> domain_certificates(const mail::Mailbox&, Time now) const override;
  [[nodiscard]] std::vector<decide::Candidate> pgp_keys(const mail::Mailbox&, Time now) const override;
  [[nodiscard]] decide::Agreed agreed_password(const mail::Mailbox&, Time now) const override;
  /// The folder, the ring or the authorities that could not be read, as load put it into its problems.
  [[nodiscard]] std::string unreadable(Method) const override;
  [[nodiscard]] bool can_sign(Method, const mail::Mailbox& sender, Time now) const override;
  [[nodiscard]] std::vector<KeyEntry> list(Time now) const;
  /// Of list: those in use that end within `within`, the first to end first.
  [[nodiscard]] std::vector<KeyEntry> ending(Time now, seconds within = soon) const;
  /// What the administrator should know of the keys as a whole, with file and remedy: revocation lists out of date.
  [[nodiscard]] std::vector<std::string> complaints(Time now) const;
  /// Whether one of the certificates `keys` reaches the mailbox only as one of its domain's.
  [[nodiscard]] bool through_domain(const mail::Mailbox&, const std::vector<std::string>& keys) const;

 private:
  friend class SmimeSealer;
  friend class PgpSealer;
  struct Content;
  explicit Keys(std::unique_ptr<Content>);
  std::unique_ptr<Content> content_;
};

/// `zegel key import FILE`: one line of what became of each certificate or key in the file.
struct Imported {
  bool ok = false;
  std::string what;  ///< "S/MIME certificate of jan@klant.nl, RSA-3072, until 2028-05-01" or the reason why not
  std::string fingerprint;
};

/// Told apart by content (PEM, DER, P7B, PKCS#12, PGP armoured or binary). Writes into the sources' folders, durable.
/// `replace`: take the place of a key for the same address. `passphrase` is asked for PKCS#12 only when needed.
[[nodiscard]] std::vector<Imported> import_keys(const KeySources&, std::string_view bytes, bool replace, Time now,
                                                const std::function<Secret()>& passphrase);

/// `zegel key remove FPR`: takes a certificate (with its key) or a PGP key away for good. Answers what it was.
/// Error: there is none of that fingerprint, or it stands in a file together with others.
[[nodiscard]] Result<std::string> remove_key(const KeySources&, std::string_view fingerprint);

}  // namespace zegel::seal
