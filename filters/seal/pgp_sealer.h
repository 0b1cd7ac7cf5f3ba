#pragma once

#include <expected>
#include <string>
#include <vector>

#include "core/time.h"
#include "mail/mailbox.h"
#include "seal/keys.h"
#include "seal/layers.h"
#include "seal/pgp_engine.h"
#include "seal/sealed.h"

namespace zegel::seal {

/// PGP/MIME (RFC 3156 4, signed and encrypted in one, 6.2) over the whole MIME entity. Every output of the engine is
/// checked before it may leave. Thread-safe.
class PgpSealer {
 public:
  struct Request {
    const std::vector<std::string>& keys;  ///< fingerprints to encrypt to, at least one
    const mail::Mailbox* signer = nullptr;
    Layering layering = {};
    Time now;
  };

  /// Both must outlive it.
  PgpSealer(const Keys& keys, PgpEngine& engine) : keys_(keys), engine_(engine) {}

  /// Error: a key that is not (or no longer) usable, an engine that failed, an output that is not what was asked for.
  [[nodiscard]] std::expected<Sealed, SealFailure> seal(const mail::Message&, const mail::Structure&,
                                                        const Request&) const;

 private:
  const Keys& keys_;
  PgpEngine& engine_;
};

}  // namespace zegel::seal
