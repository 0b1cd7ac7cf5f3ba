#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/terms.h"
#include "core/time.h"
#include "mail/mailbox.h"
#include "seal/keys.h"
#include "seal/layers.h"
#include "seal/sealed.h"

namespace zegel::seal {

/// S/MIME 4.0 (RFC 8551): the whole MIME entity, signed first where there is a signer, into one CMS EnvelopedData or,
/// for AES-GCM, AuthEnvelopedData. Thread-safe.
class SmimeSealer {
 public:
  struct Request {
    const std::vector<std::string>& keys;  ///< fingerprints to encrypt to, at least one
    const mail::Mailbox* signer = nullptr;
    Cipher cipher = Cipher::aes256_cbc;
    Layering layering = {};
    Time now;
  };

  /// `keys` must outlive it.
  explicit SmimeSealer(const Keys& keys) : keys_(keys) {}

  /// Error: a key that is not (or no longer) usable, or OpenSSL's reason. Nothing was sealed then.
  [[nodiscard]] Result<Sealed> seal(const mail::Message&, const mail::Structure&, const Request&) const;

 private:
  const Keys& keys_;
};

}  // namespace zegel::seal
