#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seal/sealer.h"

namespace zegel::seal {

struct PgpKey;

/// What an OpenPGP message is to be made of. Everything it points to must outlive the call.
struct PgpJob {
  std::vector<std::string_view> content;  ///< octets in order
  std::vector<const PgpKey*> recipients;  ///< to encrypt to, at least one
  const PgpKey* signer = nullptr;         ///< a key of the ring, or none

  [[nodiscard]] std::size_t size() const;
};

/// Makes OpenPGP messages. Whatever one answers is checked packet by packet before it may leave (pgp_check.h), so an
/// engine can fail but not leak. Thread-safe.
class PgpEngine {
 public:
  virtual ~PgpEngine() = default;
  /// One binary OpenPGP message, not compressed. Failures of the engine itself (gone, too slow, no room) are temporary.
  [[nodiscard]] virtual std::expected<std::string, SealFailure> encrypt(const PgpJob&) = 0;
};

/// The engine over the keyring in `home`, which is made where it lacks. Never throws: an engine that cannot start
/// answers so at each call.
[[nodiscard]] std::shared_ptr<PgpEngine> make_pgp_engine(const std::string& home);

/// How long gpg may take, and which one: other than the defaults in tests.
struct PgpLimits {
  unsigned seconds = 60;  ///< for one message; then gpg and all that it started are killed
  std::string gpg = {};   ///< the program; empty: the system's
};

/// A gpg per message, through GPGME: slow and sturdy. It can sign.
[[nodiscard]] std::shared_ptr<PgpEngine> make_plain_engine(const std::string& home, const PgpLimits& = {});

/// Kept gpg processes, with the plain engine for what they cannot do or do wrong. `limits.gpg` is for the kept ones
/// only.
[[nodiscard]] std::shared_ptr<PgpEngine> make_fast_engine(const std::string& home, const PgpLimits& = {});

}  // namespace zegel::seal
