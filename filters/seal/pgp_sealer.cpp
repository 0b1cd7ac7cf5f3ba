#include "seal/pgp_sealer.h"

namespace zegel::seal {

std::expected<Sealed, SealFailure> PgpSealer::seal(const mail::Message&, const mail::Structure&, const Request&) const {
  static_cast<void>(keys_), static_cast<void>(engine_);
  return std::unexpected(SealFailure{{"PGP is not built in yet"}, true});
}

std::shared_ptr<PgpEngine> make_pgp_engine(const std::string&) { return nullptr; }

}  // namespace zegel::seal
