#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seal/keys.h"

namespace zegel::seal {

/// Whether a file is for import_pgp_keys, by its first octets.
[[nodiscard]] bool looks_like_pgp(std::string_view bytes);

/// The PGP half of import_keys. What is new is looked at in a scratch keyring first; only what can be used goes into
/// ours, without the signatures of others. A key that is there already is brought up to date (a revocation too).
[[nodiscard]] std::vector<Imported> import_pgp_keys(const KeySources&, std::string_view bytes, bool replace, Time now);

/// The PGP half of remove_key: the secret half too.
[[nodiscard]] Result<std::string> remove_pgp_key(const KeySources&, std::string_view fingerprint);

}  // namespace zegel::seal
