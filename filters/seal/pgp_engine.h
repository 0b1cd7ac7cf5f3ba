#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seal/sealer.h"

namespace zegel::seal {

/// What OpenPGP is to be made of.
struct PgpJob {
  std::vector<std::string_view> content;  ///< octets in order; must outlive the call
  const std::vector<std::string>& keys;   ///< fingerprints to encrypt to
  std::string signer = {};                ///< fingerprint of the sender's key, or empty
  bool compress = false;                  ///< the content is worth it

  [[nodiscard]] std::size_t size() const;
};

/// Makes OpenPGP messages. Whatever one answers is checked packet by packet before it may leave (pgp_check.h), so an
/// engine can fail but not leak. Thread-safe.
class PgpEngine {
 public:
  virtual ~PgpEngine() = default;
  /// One binary OpenPGP message. Failures of the engine itself (gone, too slow, no room) are temporary.
  [[nodiscard]] virtual std::expected<std::string, SealFailure> encrypt(const PgpJob&) = 0;
};

/// The engine over the keyring in `home`, which is made where it lacks. Never throws: an engine that cannot start
/// answers so at each call.
[[nodiscard]] std::shared_ptr<PgpEngine> make_pgp_engine(const std::string& home);

}  // namespace zegel::seal
